"""Reads a fleet spec folder plainly, by the models alone: a second opinion beside the compiler's own loader."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from milepost.load.csv.csv_rows import SPLIT
from milepost.model.spec import KINDS, ImageLock, KindModel, NodeRow, StationRow

LOCK = "images.lock.yaml"


@dataclass
class Reading:
    """Every document by kind and name, and every row by province."""

    root: Path
    kinds: dict[str, dict[str, Any]] = field(default_factory=dict)
    stations: dict[str, list[StationRow]] = field(default_factory=dict)
    nodes: dict[str, list[NodeRow]] = field(default_factory=dict)
    lock: ImageLock | None = None

    def of(self, kind: str) -> dict[str, Any]:
        return self.kinds.get(kind, {})


def read(root: Path) -> Reading:
    """Raises pydantic's ValidationError for whatever the models refuse, ValueError for a name said twice."""
    reading = Reading(root)
    for document in documents(root):
        names = reading.kinds.setdefault(document.kind, {})
        if document.metadata.name in names:
            raise ValueError(f"two documents {document.kind}/{document.metadata.name}")
        names[document.metadata.name] = document
    for name, province in reading.of("Province").items():
        reading.stations[name] = [
            StationRow.model_validate(row, strict=True)
            for path in province.spec.stations
            for row in rows(root / path)
        ]
        reading.nodes[name] = [
            NodeRow.model_validate(row, strict=True)
            for path in province.spec.nodes
            for row in rows(root / path)
        ]
    reading.lock = ImageLock.model_validate(
        yaml.load((root / LOCK).read_text(), yaml.CSafeLoader), strict=True
    )
    return reading


def documents(root: Path) -> Iterator[KindModel]:
    for path in sorted(root.rglob("*.yaml")):
        for value in yaml.load_all(path.read_text(encoding="utf-8"), yaml.CSafeLoader):
            if isinstance(value, dict) and value.get("kind") in KINDS:
                yield KINDS[value["kind"]].model_validate(value, strict=True)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Rows of an inventory file, in the shape that the row models take."""
    if path.suffix == ".yaml":
        yield from yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        return
    with path.open(encoding="utf-8", newline="") as text:
        for record in csv.DictReader(text):
            yield nested({column: cell for column, cell in record.items() if cell})


def nested(record: dict[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column, cell in record.items():
        prefix, colon, key = column.partition(":")
        if colon:
            row.setdefault(prefix + "s", {})[key] = cell
        else:
            row[column] = cell.split() if column in SPLIT else cell
    return row
