"""JSON Schemas of the fleet spec (draft 2020-12), made from the models: for editors, and for tools that write a spec.

One schema per kind, one for documents of any kind, and one each for inventory written as YAML. Refuses to say more
than the models do: names that point at each other are checked by ``validate``, not by a schema.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from milepost.model import spec

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ANY = "document"
"""Name of the schema for a document of any kind: what a file with several documents names."""

_TABLES: dict[str, type[BaseModel]] = {
    "stations": spec.StationRow,
    "nodes": spec.NodeRow,
    "addresses": spec.VirtualAddressRow,
    "devices": spec.DeviceRow,
}
_MODELS: dict[str, type[BaseModel]] = {
    **{name.lower(): model for name, model in spec.KINDS.items()},
    "imagelock": spec.ImageLock,
}


def names() -> tuple[str, ...]:
    """Every schema's name, sorted; the file is ``NAME.json``."""
    return tuple(sorted({ANY, *_MODELS, *_TABLES}))


def schema(name: str) -> dict[str, Any]:
    """One schema by name. Raises KeyError."""
    if name == ANY:
        return _any_kind()
    if name in _TABLES:
        rows = {"type": "array", "items": _TABLES[name].model_json_schema(by_alias=True)}
        return _root(rows, f"Inventory of {name}, as YAML")
    return _root(_published(_MODELS[name]), spec.published_name(_MODELS[name].__name__))


def text(name: str) -> str:
    """One schema as the text of its file; the same models give the same bytes. Raises KeyError."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


def _published(model: type[BaseModel]) -> dict[str, Any]:
    """Pydantic's schema, its definitions under their published names."""
    body = model.model_json_schema(by_alias=True)
    text = json.dumps(body)
    for name in body.get("$defs", {}):
        text = text.replace(f'"#/$defs/{name}"', f'"#/$defs/{spec.published_name(name)}"')
    found: dict[str, Any] = json.loads(text)
    if "$defs" in found:
        found["$defs"] = {spec.published_name(name): part for name, part in found["$defs"].items()}
    return found


def _any_kind() -> dict[str, Any]:
    """Chosen by ``kind``, so that a message is about the kind that was meant and not about all of them."""
    definitions: dict[str, Any] = {}
    for name, model in spec.KINDS.items():
        body = _published(model)
        definitions |= body.pop("$defs")
        definitions[name] = body
    choice = [
        {
            "if": {"properties": {"kind": {"const": name}}, "required": ["kind"]},
            "then": {"$ref": f"#/$defs/{name}"},
        }
        for name in spec.KINDS
    ]
    body = {
        "description": "A document of a fleet spec, of any kind.",
        "type": "object",
        "required": ["apiVersion", "kind", "metadata", "spec"],
        "properties": {"apiVersion": {"const": spec.API_VERSION}, "kind": {"enum": list(spec.KINDS)}},
        "allOf": choice,
        "$defs": dict(sorted(definitions.items())),
    }
    return _root(body, "Document")


def _root(body: dict[str, Any], title: str) -> dict[str, Any]:
    """Definitions last, as one reads; the dialect and the title first."""
    tidy = _tidy(body)
    definitions = tidy.pop("$defs", {})
    return {"$schema": DIALECT, "title": title, **tidy, **({"$defs": definitions} if definitions else {})}


def _tidy(node: Any) -> Any:
    """Pydantic's schema as a person would write it."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    result = {
        key: {name: _tidy(value) for name, value in part.items()} if key in _NAMED else _tidy(part)
        for key, part in node.items()
        if key != "title" and not (key == "default" and part is None)
    }
    if "patternProperties" in result:
        # To pydantic a key of another form is an error; to JSON Schema it would be any other key.
        result.setdefault("additionalProperties", False)
    return _ordered(_optional(result))


_NAMED = frozenset({"properties", "patternProperties", "$defs"})
"""Keywords whose keys are names of the user's: one of them may be called ``title`` or ``default``."""


def _optional(node: dict[str, Any]) -> dict[str, Any]:
    """``anyOf: [X, null]`` as ``type: [X, "null"]``, where X has a plain type: one message instead of two."""
    either = node.get("anyOf", [])
    if len(either) != 2 or either[1] != {"type": "null"} or "type" not in either[0]:
        return node
    plain = either[0]["type"]
    body = {**either[0], "type": [*(plain if isinstance(plain, list) else [plain]), "null"]}
    if "enum" in body:
        body["enum"] = [*body["enum"], None]
    return {**body, **{key: value for key, value in node.items() if key != "anyOf"}}


_ORDER = (
    "title",
    "description",
    "type",
    "const",
    "enum",
    "default",
    "pattern",
    "required",
    "properties",
    "items",
)


def _ordered(node: dict[str, Any]) -> dict[str, Any]:
    """What a keyword means first, its details after; the rest in order of name."""
    rank = {keyword: place for place, keyword in enumerate(_ORDER)}
    return dict(sorted(node.items(), key=lambda item: (rank.get(item[0], len(rank)), item[0])))
