"""Sheets in, a tree on disk out: objects are checked, become bytes, and reach the disk whole or not at all."""

from milepost.emit.serialize import dump, render
from milepost.emit.write import ForeignFileError, Written, difference, owned, remove, write

__all__ = ["ForeignFileError", "Written", "difference", "dump", "owned", "remove", "render", "write"]
