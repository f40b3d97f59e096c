"""Registry routing: the way of an image from the centre to a node, who is asked in which order, which mirrors run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from milepost.model.fleet import Node, Station, Tier

AGENT_RESOURCES = {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}
"""Of the pod that puts hosts.toml on a node."""


DOCKER_HUB = "registry-1.docker.io"
"""The host that serves what images name as ``docker.io``."""
SERVED_BY = {f"https://{name}": f"https://{DOCKER_HUB}" for name in ("docker.io", "index.docker.io")}


@dataclass(frozen=True, slots=True, order=True)
class RegistrySite:
    """Nodes that share a way to the centre: those of a station group, or of one station of it (``""``: of all)."""

    group: str
    station: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Hop:
    """A tier as one site sees it: its address, without placeholders."""

    tier: Tier
    endpoint: str

    @property
    def host(self) -> str:
        """``mirror.example:5000``."""
        return self.endpoint.partition("://")[2]

    @property
    def address(self) -> str:
        """Where it is asked: Docker Hub is served by another host than the one that images name."""
        return SERVED_BY.get(self.endpoint, self.endpoint)

    @property
    def secure(self) -> bool:
        return self.endpoint.startswith("https:")

    @property
    def port(self) -> int:
        """The port of the endpoint, or the one that its scheme means."""
        _, colon, port = self.host.partition(":")
        return int(port) if colon else (443 if self.secure else 80)


Chain = tuple[Hop, ...]
"""The nearest tier first, the centre last. One serves images of one registry: a cache is a copy of one upstream."""


@dataclass(frozen=True, slots=True, eq=False)
class Mirror:
    """A pull-through registry that runs in the province's cluster (no site), or on one node of a site."""

    hop: Hop
    upstream: Hop
    site: RegistrySite | None
    node: Node | None
    platforms: tuple[str, ...]
    """The architectures that its own image has."""
    image: str
    """Its own image, with the digest."""
    reason: str
    home: Station | None = None
    """The station of its node."""


@dataclass(frozen=True, slots=True, eq=False)
class HostsAgent:
    """What puts hosts.toml on the nodes of a site: an image with a shell, with its digest."""

    image: str
    platforms: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class RegistryRouting:
    """Every site's chains, and every mirror of the province."""

    chains: Mapping[RegistrySite, tuple[Chain, ...]] = field(default_factory=dict)
    """Each station group, and each station where a tier is for stations; sorted."""
    agents: Mapping[RegistrySite, HostsAgent] = field(default_factory=dict)
    """By the sites that nodes get hosts.toml of; a site without one gets it when its nodes join, and never again."""
    mirrors: tuple[Mirror, ...] = ()

    @cached_property
    def rewritten(self) -> Mapping[str, Mapping[str, str]]:
        """By station group: registries that references there do not name, and the mirrors that they name for them.

        Of several chains of one registry the first serves.
        """
        return {
            site.group: {
                # Reversed, so that the first chain is written last and wins.
                c[-1].host: c[0].host
                for c in reversed(found)
                if c[0].tier.settings.mode == "rewrite"
            }
            for site, found in self.chains.items()
            if not site.station
        }

    def sites(self) -> tuple[RegistrySite, ...]:
        """The sites whose nodes ask by hosts.toml: the stations of a group where they differ, otherwise the group."""
        split = {site.group for site in self.chains if site.station}
        return tuple(
            site for site in self.chains if self.hosts(site) and bool(site.station) == (site.group in split)
        )

    def hosts(self, site: RegistrySite) -> tuple[Chain, ...]:
        """The chains of ``site`` that containerd follows by itself."""
        return tuple(chain for chain in self.chains[site] if chain[0].tier.settings.mode == "hosts")

    def repository(self, group: str, repository: str) -> str:
        """``repository`` as nodes of ``group`` are told to pull it: itself, but where the nearest tier is `rewrite`."""
        host, slash, path = repository.partition("/")
        return f"{self.rewritten.get(group, {}).get(host, host)}{slash}{path}"
