"""Emit: manifest templates in, a tree on disk out. Objects are checked, become bytes, and reach the disk whole or not
at all.
"""

from milepost.emit.file_states import settle, standing_signature
from milepost.emit.output_checks import check_output
from milepost.emit.removal import dropped_units, provinces_on_disk
from milepost.emit.tree_writer import (
    ForeignFileError,
    StagedTree,
    WriteCounts,
    difference,
    owned,
    prepare,
    write,
)
from milepost.emit.yaml.serialize import dump, render

__all__ = [
    "ForeignFileError",
    "StagedTree",
    "WriteCounts",
    "check_output",
    "difference",
    "dropped_units",
    "dump",
    "owned",
    "prepare",
    "provinces_on_disk",
    "render",
    "settle",
    "standing_signature",
    "write",
]
