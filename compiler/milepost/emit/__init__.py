"""Sheets in, a tree on disk out: objects are checked, become bytes, and reach the disk whole or not at all."""

from milepost.emit.conform import conform
from milepost.emit.removal import dropped_units, standing_provinces
from milepost.emit.serialize import dump, render
from milepost.emit.write import ForeignFileError, Prepared, Written, difference, owned, prepare, remove, write

__all__ = [
    "ForeignFileError",
    "Prepared",
    "Written",
    "conform",
    "difference",
    "dropped_units",
    "dump",
    "owned",
    "prepare",
    "remove",
    "render",
    "standing_provinces",
    "write",
]
