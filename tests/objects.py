"""Rendered files read back as objects, by a YAML reader that is not Milepost's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from compiling import Compilation

Object = dict[str, Any]


def parse(data: bytes) -> list[Object]:
    """Every object of a file."""
    return [body for body in yaml.load_all(data, yaml.CSafeLoader) if body is not None]


def is_kubernetes(path: str) -> bool:
    """Whether a rendered file holds objects for a cluster."""
    for_machines = "/bootstrap/" in f"/{path}"
    return path.endswith(".yaml") and not path.endswith("/kustomization.yaml") and not for_machines


def objects(files: Mapping[str, bytes]) -> Iterator[tuple[str, Object]]:
    """Every object for a cluster, with the path of its file; those within EdgeApplications are not unpacked."""
    for path, data in files.items():
        if is_kubernetes(path):
            for body in parse(data):
                yield path, body


def one(compiled: Compilation, kind: str, name: str | None = None) -> Object:
    """The only object of a kind (and name). Raises AssertionError where there is none, or several."""
    assert not compiled.errors, compiled.said
    found = [
        body
        for _, body in objects(compiled.files)
        if body["kind"] == kind and name in (None, body["metadata"]["name"])
    ]
    names = [body["metadata"]["name"] for body in found]
    assert len(found) == 1, f"{len(found)} objects of kind {kind}: {names}"
    return found[0]


def pod_spec(body: Object) -> Object:
    """The spec of a workload's pods."""
    spec: Object = body["spec"]["template"]["spec"]
    return spec
