"""Configuration schemas of KubeEdge's programs: EdgeCore, CloudCore, EdgeMeshAgent and EdgeMeshGateway, with their defaults.

``kubeedge/`` holds them as JSON Schema (draft 2020-12), made from the Go types, defaults and validators of KubeEdge 1.23.1
and EdgeMesh 1.17.0: those types cannot be had as a module, so they are data here, and each file names its source.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

FILES: Mapping[str, str] = {
    "EdgeCore": "edgecore-v1alpha2",
    "CloudCore": "cloudcore-v1alpha1",
    "EdgeMeshAgent": "edgemesh-agent-v1alpha1",
    "EdgeMeshGateway": "edgemesh-gateway-v1alpha1",
}
"""Kind of a configuration to its file."""


@cache
def component_schema(kind: str) -> dict[str, Any]:
    """The schema of a kind of ``FILES``."""
    path = Path(__file__).parent / "kubeedge" / f"{FILES[kind]}.json"
    schema: dict[str, Any] = json.loads(path.read_bytes())
    return schema


@cache
def component_validator(kind: str) -> Draft202012Validator:
    """The compiled schema; the compiler is loaded here, as most commands never need it."""
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(component_schema(kind))


def effective(kind: str, body: Any, *path: str) -> Any:
    """The value at ``path``, as the program has it: a file is decoded over the defaults, so a missing key keeps its own."""
    schema, found = component_schema(kind), body
    for key in path:
        schema = schema.get("properties", {}).get(key, {})
        found = found.get(key) if isinstance(found, Mapping) else None
    return schema.get("default") if found is None else found
