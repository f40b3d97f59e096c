"""Changes of one field of a fleet spec at a time, for every field that the models have.

``field_changes.yaml`` says for each field, by its model and key, how the example fleet is changed: edits of a document
(``Kind/name``, then the path in it) or of a table's row (``file.csv``, the row's name, the column). A value of null takes
the field away; an edit that is ``given`` is made before, so that what follows is not its doing.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from milepost.model import spec

ENVELOPE = frozenset({"apiVersion", "kind", "metadata", "spec"})
TABLE = Path(__file__).with_name("field_changes.yaml")
Edit = tuple[list[Any], Any]


def fields() -> dict[str, FieldInfo]:
    """Every field that people can write, as ``Model.key``; what a document's envelope is made of left out."""
    found: dict[str, FieldInfo] = {}
    for model in (*spec.KINDS.values(), *spec.ROWS, spec.ImageLock):
        _collect(model, found)
    return found


def _collect(model: type[BaseModel], found: dict[str, FieldInfo]) -> None:
    for name, info in model.model_fields.items():
        key = info.alias or name
        if f"{model.__name__}.{key}" not in found:
            if key not in ENVELOPE:
                found[f"{model.__name__}.{key}"] = info
            for inner in _models(info.annotation):
                _collect(inner, found)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (list, dict, Union, types.UnionType, Annotated):
        for part in get_args(annotation):
            yield from _models(part)


@dataclass(frozen=True)
class Change:
    """Edits of the example: those that are made on both sides, and those that change the field."""

    given: list[Edit]
    edits: list[Edit]


def changes() -> dict[str, Change]:
    """By field."""
    return {
        field: _change(edits) for field, edits in yaml.safe_load(TABLE.read_text(encoding="utf-8")).items()
    }


def _change(edits: list[dict[str, Any]]) -> Change:
    given, own = (
        [(e["at"], e.get("value")) for e in edits if bool(e.get("given")) == wanted]
        for wanted in (True, False)
    )
    return Change(given, own)


@dataclass(frozen=True)
class Fleet:
    """Documents and tables as data, other files as text, by path."""

    documents: dict[str, list[dict[str, Any]]]
    tables: dict[str, list[dict[str, str]]]
    texts: dict[str, str]

    def files(self) -> Iterator[tuple[str, str]]:
        yield from self.texts.items()
        for path, documents in self.documents.items():
            yield path, "---\n".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents)
        for path, rows in self.tables.items():
            out = io.StringIO()
            columns = list(dict.fromkeys(key for row in rows for key in row))
            writer = csv.DictWriter(out, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            yield path, out.getvalue()


def read(root: Path) -> Fleet:
    """The fleet spec in a folder. Files of YAML that hold no documents of a kind stay texts."""
    fleet = Fleet({}, {}, {})
    for path in sorted(p for p in root.rglob("*") if p.is_file() and p.suffix != ".md"):
        name, text = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
        if path.suffix == ".csv":
            fleet.tables[name] = list(csv.DictReader(io.StringIO(text)))
        elif path.suffix == ".yaml" and "apiVersion: milepost.dev" in text:
            fleet.documents[name] = list(yaml.safe_load_all(text))
        else:
            fleet.texts[name] = text
    return fleet


def edited(fleet: Fleet, edits: list[Edit]) -> Fleet:
    """The fleet after ``edits``. Raises KeyError for a place that is not there."""
    changed = Fleet(copy.deepcopy(fleet.documents), copy.deepcopy(fleet.tables), fleet.texts)
    for (where, *path), value in edits:
        holder: Any = (
            _row(changed, where, path.pop(0)) if where in changed.tables else _document(changed, where)
        )
        for step in path[:-1]:
            holder = holder[step]
        if value is None:
            holder.pop(path[-1], None)
        else:
            holder[path[-1]] = value
    return changed


def _document(fleet: Fleet, name: str) -> dict[str, Any]:
    for documents in fleet.documents.values():
        for document in documents:
            if name == f"{document['kind']}/{document.get('metadata', {}).get('name', '')}":
                return document
    raise KeyError(name)


def _row(fleet: Fleet, table: str, name: str) -> dict[str, str]:
    for row in fleet.tables[table]:
        if row["name"] == name:
            return row
    raise KeyError(f"{table}: {name}")
