"""Kubernetes' own objects against the strict schemas that kubernetes-validate bundles: a second opinion beside emit's.

That package reads its files at every call; here each kind is compiled once.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import kubernetes_validate

from objects import Object

BUNDLED = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
OTHERS = (
    "apps.kubeedge.io/",
    "operations.kubeedge.io/",
    "source.toolkit.fluxcd.io/",
    "kustomize.toolkit.fluxcd.io/",
    "argoproj.io/",
    "apps.kruise.io/",
)
"""Groups of custom resources; emit holds them against their CRDs."""


def version(kubernetes: str) -> str:
    """The bundled folder of a minor version such as ``1.32``."""
    return f"v{kubernetes}.0-local-strict"


def findings(body: Object, kubernetes: str) -> list[str]:
    """What the schema of the object's kind refuses; unknown fields are refused, and an unknown kind, too."""
    validator = _validator(body["apiVersion"], body["kind"], version(kubernetes))
    return [
        f"{'.'.join(map(str, error.instance_path))}: {error.message}" for error in validator.iter_errors(body)
    ]


@cache
def _validator(api_version: str, kind: str, folder: str) -> Any:
    group, _, last = api_version.rpartition("/")
    name = "-".join(part for part in (kind, group.partition(".")[0], last) if part).lower()
    schema = json.loads((BUNDLED / folder / f"{name}.json").read_text())
    schema["$defs"] = json.loads((BUNDLED / folder / "_definitions.json").read_text())["$defs"]
    schema.pop("$id", None)
    own = re.sub(r'"[^"]*_definitions\.json#', '"#', json.dumps(schema))
    return jsonschema_rs.validator_for(json.loads(own))
