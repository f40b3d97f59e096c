"""EdgeCore and CloudCore as meant: endpoints by kind of line, modules by role, images that EdgeCore needs itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class CloudCorePorts(NamedTuple):
    """Ports as nodes see them."""

    websocket: int
    quic: int | None
    certificates: int
    stream: int


class CloudCoreEndpoint(NamedTuple):
    """Where nodes of one kind of line find CloudCore."""

    host: str
    addresses: tuple[str, ...]
    ports: CloudCorePorts


class ReconnectSettings(NamedTuple):
    """The return of all nodes; times in seconds. ``rate`` is new connections a second, where the spec says so itself."""

    within: int | None
    least: int
    most: int
    rate: int | None


class CloudCoreSettings(NamedTuple):
    """CloudCore of a province."""

    endpoints: Mapping[str, CloudCoreEndpoint]
    """By kind of line; a kind without one is not there."""
    servers: tuple[str, ...]
    config: str
    authorization: bool
    grace_period: int
    """Seconds."""
    reconnect: ReconnectSettings


class EdgeImageReference(NamedTuple):
    """Name and version of an Image."""

    image: str
    version: str


class EdgeSettings(NamedTuple):
    """EdgeCore on every node."""

    modules: Mapping[str, frozenset[str]]
    """Module that is on, by its name in EdgeCore, to the roles that have it; no role for all nodes."""
    cgroup_driver: str
    sandbox: EdgeImageReference | None
    installation: EdgeImageReference | None
    telemetry: int
    """Bits a second of each node."""

    def has(self, module: str, roles: tuple[str, ...]) -> bool:
        """Whether a node of ``roles`` has a module by declaration."""
        wanted = self.modules.get(module)
        return wanted is not None and (not wanted or not wanted.isdisjoint(roles))


class NodeUpgradeSettings(NamedTuple):
    """EdgeCore of another version, wave by wave."""

    to: str
    installation: EdgeImageReference
    waves: tuple[tuple[str, tuple[str, ...]], ...]
    """Name and station groups, in order."""
    concurrency: int
    failure_tolerate: float
