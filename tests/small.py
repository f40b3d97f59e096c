"""The smallest fleet spec that compiles, made of data so that a test changes only what it is about.

One province ``north`` with one station group ``g4``, one station ``a`` and two nodes ``a1`` and ``a2``; one application
``app``. Documents are written as JSON, which is YAML; places in files are what ``messages/`` and ``cases/`` are for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from compiling import Compilation, compile_spec, write_files

API = "milepost.dev/v1alpha1"
STATIONS = "name,group,type\na,g4,toll-station\n"
NODES = "name,station,profile,roles,slot\na1,a,box,server,0\na2,a,box,server,1\n"
Document = dict[str, Any]


def digest(text: str) -> str:
    """A digest as a registry would give it."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def document(kind: str, name: str, spec: Mapping[str, Any]) -> Document:
    return {"apiVersion": API, "kind": kind, "metadata": {"name": name}, "spec": dict(spec)}


def fleet(**more: Any) -> Document:
    body = {
        "stationTypes": {"toll-station": {"level": "station"}, "gantry": {"level": "gantry"}},
        "roles": ["lane", "server"],
        "access": "line",
        "sync": {"engine": "flux", "source": {"url": "https://git.example/rendered.git"}},
    }
    return document("Fleet", "small", body | more)


def profile(name: str = "box", architecture: str = "amd64", cpu: str = "4", memory: str = "4Gi") -> Document:
    size = {"cpu": cpu, "memory": memory, "disk": "64Gi"}
    return document(
        "HardwareProfile", name, {"vendor": "Acme", "model": "B", "architecture": architecture} | size
    )


def province(name: str = "north", prefix: str = "", **more: Any) -> Document:
    tables = {"stations": [f"{prefix}stations.csv"], "nodes": [f"{prefix}nodes.csv"]}
    return document(
        "Province", name, {"cluster": {"kubernetes": "1.32", "kubeedge": "1.23.1"}} | tables | more
    )


def group(name: str = "g4", province: str = "north", **more: Any) -> Document:
    road = {"code": name.upper(), "name": "Beijing-Hong Kong-Macau"}
    return document("StationGroup", name, {"province": province, "road": road} | more)


def image(name: str, versions: Sequence[str] = ("1.0.0",)) -> Document:
    return document("Image", name, {"repository": f"registry.example/{name}", "versions": list(versions)})


def application(name: str, components: Sequence[Mapping[str, Any]], **more: Any) -> Document:
    """One version 1.0.0 of every image that ``components`` name."""
    tags = {str(c["image"]): "1.0.0" for c in components if "image" in c}
    body = {"version": "1.0.0", "versions": {"1.0.0": tags}, "components": list(components)}
    return document("Application", name, body | more)


def lock(documents: Iterable[Document], platforms: Sequence[str] = ("amd64",)) -> Document:
    """The lock file of every Image among ``documents``."""
    images = {
        d["metadata"]["name"]: {
            version: [_locked(repository, version, of) for repository, of in _repositories(d, platforms)]
            for version in d["spec"]["versions"]
        }
        for d in documents
        if d["kind"] == "Image"
    }
    return {"apiVersion": API, "kind": "ImageLock", "images": images}


def _repositories(image: Document, platforms: Sequence[str]) -> Iterable[tuple[str, Sequence[str]]]:
    if "repository" in image["spec"]:
        yield image["spec"]["repository"], platforms
    for architecture, repository in image["spec"].get("repositories", {}).items():
        yield repository, [architecture]


def _locked(repository: str, version: str, platforms: Sequence[str]) -> Document:
    of = {p: {"digest": digest(f"{repository}:{version} {p}"), "size": 1_000_000} for p in platforms}
    return {"repository": repository, "digest": digest(f"{repository}:{version}"), "platforms": of}


def base(province_fields: Mapping[str, Any] | None = None, **fleet_fields: Any) -> list[Document]:
    """Everything but images and applications."""
    line = {"line": "private", "medium": "wired", "down": "20Mbit/s", "up": "20Mbit/s"}
    return [
        fleet(**fleet_fields),
        document("AccessProfile", "line", line),
        profile(),
        province(**(province_fields or {})),
        group(),
    ]


def files(
    documents: Sequence[Document],
    *,
    stations: str = STATIONS,
    nodes: str = NODES,
    platforms: Sequence[str] = ("amd64",),
    more: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The files of a fleet spec that holds ``documents``."""
    return {
        "fleet.yaml": "---\n".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents),
        "images.lock.yaml": json.dumps(lock(documents, platforms)),
        "stations.csv": stations,
        "nodes.csv": nodes,
        **(more or {}),
    }


def compile_components(
    root: Path,
    *components: Mapping[str, Any],
    also: Sequence[Document] = (),
    application_fields: Mapping[str, Any] | None = None,
    fleet_fields: Mapping[str, Any] | None = None,
    province_fields: Mapping[str, Any] | None = None,
    images: Mapping[str, Document] | None = None,
    **inventory: Any,
) -> Compilation:
    """Compile an application of ``components`` at station ``a``; ``also`` are further documents."""
    named = {str(c["image"]) for c in components}
    documents = [
        *base(province_fields, **(fleet_fields or {})),
        *((images or {}).get(name) or image(name) for name in sorted(named)),
        application("app", components, **(application_fields or {})),
        *also,
    ]
    return compile_spec(write_files(root, files(documents, **inventory).items()))


def component(name: str = "web", **more: Any) -> Document:
    return {"name": name, "image": name} | more
