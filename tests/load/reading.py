"""Short ways to load a text or a folder in a test, and to read back what a span covers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from milepost.diagnostics import Diagnostic, Sink, Span
from milepost.load.csv.column_names import ColumnNames
from milepost.load.spec_reader import parse_documents
from milepost.load.tables import read_table
from milepost.load.yaml.scalar_types import Meaning, spec_meaning
from milepost.model.document import InventoryTable, SpecDocument

HEAD = "apiVersion: milepost.dev/v1alpha1\n"


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """A folder with these files."""
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def documents(
    text: str | bytes, meaning: Meaning = spec_meaning
) -> tuple[tuple[SpecDocument, ...], list[Diagnostic]]:
    """The documents of a text and what was reported."""
    sink = Sink()
    data = text if isinstance(text, bytes) else text.encode()
    return parse_documents(data, "spec.yaml", sink, meaning), list(sink)


def value(text: str, meaning: Meaning = spec_meaning) -> Any:
    """What a document under ``v:`` means, when nothing is wrong with it."""
    found, faults = documents(f"v: {text}\n", meaning)
    assert not faults, faults
    return found[0].value["v"]


def table(root: Path, name: str, text: str | bytes) -> tuple[InventoryTable | None, list[Diagnostic]]:
    """The table of an inventory file, which is written so that places can be asked for."""
    sink = Sink()
    data = text if isinstance(text, bytes) else text.encode()
    write(root, {name: data})
    return read_table(root, name, data, lambda: Span("province.yaml"), ColumnNames(None, ""), sink), list(
        sink
    )


def ids(faults: list[Diagnostic]) -> list[str]:
    return [fault.code.id for fault in faults]


def covered(span: Span, text: str) -> str:
    """The characters that a span covers."""
    lines = text.replace("\r\n", "\n").split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def assert_inside(span: Span | None, text: str) -> None:
    """A span begins on a line of the file and ends behind its beginning, at most one character behind a line's end."""
    assert span is not None
    lines = text.replace("\r\n", "\n").split("\n")
    assert 1 <= span.line <= span.end_line <= len(lines), span
    assert (span.line, span.column) < (span.end_line, span.end_column), span
    assert 1 <= span.column <= len(lines[span.line - 1]) + 1, span
    assert 1 <= span.end_column <= max(len(lines[span.end_line - 1]), 1) + 1, span
