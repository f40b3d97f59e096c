"""Sheets to bytes: always the same bytes for the same objects, and the same objects for every YAML reader.

Takes sheets, gives files. Refuses to know what an object means (``conform``) and where files go (``write``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from milepost.emit.layout import Layout
from milepost.emit.template import Template
from milepost.model.manifest import Sheet, TextSheet


def render(sheet: Sheet | TextSheet) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Path of every file that a sheet is written to, and what makes its bytes.

    That raises KeyError for a hole without a value, and DuplicateKeyError for keys that fall together when filled.
    """
    if isinstance(sheet, TextSheet):
        yield sheet.path, sheet.text.encode
        return
    template = cut(sheet)
    for stamp in sheet.stamps:
        yield stamp.path, partial(template.stamp, stamp.values)


def cut(sheet: Sheet) -> Template:
    """A sheet cut at its holes, once for all of its stamps."""
    return Template((manifest.body for manifest in sheet.manifests), _many_lines(sheet))


def dump(body: Any) -> str:
    """One object, already filled, as a YAML document without a separator."""
    layout: Layout[str] = Layout()
    layout.node(body, 0)
    layout.pieces.append("\n")
    return "".join(layout.pieces)


def _many_lines(sheet: Sheet) -> frozenset[str]:
    """The holes that some stamp fills with more than one line."""
    return frozenset(name for name, column in sheet.columns.items() if "\n" in "".join(column))
