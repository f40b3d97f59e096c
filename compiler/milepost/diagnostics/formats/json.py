"""JSON diagnostics for programs: one object. ``version`` counts up when a field changes its meaning or goes.

::

    {"version": 1,
     "diagnostics": [{"code", "title", "severity": "error" | "warning", "message", "hint": text | null,
                      "place": PLACE | null, "related": [{"message", "place": PLACE}]}],
     "summary": {"errors": number, "warnings": number}}

    PLACE: {"path", "line", "column", "endLine", "endColumn"}, counted in characters from 1, the end exclusive
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from milepost.diagnostics import Diagnostic, Severity, Span
from milepost.diagnostics.formats import Sources

NAME = "json"
VERSION = 1


def render(diagnostics: Sequence[Diagnostic], sources: Sources, *, color: bool = False) -> str:
    """ASCII only, so that no terminal's or pipe's encoding can break it. ``sources`` and ``color`` do not matter."""
    errors = sum(d.severity is Severity.ERROR for d in diagnostics)
    whole = {
        "version": VERSION,
        "diagnostics": [_entry(d) for d in diagnostics],
        "summary": {"errors": errors, "warnings": len(diagnostics) - errors},
    }
    return json.dumps(whole, indent=2) + "\n"


def _entry(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code.id,
        "title": diagnostic.code.title,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "place": _place(diagnostic.span) if diagnostic.span else None,
        "related": [{"message": r.message, "place": _place(r.span)} for r in diagnostic.related],
    }


def _place(span: Span) -> dict[str, Any]:
    return {
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
