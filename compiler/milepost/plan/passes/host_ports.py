"""Host ports: what listens on a node's network, or takes a port of the node, never meets another that does.

The scheduler knows it and lets the second wait, for ever where no other node is left to it. Stations of one shape are
one problem.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from milepost.diagnostics import Code, Related, Sink
from milepost.diagnostics.wording import and_more
from milepost.model.fleet import Component, Fleet, Station
from milepost.model.origin import DocumentOrigin
from milepost.model.plan import Placement, PodLoad
from milepost.model.registry_routing import Mirror, RegistryRouting
from milepost.plan.capacity.overcommit import avoided
from milepost.plan.capacity.overhead_pods import OverheadPods
from milepost.plan.pass_order import Role

MP4051 = Code(
    "MP4051",
    "host port conflict",
    "On the node's own network (`hostNetwork`), and with a `hostPort` of a manifest or a patch, a port can be had once "
    "on a node. The scheduler keeps the second pod off, so it waits for ever where no other node is left to it. A mirror "
    "that Milepost runs on a node takes the port of its tier's endpoint.",
    "components:\n  - {name: a, image: a, replicas: every-node, hostNetwork: true, ports: [{name: http, port: 80}]}\n"
    "  - {name: b, image: b, replicas: every-node, hostNetwork: true, ports: [{name: http, port: 80}]}\n",
)
Port = tuple[int, str]
_Taker = PodLoad | Mirror


class _Clash(NamedTuple):
    """A pod that a port may keep from a node, and what has that port there."""

    port: Port
    one: _Taker
    other: _Taker
    station: Station
    stations: int
    """How many are like it."""


ROLE = Role.CHECKS


def run(fleet: Fleet, placement: Placement, registry: RegistryRouting, sink: Sink) -> None:
    found: dict[object, list[_Clash]] = {}
    for clash in _clashes(placement, OverheadPods(fleet, registry)):
        # A set, since the same pair is found from either side, and which one comes first
        # depends on the station.
        key = (clash.port, frozenset((_name(clash.one), _name(clash.other))))
        found.setdefault(key, []).append(clash)
    for clashes in found.values():
        _report(min(clashes, key=lambda c: c.station.name), sum(c.stations for c in clashes), fleet, sink)


def _name(taker: _Taker) -> str:
    return taker.label if isinstance(taker, PodLoad) else taker.hop.tier.name


def _clashes(placement: Placement, overhead: OverheadPods) -> Iterator[_Clash]:
    for mirrors in overhead.mirrors.values():
        for one, other in combinations(mirrors, 2):
            if _port(one) == _port(other) and one.home is not None:
                yield _Clash(_port(one), one, other, one.home, 1)
    for shape in placement.signatures:
        listening = [load for load in shape.loads if load.listens]
        if listening:
            for stations in overhead.grouped(shape):
                station = min(stations, key=lambda s: s.name)
                yield from _at(station, len(stations), listening, shape.loads, overhead)


def _at(
    station: Station, count: int, listening: list[PodLoad], loads: tuple[PodLoad, ...], overhead: OverheadPods
) -> Iterator[_Clash]:
    told: set[str] = set()
    for load in listening:
        mirrors = [
            mirror
            for position in load.nodes
            for mirror in overhead.mirrors.get(station.nodes[position].name, ())
            if _port(mirror) in load.listens
        ]
        others = [o for o in listening if o is not load and load.listens & o.listens]
        # Two pods that want one port may well be placed on different nodes. Refused is only
        # what can leave a pod without any node, as in the capacity check.
        if len(load.nodes) - avoided(load, loads) - len(mirrors) >= load.needed:
            continue
        yield from (_Clash(_port(mirror), load, mirror, station, count) for mirror in mirrors)
        for other in others:
            # The pair is told by whichever side comes first; from the other side it would be
            # the same message again.
            if other.label not in told and not set(load.nodes).isdisjoint(other.nodes):
                yield _Clash(min(load.listens & other.listens), load, other, station, count)
        told.add(load.label)


def _port(mirror: Mirror) -> Port:
    return mirror.hop.port, "TCP"


def _report(clash: _Clash, count: int, fleet: Fleet, sink: Sink) -> None:
    (one, first), (other, second) = (_said(taker, clash.port, fleet) for taker in (clash.one, clash.other))
    number, protocol = clash.port
    more = and_more(count - 1, "station")
    sink.report(
        MP4051,
        f"{one} and {other} both take port {number}/{protocol} of a node at station {clash.station.name}{more}",
        second.span,
        related=[
            Related(one, first.span),
            Related(f"station {clash.station.name}", clash.station.origin.span),
        ],
        hint="give one another port, or keep the two on different nodes with node selectors",
    )


def _said(taker: _Taker, port: Port, fleet: Fleet) -> tuple[str, DocumentOrigin]:
    """As a message names it, and where it says that it takes ``port``."""
    if isinstance(taker, Mirror):
        tier = taker.hop.tier
        return f'the mirror of registry tier "{tier.name}"', tier.origin.of("spec", "endpoint")
    component, at = _place(taker, port, fleet)
    return f'"{component.name}" of "{component.application}"', at


def _place(load: PodLoad, port: Port, fleet: Fleet) -> tuple[Component, DocumentOrigin]:
    """The component that takes ``port``, and the place where it does: in the spec, or in the manifest that it starts from."""
    parts = fleet.members(load.edition, load.members)
    for component in parts:
        for index, own in enumerate(component.settings.ports):
            if (own.port, own.protocol) == port:
                return component, component.origin.of("ports", index, "port")
    carrying = next((c for c in parts if c.pod or c.settings.patch), parts[0])
    return carrying, carrying.origin.of("from" if carrying.pod else "patch")
