"""Faults of a values schema: a keyword that does not exist, a reference that leads out of it, a type that is none.

JSON Schema ignores what it does not know; here that is refused, since a limit with a slip of the pen limits nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from milepost.diagnostics import did_you_mean
from milepost.model.values_schema import LEVELS, against_draft, compiled

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Path = tuple[str | int, ...]
_SUBSCHEMAS = frozenset({"additionalProperties", "not", "if", "then", "else"})
_LISTS = frozenset({"allOf", "anyOf", "oneOf"})
_MAPPINGS = frozenset({"$defs", "properties", "dependentSchemas"})
_PLAIN = frozenset(
    {
        "$schema", "$ref", "$comment", "title", "description", "default", "examples", "deprecated",
        "type", "enum", "const", "format", "pattern", "minLength", "maxLength",
        "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf",
        "required", "dependentRequired", "minProperties", "maxProperties", LEVELS,
    }
)  # fmt: skip
KEYWORDS = _SUBSCHEMAS | _LISTS | _MAPPINGS | _PLAIN
"""Those that can say anything of a mapping of names to text, numbers, true and false."""
TYPES = ("string", "integer", "number", "boolean")
"""Those that a value may have."""
FORMATS = (
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "regex",
    "time",
    "uri",
    "uuid",
)


class SchemaFault(NamedTuple):
    """What is wrong, and where in the schema; ``at_key`` where the keyword itself is."""

    path: Path
    what: str
    hint: str | None = None
    at_key: bool = False


def faults(body: Mapping[str, Any], levels: Collection[str]) -> list[SchemaFault]:
    """Everything that is wrong with a values schema; ``levels`` are the fleet's."""
    # Ours first: its messages have a hint, and the draft's own validator would report the same
    # slip in its words.
    found = [*_shape(body), *_walk(body, (), body, levels)] or [*_meaning(body)]
    return found or [*_unreachable(body, levels)]


def _shape(body: Mapping[str, Any]) -> Iterator[SchemaFault]:
    if body.get("type", "object") != "object":
        yield SchemaFault(("type",), "values are a mapping, so the type of a values schema is object")
    if body.get("$schema", DIALECT) != DIALECT:
        yield SchemaFault(("$schema",), f"a values schema is written in draft 2020-12, {DIALECT}")


def _walk(node: Any, path: Path, root: Mapping[str, Any], levels: Collection[str]) -> Iterator[SchemaFault]:
    """The faults of one schema and of those in it."""
    if not isinstance(node, Mapping):
        if not isinstance(node, bool):
            yield SchemaFault(path, "a schema is a mapping, or true or false")
        return
    for keyword, value in node.items():
        here = (*path, keyword)
        if not isinstance(keyword, str) or (keyword not in KEYWORDS and not keyword.startswith("x-")):
            hint = did_you_mean(str(keyword), KEYWORDS)
            yield SchemaFault(here, f'unknown keyword "{keyword}"', hint, at_key=True)
        elif keyword in _SUBSCHEMAS:
            yield from _walk(value, here, root, levels)
        elif keyword in _LISTS and isinstance(value, list):
            for index, part in enumerate(value):
                yield from _walk(part, (*here, index), root, levels)
        elif keyword in _MAPPINGS and isinstance(value, Mapping):
            for name, part in value.items():
                if isinstance(name, str):
                    yield from _walk(part, (*here, name), root, levels)
                else:
                    yield SchemaFault((*here, name), f"{name} is no name: write it in quotes", at_key=True)
        else:
            yield from _keyword(keyword, value, here, root, levels)


def _keyword(
    keyword: str, value: Any, here: Path, root: Mapping[str, Any], levels: Collection[str]
) -> Iterator[SchemaFault]:
    if keyword == "$ref":
        yield from _reference(value, here, root)
    elif keyword == "type" and len(here) > 1:
        for name in value if isinstance(value, list) else [value]:
            if name not in TYPES:
                what = f'"{name}" is no type that a value can have'
                yield SchemaFault(here, what, did_you_mean(str(name), TYPES))
    elif keyword == "format" and value not in FORMATS:
        known = did_you_mean(str(value), FORMATS) or f"known are {', '.join(FORMATS)}"
        yield SchemaFault(here, f'unknown format "{value}"', known)
    elif keyword == LEVELS:
        if len(here) != 3 or here[0] != "properties":
            yield SchemaFault(here, "levels belong to a property of the whole", at_key=True)
        elif not isinstance(value, list) or not value:
            yield SchemaFault(here, "levels are a list of management levels, of one at least")
        else:
            for index, name in enumerate(value):
                if name not in levels:
                    hint = did_you_mean(str(name), levels)
                    yield SchemaFault((*here, index), f'there is no management level "{name}"', hint)


def _reference(value: Any, here: Path, root: Mapping[str, Any]) -> Iterator[SchemaFault]:
    """One step into ``$defs``, so that nothing is fetched and nothing goes round in a circle."""
    defined = root.get("$defs", {})
    name = value.removeprefix("#/$defs/") if isinstance(value, str) else ""
    if not isinstance(value, str) or not value.startswith("#"):
        what = f'"{value}" leads out of this schema, and nothing is ever fetched'
        yield SchemaFault(here, what, "copy it into $defs and refer to it as #/$defs/NAME")
    elif name == value or not isinstance(defined, Mapping) or name not in defined:
        hint = did_you_mean(name, defined) if isinstance(defined, Mapping) else None
        yield SchemaFault(here, f'there is no "{value}" in this schema', hint or "refer to #/$defs/NAME")
    elif here[0] == "$defs" and name in _behind(here[1], defined):
        yield SchemaFault(here, f'"{value}" leads back to itself')


def _behind(name: Any, defined: Mapping[str, Any]) -> set[Any]:
    """The definitions from which ``name`` is reached, itself included."""
    found = {name}
    while more := {n for n, body in defined.items() if n not in found and _refers(body) & found}:
        found |= more
    return found


def _refers(node: Any) -> set[str]:
    if isinstance(node, Mapping):
        own = {node["$ref"].removeprefix("#/$defs/")} if isinstance(node.get("$ref"), str) else set[str]()
        return own.union(*map(_refers, node.values()))
    return set[str]().union(*map(_refers, node)) if isinstance(node, list) else set()


def _meaning(body: Mapping[str, Any]) -> Iterator[SchemaFault]:
    """What the draft's own schema has against it, and patterns that cannot be matched in linear time."""
    # Late, as most fleets declare no schema.
    import jsonschema_rs

    try:
        compiled(body)
    except jsonschema_rs.ValidationError as error:
        yield from [SchemaFault(path, what) for path, what in against_draft(body)] or [_untold(error)]


def _untold(error: Any) -> SchemaFault:
    path = tuple(error.instance_path)
    hint = None
    if path[-1:] == ("pattern",):
        hint = "patterns are matched in linear time, so they look neither ahead nor back"
    return SchemaFault(path, error.message, hint)


def _unreachable(body: Mapping[str, Any], levels: Collection[str]) -> Iterator[SchemaFault]:
    """A value that every station must have can be set at a station or above it."""
    nodes = list(levels)[-1:]
    for index, key in enumerate(body.get("required", ())):
        named = body.get("properties", {}).get(key)
        if isinstance(named, Mapping) and named.get(LEVELS) == nodes:
            yield SchemaFault(
                ("required", index),
                f'no station can have "{key}", which may be set at level {nodes[0]} alone',
                f"allow it at a level above, or do not require it: values of {nodes[0]} are those of one node",
            )
