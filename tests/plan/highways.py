"""Small provinces with lines, mirrors and layers: as a fleet spec for Milepost, and as a network for the simulation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from small import document, fleet, group, profile, province

API = "milepost.dev/v1alpha1"
HOST = "registry.example"
ROLES = {"lane": "lane-app", "server": "server-app"}
"""Role of a node to the image that it runs."""


@dataclass(frozen=True)
class Site:
    """A station: its section, the rate of its line in Mbit/s, and its nodes as (role, architecture, own rate or 0)."""

    name: str
    section: str
    rate: int
    nodes: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class Highway:
    """A province. Rates in Mbit/s, 0 where there is no such mirror; sizes in MB by image and architecture."""

    sites: tuple[Site, ...]
    to_province: int
    to_section: int
    share: float
    new: Mapping[tuple[str, str], tuple[int, ...]]
    window: str = "100h"
    replicas: int = 1
    engine: str = "flux"
    waves: tuple[tuple[str, ...], ...] = ()
    """Sections of each wave; one wave of all where it is empty."""
    release: tuple[tuple[str, Any], ...] = (("prepulled", "w1"),)
    prepull: tuple[tuple[str, Any], ...] = ()
    cluster: tuple[tuple[str, Any], ...] = (("kubernetes", "1.32"), ("kubeedge", "1.23.1"))

    @property
    def sections(self) -> list[str]:
        return sorted({site.section for site in self.sites})

    def documents(self) -> list[dict[str, Any]]:
        rates = {site.rate for site in self.sites} | {own for s in self.sites for _, _, own in s.nodes if own}
        source = {"url": "https://git.example/r.git"}
        return [
            fleet(
                sync={"engine": self.engine, "source": source},
                access=f"line-{min(rates)}",
                prepull={"share": self.share, "window": self.window, **dict(self.prepull)},
            ),
            profile("amd64", "amd64"),
            profile("arm64", "arm64"),
            province(cluster=dict(self.cluster) | {"cloudcoreReplicas": self.replicas}),
            *(group(name) for name in self.sections),
            *(_access(rate) for rate in sorted(rates)),
            *self._tiers(),
            *(_image(name) for name in (*ROLES.values(), "helper")),
            self._application(),
            self._release(),
        ]

    def _tiers(self) -> Iterator[dict[str, Any]]:
        yield _tier("centre", "center", f"https://{HOST}", None, 0)
        above = "centre"
        if self.to_province:
            yield _tier(
                "provincial", "province", "https://mirror.{province}.example", above, self.to_province
            )
            above = "provincial"
        if self.to_section:
            yield _tier(
                "section", "station-group", "http://mirror.{group}.example:5000", above, self.to_section
            )

    def _application(self) -> dict[str, Any]:
        roles = sorted({role for site in self.sites for role, _, _ in site.nodes})
        components = [
            {"name": role, "image": ROLES[role], "replicas": "every-node", "nodes": {"roles": [role]}}
            for role in roles
        ]
        versions = {v: {ROLES[role]: v for role in roles} for v in ("1.0.0", "2.0.0")}
        return document(
            "Application", "app", {"version": "1.0.0", "versions": versions, "components": components}
        )

    def _release(self) -> dict[str, Any]:
        waves = [
            {"name": f"w{n}", "groups": list(names)}
            for n, names in enumerate(self.waves or (self.sections,), 1)
        ]
        body = {"application": "app", "from": "1.0.0", "to": "2.0.0", "waves": waves}
        return document("Release", "app-2", body | dict(self.release))

    def files(self) -> dict[str, str]:
        stations = "".join(f"{s.name},{s.section},toll-station,line-{s.rate}\n" for s in self.sites)
        nodes = "".join(
            f"{s.name}-{n},{s.name},{architecture},{role},{f'line-{own}' if own else ''}\n"
            for s in self.sites
            for n, (role, architecture, own) in enumerate(s.nodes)
        )
        return {
            "fleet.yaml": "---\n".join(json.dumps(d) + "\n" for d in self.documents()),
            "images.lock.yaml": json.dumps({"apiVersion": API, "kind": "ImageLock", "images": self._lock()}),
            "stations.csv": "name,group,type,access\n" + stations,
            "nodes.csv": "name,station,profile,roles,access\n" + nodes,
        }

    def _lock(self) -> dict[str, Any]:
        return {
            name: {v: [self._locked(name, v)] for v in ("1.0.0", "2.0.0")}
            for name in (*ROLES.values(), "helper")
        }

    def _locked(self, name: str, version: str) -> dict[str, Any]:
        platforms = {}
        for architecture in ("amd64", "arm64"):
            layers = self.layers(name, version, architecture)
            platforms[architecture] = {
                "digest": sha(f"{name}{version}{architecture}"),
                "size": sum(size for _, size in layers),
                "layers": [{"digest": digest, "size": size} for digest, size in layers],
            }
        return {
            "repository": f"{HOST}/{name}",
            "digest": sha(f"{name}{version}"),
            "platforms": platforms,
        }

    def layers(self, name: str, version: str, architecture: str) -> list[tuple[str, int]]:
        """A base layer that every version shares, and those of the version."""
        base = (sha(f"base{architecture}"), 30_000_000)
        if version == "1.0.0":
            return [base, (sha(f"{name}{architecture}old"), 10_000_000)]
        sizes = self.new.get((name, architecture), (20,))
        own = [(sha(f"{name}{architecture}new{n}"), size * 1_000_000) for n, size in enumerate(sizes)]
        return [base, *own]


def sha(text: str) -> str:
    import hashlib

    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _access(rate: int) -> dict[str, Any]:
    body = {"line": "private", "medium": "wired", "down": f"{rate}Mbit/s", "up": "1Mbit/s"}
    return document("AccessProfile", f"line-{rate}", body)


def _tier(name: str, level: str, endpoint: str, parent: str | None, rate: int) -> dict[str, Any]:
    body: dict[str, Any] = {"level": level, "endpoint": endpoint}
    if parent is not None:
        body |= {"parent": parent, "down": f"{rate}Mbit/s"}
    return document("RegistryTier", name, body)


def _image(name: str) -> dict[str, Any]:
    return document("Image", name, {"repository": f"{HOST}/{name}", "versions": ["1.0.0", "2.0.0"]})
