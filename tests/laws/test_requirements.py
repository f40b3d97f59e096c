"""What a tree needs, told from its objects alone, is what its index requires: another way of counting, over every fleet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from fleets import compiled, roots
from milepost.model.requirements import REQUIREMENTS
from objects import objects

pytestmark = pytest.mark.slow

ENGINES = {"flux", "argocd", "kubernetes", "kubeedge"}
MESH = {
    "edgemesh",
    "edgemesh CRDs",
    "edgemesh API Service",
    "cloudcore dynamicController",
    "edgecore metaServer",
    "edgecore clusterDNS",
}
OF_KINDS = {
    "NodeGroup": {"kubeedge NodeGroup", "kubeedge controllermanager"},
    "EdgeApplication": {"kubeedge NodeGroup", "kubeedge controllermanager"},
    "ImagePrePullJob": {"kubeedge controllermanager", "cloudcore taskManager", "edgecore taskManager"},
    "ImagePullJob": {"kruise", "kruise-daemon", "cloudcore dynamicController", "edgecore metaServer"},
    "NetworkPolicy": {"network plugin"},
}
MAY_COME_LATER = {"ImagePrePullJob", "ImagePullJob"}
"""Needed before the first job stands in the tree: a release that nobody was told to pull yet has waves already."""


def values(node: Any, key: str) -> Iterator[Any]:
    if isinstance(node, dict):
        if key in node:
            yield node[key]
        for child in node.values():
            yield from values(child, key)
    elif isinstance(node, list):
        for child in node:
            yield from values(child, key)


def needs(bodies: list[dict[str, Any]]) -> tuple[set[str], set[str]]:
    """What the objects themselves need, and that without what comes later."""
    found = {"node labels"}
    kinds = {body["kind"] for body in bodies}
    # Services of mirrors are reached by their address or a node's port, never by a name.
    services = [
        b
        for b in bodies
        if b["kind"] == "Service" and "app.kubernetes.io/part-of" in b["metadata"].get("labels", {})
    ]
    found |= MESH if services else set()
    found |= {"kube-apiserver"} if any(True in values(b, "privileged") for b in bodies) else set()
    certs = (v for b in bodies for v in values(b, "hostPath") if isinstance(v, dict))
    found |= {"containerd"} if any(v["path"] == "/etc/containerd/certs.d" for v in certs) else set()
    found |= (
        {"StorageClass"} if any(_class(b) for b in bodies if b["kind"] == "PersistentVolumeClaim") else set()
    )
    for kind in kinds & OF_KINDS.keys():
        found |= OF_KINDS[kind]
    return found, set().union(*(OF_KINDS[kind] for kind in MAY_COME_LATER))


def _class(body: dict[str, Any]) -> bool:
    # A claim of a local volume names the volume; Milepost makes both.
    return bool(body["spec"].get("storageClassName")) and "volumeName" not in body["spec"]


@cache
def required(name: str) -> dict[str, dict[str, str]]:
    """By province, what the index requires."""
    files = compiled(name).files
    return {
        path.partition("/")[0]: json.loads(data)["requires"]
        for path, data in files.items()
        if path.endswith("milepost.json")
    }


@pytest.mark.parametrize("name", roots())
def test_the_index_requires_what_the_objects_need(name: str) -> None:
    """Nothing is missing, and nothing is asked for that no object needs, now or when the release pulls."""
    every = list(objects(compiled(name).files))
    for province, requires in required(name).items():
        bodies = [body for path, body in every if path.startswith(f"{province}/")]
        wanted, later = needs(bodies)
        said = requires.keys() - ENGINES - {"Secrets"}
        assert wanted <= said, wanted - said
        assert said <= wanted | later | {"containerd"}, said - wanted - later
        secrets = {name for body in bodies for name in secret_names(body)}
        assert secrets <= set(requires.get("Secrets", "").split(", "))


def secret_names(body: dict[str, Any]) -> Iterator[str]:
    yield from (value for value in values(body, "secretName") if isinstance(value, str))
    for key in ("secretKeyRef", "secretRef", "proxySecretRef"):
        yield from (value["name"] for value in values(body, key))


def test_every_row_is_required_by_some_fleet() -> None:
    """A row that no fleet brings about would be a row that nobody checks."""
    seen = {name for root in roots() for requires in required(root).values() for name in requires}
    assert {row.name for row in REQUIREMENTS} <= seen


def test_versions_and_settings_are_told_with_names_that_differ() -> None:
    """They are keys of one object."""
    assert len({row.name for row in REQUIREMENTS} | ENGINES) == len(REQUIREMENTS) + len(ENGINES)
