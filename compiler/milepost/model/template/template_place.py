"""Places in templates: the source line of a template's line, where it stands in a file."""

from __future__ import annotations

from typing import Any

from milepost.diagnostics import Related, Span
from milepost.model.origin import DocumentOrigin


def told(at: DocumentOrigin, template: str, line: int | None) -> tuple[Span, tuple[Related, ...], str]:
    """Where to show a fault of ``template``, what else to show, and what to say behind the message.

    ``at`` is where a document holds the template or names its file.
    """
    if at.path[-1:] == ("template",) and line is not None:
        return _line(_file(at), template, line), (Related("the template of this file", at.span),), ""
    return at.span, (), f" (line {line} of the template)" if line and "\n" in template.rstrip("\n") else ""


def _file(at: DocumentOrigin) -> str:
    value: Any = at.document.value
    for step in at.path:
        value = value[step]
    return str(value)


def _line(path: str, template: str, line: int) -> Span:
    lines = template.splitlines()
    text = lines[line - 1].rstrip() if line <= len(lines) else ""
    start = len(text) - len(text.lstrip()) + 1
    return Span(path, line, start, line, max(start, len(text)) + 1)
