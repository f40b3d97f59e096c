"""The vendored schemas are those of Kubernetes, and the hand-written ones say nothing that upstream does not."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from milepost.emit.schemas import FOLDER, KUBERNETES, validator
from milepost.emit.schemas.update import files
from milepost.model.kinds import KINDS

CRDS = sorted((FOLDER / "crds").glob("*.json"))
ROOT = Path(__file__).parents[2]
UPSTREAM = Path(os.environ.get("MILEPOST_UPSTREAM_CRDS", ROOT.parent / "shared" / "crds"))
WITHOUT_CRD = {"Component", "Kustomization"}
"""Kinds of kustomize.config.k8s.io: files of a tool, which no cluster defines."""


def test_kubernetes_schemas_are_fresh() -> None:
    """What is in the repository is what ``python -m milepost.emit.schemas.update`` would write."""
    folder = FOLDER / "kubernetes" / KUBERNETES
    assert {path.name: path.read_text() for path in folder.glob("*.json")} == dict(files())


@pytest.mark.parametrize(
    "path", [*CRDS, *sorted((FOLDER / "kubernetes").rglob("*.json"))], ids=lambda path: path.stem
)
def test_every_schema_is_a_schema(path: Path) -> None:
    """Each file is valid JSON Schema, stands alone, and is found by the kind that it is for."""
    schema = json.loads(path.read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    assert all(name in schema.get("$defs", {}) for name in references(schema))
    api_version, kind = (constant(schema["properties"][field]) for field in ("apiVersion", "kind"))
    assert validator(api_version, kind) is not None


def constant(schema: dict[str, Any]) -> str:
    return str(schema["const"] if "const" in schema else schema["enum"][0])


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"].removeprefix("#/$defs/")
        for child in node.values():
            yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)


@pytest.mark.parametrize("path", CRDS, ids=lambda path: path.stem)
def test_custom_resources_agree_with_upstream(path: Path) -> None:
    """Every field that we allow exists upstream with the same type, and what upstream requires we require."""
    schema = json.loads(path.read_bytes())
    api_version, kind = schema["properties"]["apiVersion"]["const"], schema["properties"]["kind"]["const"]
    if api_version.startswith("kustomize.config.k8s.io/"):
        assert kind in WITHOUT_CRD
        return
    if not UPSTREAM.is_dir():
        pytest.skip("no upstream CRDs here; name their folder in MILEPOST_UPSTREAM_CRDS")
    theirs = upstream(api_version, kind)
    assert list(disagreements(schema, {**theirs, "properties": with_root(theirs)}, schema, ())) == []


def test_rows_of_custom_resources_agree_with_upstream() -> None:
    """The table of kinds has the scope, the plural and a served version of every CRD that it has a row of."""
    if not UPSTREAM.is_dir():
        pytest.skip("no upstream CRDs here; name their folder in MILEPOST_UPSTREAM_CRDS")
    known = [kind for kind in KINDS if (kind.group, kind.name) in definitions()]
    assert len(known) > len(CRDS) - len(WITHOUT_CRD)
    for kind in known:
        theirs = definitions()[kind.group, kind.name]
        served = {version["name"] for version in theirs["versions"] if version["served"]}
        assert kind.plural == theirs["names"]["plural"]
        assert kind.cluster_scoped == (theirs["scope"] == "Cluster")
        assert kind.api_version.rpartition("/")[2] in served


def test_the_comparison_can_fail() -> None:
    """An unknown field, another type and a field that is not required are each found."""
    text = {"type": "string"}
    ours = {"type": "object", "properties": {"a": text, "b": text}}
    theirs = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}
    assert len(list(disagreements(ours, theirs, ours, ()))) == 3


def with_root(theirs: dict[str, Any]) -> dict[str, Any]:
    """The API server adds these to every kind."""
    strings = {"type": "object", "additionalProperties": {"type": "string"}}
    text = {"type": "string"}
    names = {"name": text, "namespace": text, "labels": strings, "annotations": strings}
    metadata = {"type": "object", "properties": {**names, "finalizers": {"type": "array", "items": text}}}
    return {**theirs["properties"], "apiVersion": text, "kind": text, "metadata": metadata}


@cache
def definitions() -> dict[tuple[str, str], dict[str, Any]]:
    """Every CRD upstream, by group and kind."""
    loaded = [
        yaml.load_all(path.read_text(), Loader=yaml.CSafeLoader) for path in sorted(UPSTREAM.rglob("*.yaml"))
    ]
    specs = [document["spec"] for documents in loaded for document in documents if document]
    return {(spec["group"], spec["names"]["kind"]): spec for spec in specs}


def upstream(api_version: str, kind: str) -> dict[str, Any]:
    group, _, version = api_version.rpartition("/")
    found = next(v for v in definitions()[group, kind]["versions"] if v["name"] == version)
    return dict(found["schema"]["openAPIV3Schema"])


def disagreements(ours: Any, theirs: Any, root: Any, path: tuple[str, ...]) -> Iterator[str]:
    where = ".".join(path)
    if "$ref" in ours:
        ours = root["$defs"][ours["$ref"].removeprefix("#/$defs/")]
    if theirs.get("x-kubernetes-preserve-unknown-fields") and "properties" not in theirs:
        return
    if types(ours) != their_types(theirs):
        yield f"{where}: {types(ours)} here, {their_types(theirs)} upstream"
    if not set(ours.get("enum", ())) <= set(theirs.get("enum", ours.get("enum", ()))):
        yield f"{where}: words that upstream does not know"
    if "properties" in ours:
        for name in set(theirs.get("required", ())) - set(ours.get("required", ())):
            yield f"{where}: {name} is required upstream"
        for name, schema in ours["properties"].items():
            if name not in theirs.get("properties", {}):
                yield f"{where}.{name}: not known upstream"
            else:
                yield from disagreements(schema, theirs["properties"][name], root, (*path, name))
    if isinstance(ours.get("additionalProperties"), dict):
        yield from disagreements(
            ours["additionalProperties"], theirs.get("additionalProperties", {}), root, (*path, "*")
        )
    if "items" in ours:
        yield from disagreements(ours["items"], theirs.get("items", {}), root, (*path, "[]"))


def types(schema: dict[str, Any]) -> set[str]:
    if "const" in schema:
        return {"boolean" if isinstance(schema["const"], bool) else "string"}
    found = schema.get("type", [])
    return {found} if isinstance(found, str) else set(found)


def their_types(schema: dict[str, Any]) -> set[str]:
    return {"integer", "string"} if schema.get("x-kubernetes-int-or-string") else types(schema)


@pytest.mark.parametrize("kind", ["K" * 300, "../crds/imageprepulljob", "Service\0"])
def test_a_kind_that_somebody_made_up_has_no_schema(kind: str) -> None:
    """It is no name of a file, whatever a manifest says."""
    assert validator("v1", kind) is None
