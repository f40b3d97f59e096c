"""File output of the generator: everything is in memory first, so that a fault leaves no half of a fleet behind."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from milepost.generate.section_inventory import Row
from milepost.staging import fill

DOCUMENTS = Path(__file__).parent / "documents"
"""What every generated fleet has alike: applications, templates, profiles, policy."""


def standing_files() -> dict[str, str]:
    """Path in the fleet spec to text."""
    files = (path for path in sorted(DOCUMENTS.rglob("*")) if path.is_file())
    return {path.relative_to(DOCUMENTS).as_posix(): path.read_text(encoding="utf-8") for path in files}


def csv_text(columns: Row, rows: Sequence[Row]) -> str:
    """A table with its header; lines end in LF."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def yaml_text(columns: Row, rows: Sequence[Row]) -> str:
    """The same rows as a YAML list, labels and values as mappings; every text quoted, so that none is a number."""
    return "".join(_item(dict(zip(columns, row, strict=True))) for row in rows)


def _item(row: dict[str, str]) -> str:
    lines: list[str] = []
    maps: dict[str, list[str]] = {"label": [], "value": []}
    for column, cell in row.items():
        prefix, colon, key = column.partition(":")
        if colon and cell:
            maps[prefix].append(f'{key}: "{cell}"')
        elif cell and column in ("roles", "owners", "subnets", "gateways", "addresses"):
            lines.append(f"{column}: [{', '.join(cell.split())}]")
        elif cell:
            lines.append(f'{column}: "{cell}"')
    lines += [f"{prefix}s: {{{', '.join(pairs)}}}" for prefix, pairs in maps.items() if pairs]
    return "- " + "\n  ".join(lines) + "\n"


def write(target: Path, files: Mapping[str, str]) -> None:
    """Makes the folder and fills it. Raises FileExistsError where it holds anything: old rows would mix with new."""
    fill(target, {path: text.encode("utf-8") for path, text in files.items()})
