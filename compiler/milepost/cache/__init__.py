"""What need not be compiled again: provinces whose every input is as it was, and whose tree stands as it was written.

A cache never decides what the bytes are: it only says that they are there already. Anything doubtful is a miss.
"""

from milepost.cache.store import Cache, Done, RunRecord

__all__ = ["Cache", "Done", "RunRecord"]
