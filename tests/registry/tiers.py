"""A small fleet with three tiers of registries: centre, province, and one mirror on a node of each road section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from compiling import Compilation, compile_spec, write_files
from small import Document, application, base, component, document, files

CENTRE, PROVINCE, SECTION = "http://127.0.0.11:5000", "http://127.0.0.12:5000", "http://127.0.0.13:5000"
HOST = CENTRE.removeprefix("http://")
NODES = (
    "name,station,profile,roles,address,label:mirror\na1,a,box,server,127.0.0.13,section\na2,a,box,server,,\n"
)
MIRROR = {"image": "mirror", "version": "2.8.3"}
IN_CLUSTER = {"nodes": {"labels": {"disk": "big"}}, "storage": {"size": "20Gi", "path": "/var/lib/registry"}}
ON_NODE = {
    "nodes": {"labels": {"mirror": "section"}},
    "storage": {"size": "10Gi", "path": "/var/lib/registry"},
}


def tier(name: str, level: str, endpoint: str, **more: Any) -> Document:
    return _tier(name, {"level": level, "endpoint": endpoint} | more)


def _tier(name: str, body: Mapping[str, Any]) -> Document:
    return document("RegistryTier", name, {key: value for key, value in body.items() if value is not None})


def three(
    centre: Mapping[str, Any] | None = None,
    province: Mapping[str, Any] | None = None,
    section: Mapping[str, Any] | None = None,
) -> list[Document]:
    """Centre, province and section; what is given is said over each, and None takes a key away."""
    nearer = {"level": "province", "endpoint": PROVINCE, "parent": "centre", "mirror": MIRROR | IN_CLUSTER}
    nearest = {"level": "station-group", "endpoint": "http://{address}:5000", "parent": "province"}
    nearest |= {"mirror": MIRROR | ON_NODE}
    return [
        _tier("centre", {"level": "center", "endpoint": CENTRE} | dict(centre or {})),
        _tier("province", nearer | dict(province or {})),
        _tier("section", nearest | dict(section or {})),
    ]


def images(host: str = HOST) -> list[Document]:
    return [
        document("Image", "web", {"repository": f"{host}/apps/web", "versions": ["1.0.0"]}),
        document("Image", "mirror", {"repository": f"{host}/mirror/registry", "versions": ["2.8.3"]}),
    ]


def write_fleet(
    root: Path, tiers: Sequence[Document], *, host: str = HOST, nodes: str = NODES, **more: Any
) -> Path:
    """A fleet spec of one application ``app`` with the component ``web``, and the given tiers."""
    app = application("app", [component("web", **more.pop("web", {}))])
    return write_files(root, files([*base(), *images(host), app, *tiers], nodes=nodes, **more).items())


def compile_tiers(root: Path, tiers: Sequence[Document], **more: Any) -> Compilation:
    return compile_spec(write_fleet(root, tiers, **more))
