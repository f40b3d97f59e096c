"""A small fleet with CloudCore: what tests of edge nodes change."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from compiling import Compilation, compile_spec, write_files
from small import NODES, application, component, document, files, fleet, group, image, profile, province

ENDPOINTS = {
    "private": {"host": "10.0.0.10"},
    "proxy": {"host": "relay.north.example", "addresses": ["10.0.0.14"]},
    "public": {"host": "cloudcore.north.example", "addresses": ["198.51.100.1"], "ports": {"quic": 10001}},
}
LINE = {"line": "private", "medium": "wired", "down": "20Mbit/s", "up": "20Mbit/s"}


def edge_fleet(
    root: Path,
    *,
    access: Mapping[str, Any] | None = None,
    cloudcore: Mapping[str, Any] | None = None,
    edge: Mapping[str, Any] | None = None,
    hardware: Mapping[str, Any] | None = None,
    cluster: Mapping[str, Any] | None = None,
    nodes: str = NODES,
    also: tuple[Mapping[str, Any], ...] = (),
    web: Mapping[str, Any] | None = None,
) -> Compilation:
    """The small fleet with endpoints for every line; each argument is laid over what that part has."""
    box = profile()
    box["spec"] |= hardware or {}
    versions = {"kubernetes": "1.32", "kubeedge": "1.23.1"} | dict(cluster or {})
    documents = [
        fleet(),
        document("AccessProfile", "line", LINE | dict(access or {})),
        box,
        province(
            cluster=versions,
            edge=dict(edge or {}),
            cloudcore={"endpoints": ENDPOINTS} | dict(cloudcore or {}),
        ),
        group(),
        image("web"),
        application("app", [component("web", **dict(web or {}))]),
        *map(dict, also),
    ]
    return compile_spec(write_files(root, files(documents, nodes=nodes).items()))


def configs(made: Compilation, folder: str) -> dict[str, dict[str, Any]]:
    """Every YAML file below ``bootstrap/FOLDER`` of every province, read; by path."""
    return {
        path: yaml.safe_load(data)
        for path, data in made.files.items()
        if f"/bootstrap/{folder}/" in path and path.endswith(".yaml")
    }


def only(found: Mapping[str, Any]) -> Any:
    """The one value."""
    (value,) = found.values()
    return value
