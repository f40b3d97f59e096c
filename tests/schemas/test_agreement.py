"""Schema and models give one verdict on a document: what an editor marks is what ``validate`` would say, and no more."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from pydantic import ValidationError

from milepost import spec_schema
from milepost.model import spec

FLEET = Path(__file__).parents[2] / "fleet-spec"
WRONG = {
    "null": None,
    "a number": 7,
    "a negative number": -1,
    "a broken number": 1.5,
    "a truth": True,
    "words": "x y",
    "no text": "",
    "an empty list": [],
    "an empty map": {},
}
"""What stands in a value's place, one after the other; some of it is right in some places."""

Place = tuple[str | int, ...]


def _documents(kind: str) -> list[dict[str, Any]]:
    if kind == "Edition":
        return [_edition(application) for application in _documents("Application")]
    files = sorted(FLEET.rglob("*.yaml"))
    documents = [d for file in files for d in yaml.load_all(file.read_bytes(), yaml.CSafeLoader)]
    return [d for d in documents if isinstance(d, dict) and d.get("kind") == kind]


def _edition(application: dict[str, Any]) -> dict[str, Any]:
    """What a release freezes: no release of the example freezes any at this moment."""
    name, definition = application["metadata"]["name"], application["spec"]
    body = {"application": name, "version": definition["version"], "seal": "sha256:" + "0" * 64}
    body["definition"] = definition
    return {**application, "kind": "Edition", "spec": body}


def _places(value: Any, at: Place = ()) -> Iterator[Place]:
    if at:
        yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _places(inner, (*at, key))


def _changes(document: dict[str, Any], seen: set[Place]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The document with one value changed; of items of a list, those with keys that none before had."""
    for place in _places(document):
        alike = tuple("*" if isinstance(step, int) else step for step in place)
        if place[0] == "kind" or alike in seen:
            continue
        seen.add(alike)
        for name, change in _changed(document, place):
            yield f"{place}: {name}", change


def _changed(document: dict[str, Any], place: Place) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, wrong in WRONG.items():
        changed, parent = _copy(document, place)
        parent[place[-1]] = wrong
        yield name, changed
    changed, parent = _copy(document, place)
    if isinstance(parent[place[-1]], dict):
        parent[place[-1]]["no such key"] = 1
        yield "an unknown key", changed
    changed, parent = _copy(document, place)
    del parent[place[-1]]
    yield "nothing", changed


def _copy(document: dict[str, Any], place: Place) -> tuple[dict[str, Any], Any]:
    copied = copy.deepcopy(document)
    parent: Any = copied
    for step in place[:-1]:
        parent = parent[step]
    return copied, parent


RELATIONS = (
    "least is more than most",
    "address goes with standby or active",
    "addresses go with mutual",
    "standby needs an address",
    "is about an address, and this rule has none",
)
"""What one field asks of another: the schema of an editor leaves that to `milepost validate`."""


def _accepts(model: type[spec.KindModel], document: dict[str, Any]) -> bool:
    try:
        model.model_validate(document)
    except ValidationError as error:
        return all(any(words in found["msg"] for words in RELATIONS) for found in error.errors())
    return True


@pytest.mark.parametrize("kind", spec.KINDS)
def test_both_refuse_the_same(kind: str) -> None:
    """Each value of the example, replaced by others or taken away, is right for both or wrong for both."""
    validator = jsonschema_rs.Draft202012Validator(spec_schema.schema(kind.lower()))
    seen: set[Place] = set()
    changes = [change for document in _documents(kind) for change in _changes(document, seen)]
    assert len(changes) > 50
    differ = [what for what, d in changes if validator.is_valid(d) != _accepts(spec.KINDS[kind], d)]
    assert differ == []
