"""Cells of a CSV row -> a mapping, quickly: this runs once for each of 100,000 nodes."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

SPLIT = ("roles", "owners")
"""Columns that hold several words."""
FOLDED = {"label": "labels", "value": "values"}
"""``label:KEY`` -> ``labels``."""
Row = dict[str, Any]
_Column = tuple[int, str]
_Picker = Callable[[list[str]], tuple[str, ...]]
_Fold = tuple[str, list[str], _Picker, dict[tuple[str, ...], dict[str, str]]]
"""``labels`` or ``values``: its name, its keys, where their cells are, and the mappings made so far."""


def row_builder(header: tuple[str, ...]) -> Callable[[list[str]], Row]:
    """A function from cells to a row, with the header's decisions made once.

    Few different texts stand in columns of roles and labels, so their lists and mappings are made once and shared.
    ``zip`` goes without ``strict``: widths were checked, and the argument costs a tenth of the time.
    """
    plain, split, folded = _sort_columns(header)
    names, pick = [name for _, name in plain], _picker([index for index, _ in plain])
    folds: list[_Fold] = [
        (name, [k for _, k in keys], _picker([i for i, _ in keys]), {}) for name, keys in folded.items()
    ]
    words: dict[str, list[str]] = {}

    def build(cells: list[str]) -> Row:
        row: Row = {name: cell for name, cell in zip(names, pick(cells)) if cell}  # noqa: B905
        for index, name in split:
            if text := cells[index]:
                row[name] = words.get(text) or words.setdefault(text, text.split())
        for name, keys, pick_entries, known in folds:
            entries = pick_entries(cells)
            if (found := known.get(entries)) is None:
                found = known[entries] = {k: cell for k, cell in zip(keys, entries) if cell}  # noqa: B905
            if found:
                row[name] = found
        return row

    return build


def _sort_columns(header: tuple[str, ...]) -> tuple[list[_Column], list[_Column], dict[str, list[_Column]]]:
    """Plain columns, columns of words, and folded columns with their keys; each with its index."""
    plain: list[_Column] = []
    split: list[_Column] = []
    folded: dict[str, list[_Column]] = {}
    for index, name in enumerate(header):
        prefix, colon, key = name.partition(":")
        if colon and prefix in FOLDED:
            folded.setdefault(FOLDED[prefix], []).append((index, key))
        else:
            (split if name in SPLIT else plain).append((index, name))
    return plain, split, folded


def _picker(indexes: list[int]) -> _Picker:
    """``itemgetter``, which gives no tuple for a single index and takes no empty list."""
    if len(indexes) > 1:
        return itemgetter(*indexes)
    return lambda cells: tuple(cells[index] for index in indexes)
