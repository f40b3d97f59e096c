"""Staging: whatever Milepost writes is made beside its place first, and put there whole or not at all.

Takes bytes and a place; gives back only what went wrong. Knows nothing of fleets.
"""

from milepost.staging.folders import ASIDE, clean, leftovers, opened, pending, remove, staging
from milepost.staging.locks import locked
from milepost.staging.staged_files import fill, replace_file, replace_files, replace_together, replacing
from milepost.staging.temporary import temporary
from milepost.staging.undo import UNDO

__all__ = [
    "ASIDE",
    "UNDO",
    "clean",
    "fill",
    "leftovers",
    "locked",
    "opened",
    "pending",
    "remove",
    "replace_file",
    "replace_files",
    "replace_together",
    "replacing",
    "staging",
    "temporary",
]
