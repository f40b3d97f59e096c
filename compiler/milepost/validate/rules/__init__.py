"""Spec rules: checks of what is written, one a file. A new rule is a new file here.

It offers ``check(spec, sink)`` for what all provinces share, ``check_rows(stations, nodes, spec, sink)`` for the tables
of one province, or both.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from typing import Any

from milepost.diagnostics import Sink
from milepost.model.parsed import NodeTable, ParsedSpec, StationTable


def check(spec: ParsedSpec, sink: Sink) -> None:
    """Run every rule about shared documents, in order of file name."""
    for function in _functions("check"):
        function(spec, sink)


def check_rows(
    stations: Sequence[StationTable], nodes: Sequence[NodeTable], spec: ParsedSpec, sink: Sink
) -> None:
    """Run every rule about tables, in order of file name."""
    for function in _functions("check_rows"):
        function(stations, nodes, spec, sink)


def _functions(name: str) -> Iterator[Any]:
    # Found by walking the folder, so that a new rule is a new file; sorted, so that messages
    # come in one order everywhere.
    for module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
        function = getattr(importlib.import_module(f"{__name__}.{module}"), name, None)
        if function is not None:
            yield function
