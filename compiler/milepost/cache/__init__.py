"""The compile cache: provinces whose every input is unchanged, and whose tree is untouched, are not compiled again.

A cache never decides what the bytes are: it only says that they are there already. Anything doubtful is a miss.
"""

from milepost.cache.store import Cache, Done, RunRecord

__all__ = ["Cache", "Done", "RunRecord"]
