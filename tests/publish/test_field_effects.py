"""Effects by meaning: every field of what is rendered has one, and what is not in the table ranks high."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from milepost.emit import schemas
from milepost.model.kinds import KINDS, Kind
from milepost.model.versions.kubernetes import KNOWN
from milepost.publish.review.classify.effect import Effect
from milepost.publish.review.classify.field_effects import field_effect

RENDERED = [kind for kind in KINDS if kind.rendered and kind.plural]
E = Effect


def fields_of(schema: Any, known: Any, path: str = "", above: tuple[str, ...] = ()) -> Iterator[str]:
    """Every field of a schema, items without numbers; a definition within itself once."""
    reference = schema.get("$ref", "").rpartition("/")[2]
    if reference:
        if reference in above:
            return
        schema, above = known[reference], (*above, reference)
    for part in (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from fields_of(part, known, path, above)
    inside = schema.get("properties", {})
    for name, child in inside.items():
        yield from fields_of(child, known, f"{path}.{name}".lstrip("."), above)
    if isinstance(schema.get("items"), dict):
        yield from fields_of(schema["items"], known, f"{path}[]", above)
    elif isinstance(schema.get("additionalProperties"), dict):
        yield from fields_of(schema["additionalProperties"], known, f"{path}.*", above)
    elif not inside and path:
        yield path


def schema_fields(kind: Kind) -> set[str]:
    name = schemas.file_name(kind.api_version, kind.name)
    file = schemas.FOLDER / "crds" / name
    if file.is_file():
        schema = json.loads(file.read_text())
        return set(fields_of(schema, schema.get("$defs", {})))
    found: set[str] = set()
    for version in KNOWN:
        known = schemas.definitions(version)
        if name.removesuffix(".json") in known:
            found |= set(fields_of(known[name.removesuffix(".json")], known))
    return found


@pytest.mark.parametrize("kind", RENDERED, ids=lambda kind: f"{kind.name}-{kind.group}")
def test_every_field_of_every_schema_has_an_effect(kind: Kind) -> None:
    """Of every known version of Kubernetes, and of the custom resources as Milepost may render them."""
    fields = schema_fields(kind)
    assert fields, "no schema"
    assert not sorted(field for field in fields if field_effect(kind.name, field, field) is None)


@pytest.mark.parametrize("kind", ["Deployment", "Service", "NetworkPolicy", "Nothing"])
def test_a_field_of_no_schema_has_no_known_effect(kind: str) -> None:
    """A new field of Kubernetes is never taken for harmless."""
    assert field_effect(kind, "newField.x", "newField.x") is None
    assert Effect.UNKNOWN.severity > Effect.RESTARTS.severity
