"""JSON Schemas of one fleet, with the values that it declares, for editors.

An editor then completes the names of values at the level where a document or a row stands, and marks what does not fit.
Refuses to require anything: a value that is left out here may be set at another level.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from milepost import spec_schema
from milepost.model.parsed import ParsedSpec
from milepost.model.values_schema import LEVELS

Json = dict[str, Any]


def text(name: str, spec: ParsedSpec) -> str:
    """As ``milepost.spec_schema.text``, with the values of the fleet. Raises KeyError."""
    found = spec_schema.schema(name)
    definitions: Json = {}
    for holder, levels in _holders(found, spec):
        holder["values"] = _values(holder["values"], spec, levels, definitions)
    if definitions:
        found["$defs"] = {**found.get("$defs", {}), **definitions}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _holders(found: Json, spec: ParsedSpec) -> Iterator[tuple[Json, Collection[str]]]:
    """The properties among which values stand, and the levels that those may be of."""
    fleet = spec.fleet.model.spec
    of_documents = {"FleetSpec": 0, "ProvinceSpec": 1, "StationGroupSpec": 2}
    for name, number in of_documents.items():
        if name in found.get("$defs", {}):
            yield found["$defs"][name]["properties"], (fleet.levels[number],)
    if found["title"] == spec_schema.schema("stations")["title"]:
        yield found["items"]["properties"], {kind.level for kind in fleet.station_types.values()}
    if found["title"] == spec_schema.schema("nodes")["title"]:
        yield found["items"]["properties"], (fleet.levels[5],)


def _values(plain: Json, spec: ParsedSpec, levels: Collection[str], definitions: Json) -> Json:
    """The schema of ``values`` at ``levels``; what it refers to is added to ``definitions``."""
    declared = list(_declared(spec))
    closed = any(body.get("additionalProperties") is False for owner, body in declared if owner == "fleet")
    properties: dict[str, list[Any]] = {}
    for owner, body in declared:
        for key, part in body.get("properties", {}).items():
            properties.setdefault(key, []).append(_at(part, levels, owner))
        for name, part in body.get("$defs", {}).items():
            definitions[f"values.{owner}.{name}"] = _renamed(part, owner)
    known = {key: parts[0] if len(parts) == 1 else {"allOf": parts} for key, parts in properties.items()}
    if not closed:
        return {**plain, "properties": known} if known else plain
    of_fleet = next(body for owner, body in declared if owner == "fleet").get("properties", {})
    named = {key: part for key, part in known.items() if key in of_fleet and part is not False}
    return {
        "description": plain.get("description", ""),
        "type": "object",
        "properties": named,
        "additionalProperties": False,
    }


def _declared(spec: ParsedSpec) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if (body := spec.fleet.model.spec.values_schema) is not None:
        yield "fleet", body
    for name, written in spec.applications.items():
        if (body := written.model.spec.values_schema) is not None:
            yield name, body


def _at(part: Any, levels: Collection[str], owner: str) -> Any:
    """A property as it is at ``levels``; false where it may not be set at any of them."""
    if isinstance(part, Mapping) and LEVELS in part:
        if not set(part[LEVELS]) & set(levels):
            return False
        part = {keyword: value for keyword, value in part.items() if keyword != LEVELS}
    return _renamed(part, owner)


def _renamed(node: Any, owner: str) -> Any:
    """With references to the definitions of ``owner``, which stand beside those of others."""
    if isinstance(node, list):
        return [_renamed(item, owner) for item in node]
    if not isinstance(node, Mapping):
        return node
    return {
        key: f"#/$defs/values.{owner}.{value.removeprefix('#/$defs/')}"
        if key == "$ref" and isinstance(value, str)
        else _renamed(value, owner)
        for key, value in node.items()
    }
