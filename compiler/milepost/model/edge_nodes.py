"""Edge nodes as decided: the way to CloudCore over each kind of line, and the classes of nodes that share a configuration."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from milepost.model.edge_settings import CloudCoreEndpoint
from milepost.model.fleet import Access, Node, Profile, Province, Station


class LineTimeouts(NamedTuple):
    """Time-outs of EdgeCore on one kind of line, in seconds."""

    handshake: int
    write: int
    query: int
    """How long a question to the cloud may take."""


class LineRoute(NamedTuple):
    """How nodes of one AccessProfile reach CloudCore."""

    access: Access
    endpoint: CloudCoreEndpoint
    timeouts: LineTimeouts

    @property
    def server(self) -> str:
        """Host and port of the transport."""
        ports = self.endpoint.ports
        return f"{self.endpoint.host}:{ports.quic if self.access.transport == 'quic' else ports.websocket}"

    @property
    def certificates(self) -> str:
        """URL of the server that gives certificates."""
        return f"https://{self.endpoint.host}:{self.endpoint.ports.certificates}"

    @property
    def stream(self) -> str:
        """Host and port of the tunnel for logs and exec."""
        return f"{self.endpoint.host}:{self.endpoint.ports.stream}"


class LineRoutes(NamedTuple):
    """By name of the AccessProfiles that nodes of the province have; empty where it has no ``cloudcore``."""

    by_access: Mapping[str, LineRoute]


class EdgeClass(NamedTuple):
    """Nodes that share one configuration of EdgeCore: hardware, line and roles."""

    profile: Profile
    access: Access
    roles: tuple[str, ...]

    @property
    def name(self) -> str:
        """``arm-lane-1g/private-20m/lane``; roles are joined by ``_``, which no name holds, and ``_`` stands for none."""
        return f"{self.profile.name}/{self.access.name}/{'_'.join(self.roles) or '_'}"


@dataclass(frozen=True, slots=True, eq=False)
class Reservation:
    """What EdgeCore keeps from pods: together with its eviction thresholds exactly what the profile reserves.

    The kubelet's Allocatable is capacity less what is reserved for the system less the hard eviction threshold, so that the
    proof that pods fit counts with what the scheduler sees. Millicores and bytes.
    """

    cpu: int
    memory: int
    disk: int
    evict_memory: int
    evict_disk: int


@dataclass(frozen=True, slots=True, eq=False)
class EdgeConfig:
    """The configuration of one class, as decided."""

    of: EdgeClass
    reservation: Reservation
    max_pods: int
    modules: frozenset[str]
    """Modules of EdgeCore that are on beside those that always are, by their names there."""
    mesh_dns: bool
    """Whether pods ask EdgeMesh for names."""


class EdgeConfigs(NamedTuple):
    """Every class that some node of the province is of, by name; sorted."""

    by_class: Mapping[str, EdgeConfig]


def edge_nodes(province: Province) -> Iterator[tuple[Node, Station]]:
    """Every node of the province with its station, in order."""
    for group in province.groups:
        for station in group.stations:
            for node in station.nodes:
                yield node, station


def edge_class(node: Node) -> EdgeClass:
    """The class of a node. Every node has a line by the time that anything is planned."""
    assert node.access is not None
    return EdgeClass(node.profile, node.access, node.roles)


def heartbeat(node: str, group: str, least: int, most: int) -> int:
    """A node's heartbeat in seconds, from ``least`` to ``most``: by its name and nothing else, so it never moves.

    The names of a section begin alike, and a checksum spreads them evenly; the section's own name turns the sequence, so that
    no two sections go through the values in step.
    """
    return least + (zlib.crc32(node.encode()) + zlib.crc32(group.encode())) % (most - least + 1)
