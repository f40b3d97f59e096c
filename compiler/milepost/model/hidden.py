"""Hidden names: files and folders of a fleet spec that are ignored because they start with a dot.

Load looks into hidden folders all the same, to say where documents have no effect, and the cache counts what load looks
at. Nobody looks into what version control keeps, or into names with two dots, behind which a mounted ConfigMap keeps the
files that its links lead to.
"""

from __future__ import annotations

_CLOSED = frozenset({".git", ".hg", ".jj", ".svn"})


def is_hidden(name: str) -> bool:
    """Whether files and folders of this name are no part of a fleet spec."""
    return name.startswith(".")


def is_looked_into(name: str) -> bool:
    """Whether a hidden file or folder of this name might hold documents that somebody misses."""
    # A mounted ConfigMap is links into `..data`; looked into, each document would be reported
    # as hidden once more.
    return name not in _CLOSED and not name.startswith("..")
