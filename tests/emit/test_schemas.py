"""The vendored schemas are those of Kubernetes, and the hand-written ones say nothing that upstream does not."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from kubernetes_schemas import findings
from milepost.emit import schemas
from milepost.emit.schemas import DEFINITIONS, FOLDER, file_name, validator
from milepost.emit.schemas.update import text
from milepost.model.kinds import KINDS
from milepost.model.versions.kubernetes import KNOWN

CRDS = sorted((FOLDER / "crds").glob("*.json"))
ROOT = Path(__file__).parents[2]
UPSTREAM = Path(os.environ.get("MILEPOST_UPSTREAM_CRDS", ROOT.parent / "shared" / "crds"))
WITHOUT_CRD = {"Component", "Kustomization"}
"""Kinds of kustomize.config.k8s.io: files of a tool, which no cluster defines."""


def test_kubernetes_schemas_are_fresh() -> None:
    """What is in the repository is what ``python -m milepost.emit.schemas.update`` would write."""
    assert DEFINITIONS.read_text() == text()


def test_versions_share_what_they_agree_on() -> None:
    """No definition is stored in two forms that are the same, one after the other."""
    forms = json.loads(DEFINITIONS.read_bytes())
    for found in forms.values():
        assert all(older != newer for older, newer in itertools.pairwise(found.values()))
    stored = sum(len(json.dumps(form)) for found in forms.values() for form in found.values())
    assert stored < 2 * len(json.dumps(schemas.definitions(KNOWN[-1])))


@pytest.mark.parametrize("path", CRDS, ids=lambda path: path.stem)
def test_every_schema_of_a_custom_resource_is_a_schema(path: Path) -> None:
    """Each file is valid JSON Schema, stands alone, and is found by the kind that it is for."""
    schema = json.loads(path.read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    assert all(name in schema.get("$defs", {}) for name in references(schema))
    api_version, kind = (constant(schema["properties"][field]) for field in ("apiVersion", "kind"))
    assert validator(api_version, kind, KNOWN[0]) is not None


@pytest.mark.parametrize("kubernetes", KNOWN)
def test_every_version_has_all_that_its_kinds_are_made_of(kubernetes: str) -> None:
    """Each definition is valid JSON Schema and reaches only others of its version; each kind of the table has one."""
    found = schemas.definitions(kubernetes)
    jsonschema.Draft202012Validator.check_schema({"$defs": found})
    assert set(references(found)) <= set(found)
    custom = {path.name for path in CRDS}
    for kind in KINDS:
        if kind.rendered and file_name(kind.api_version, kind.name) not in custom:
            assert validator(kind.api_version, kind.name, kubernetes) is not None


@pytest.mark.parametrize("kubernetes", KNOWN)
def test_each_version_judges_as_kubernetes_own_schemas_do(kubernetes: str) -> None:
    """An object with every field that any version has is refused in the same places as by the bundled schemas."""
    body = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "one"}}
    pod: dict[str, Any] = {"containers": [{"name": "one"}]}
    pod |= {
        "hostnameOverride": "one",
        "resources": {},
        "hostUsers": True,
        "schedulingGates": [],
        "nonsense": 1,
    }
    selector = {"matchLabels": {"app": "one"}}
    body |= {"spec": {"selector": selector, "template": {"spec": pod}}}
    ours = validator("apps/v1", "Deployment", kubernetes)
    assert ours is not None
    said = [f"{'.'.join(map(str, e.instance_path))}: {e.message}" for e in ours.iter_errors(body)]
    assert said == findings(body, kubernetes)
    assert ("hostnameOverride" in said[0]) == (int(kubernetes[2:]) < 34)


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
    word = {"type": "string"}
    ours = {"type": "object", "properties": {"a": word, "b": word}}
    theirs = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}
    assert len(list(disagreements(ours, theirs, ours, ()))) == 3


def with_root(theirs: dict[str, Any]) -> dict[str, Any]:
    """The API server adds these to every kind."""
    strings = {"type": "object", "additionalProperties": {"type": "string"}}
    word = {"type": "string"}
    names = {"name": word, "namespace": word, "labels": strings, "annotations": strings}
    metadata = {"type": "object", "properties": {**names, "finalizers": {"type": "array", "items": word}}}
    return {**theirs["properties"], "apiVersion": word, "kind": word, "metadata": metadata}


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
    assert validator("v1", kind, KNOWN[-1]) is None
