"""The mirror tree: the lines between the centre and a node, and what crosses them when nodes pull.

A pull through a cold mirror fetches every blob twice: to serve it, and again to store it. Through two of them the
centre's line carries it four times, the province's twice, as measured for one client with CNCF Distribution 2.8; of
several clients at once each makes a cold mirror fetch anew. A warm mirror fetches nothing. Milepost counts mirrors as
cold for every layer that is new to the nodes: cached content expires.

How fast a mirror serves is not modelled: the lines are taken to be slower.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from milepost.model.bit_rate import bits_per_second
from milepost.model.fleet import Fleet, Node, Station, Tier
from milepost.model.record import record
from milepost.model.registry_routing import RegistryRouting, RegistrySite
from milepost.model.rollout import Layer, LineLoad, NodePulls

LEVELS = ("province", "station-group", "station")
"""Of mirrors, from the centre outward."""
FETCHES = 2
"""How often a cold mirror fetches a blob that is asked for once."""


@record
class UpstreamMirror:
    """A mirror on the way (there is one object for each), and the rate of the line from the one that it fetches from (None: not known to be slow)."""

    level: str
    place: str
    tier: str
    rate: int | None

    @property
    def line(self) -> str:
        return f'line to the mirror "{self.tier}" of {self.place}'


Way = tuple[UpstreamMirror, ...]
"""The mirrors between a node and the centre, the nearest first."""


@record
class PullLocation:
    """A station group, or a station that has mirrors of its own (there is one object for each): all there pull by the same ways."""

    ways: Mapping[str, Way]
    """By registry, of those that have mirrors."""

    def way(self, host: str) -> Way:
        """The mirrors through which images of the registry ``host`` come."""
        return self.ways.get(host, ())


_Layers = Mapping[str, tuple[Sequence[Layer], int]]
"""Layers by the registry that they come from, and their bytes."""


@dataclass(slots=True, eq=False)
class _Asking:
    """Nodes of one place that ask for the same layers."""

    place: PullLocation
    layers: _Layers
    whole: int
    """Bytes for each node."""
    outside: int
    """Those of them that do not come from a mirror of the station, over its LAN, which is not counted."""
    count: int = 0


class MirrorTree:
    """One province's mirrors, and which layers each has by now."""

    def __init__(self, fleet: Fleet, registry: RegistryRouting) -> None:
        self._province = fleet.province.name
        self._registry = registry
        self._share = fleet.province.prepull.share
        self._places: dict[object, PullLocation] = {}
        self._mirrors: dict[tuple[str, str], UpstreamMirror] = {}
        self._split = {site.group for site in registry.chains if site.station}
        self._warm: dict[UpstreamMirror, set[Layer]] = {}

    def cool(self) -> None:
        """Count every mirror as cold again."""
        self._warm.clear()

    def place(self, station: Station) -> PullLocation:
        """Where ``station`` pulls."""
        # A key for each station would be right as well, but pull groups are joined by place: a
        # group without station mirrors must be one place for that.
        key = station if station.group in self._split else station.group
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = self._place(station)
        return found

    def _place(self, station: Station) -> PullLocation:
        known = self._registry.chains
        chains = known.get(RegistrySite(station.group, station.name)) or known.get(
            RegistrySite(station.group), ()
        )
        # Of several chains of one registry the first serves.
        ways = {c[-1].host: tuple([self._mirror(h.tier, station) for h in c[:-1]]) for c in reversed(chains)}
        return PullLocation(ways)

    def _mirror(self, tier: Tier, station: Station) -> UpstreamMirror:
        body = tier.settings
        place = {"station": station.name, "station-group": station.group}.get(body.level, self._province)
        if (tier.name, place) not in self._mirrors:
            rate = None if body.down is None else bits_per_second(body.down)
            # A mirror at a station fetches over the station's own line, whose rate the
            # inventory knows. The lines of higher tiers nobody knows unless the tier states
            # them.
            if rate is None and body.level == "station" and station.access is not None:
                rate = station.access.down
            self._mirrors[tier.name, place] = UpstreamMirror(body.level, place, tier.name, rate)
        return self._mirrors[tier.name, place]

    def pull(self, pulls: Iterable[NodePulls]) -> tuple[LineLoad, ...]:
        """What crosses the lines when all of ``pulls`` run at once; the mirrors are warm after it."""
        lines: dict[Station | Node, int] = {}
        askers: dict[tuple[int, int], _Asking] = {}
        by_host: dict[int, _Layers] = {}
        for one in pulls:
            place, layers, count = self.place(one.station), one.layers, one.count
            # By identity: one tuple of layers, and one place, stands for thousands of nodes.
            asking = askers.get((id(place), id(layers)))
            if asking is None:
                if id(layers) not in by_host:
                    by_host[id(layers)] = _by_host(layers)
                asking = askers[id(place), id(layers)] = _asking(place, by_host[id(layers)])
            asking.count += count
            line: Station | Node = one.station
            size = asking.outside
            # A node with a line of its own (a wireless lane computer, say) is not behind the
            # station's mirror LAN either: it pulls all bytes over its own line.
            if one.node.access is not None and one.node.access is not line.access:
                line, size = one.node, asking.whole
            if size and line.access is not None:
                lines[line] = lines.get(line, 0) + size * count
        found = [self._sites(lines), *self._mirrors_of(self._fetch(askers.values()))]
        loads = [load for load in found if load is not None and load.size]
        return tuple(sorted(loads, key=lambda load: (-load.seconds, load.line)))

    def _sites(self, sizes: Mapping[Station | Node, int]) -> LineLoad | None:
        """The lines of stations and of nodes."""
        if not sizes:
            return None
        slowest = max(sizes, key=lambda line: sizes[line] / _rate(line))
        name = f"line of {'station' if isinstance(slowest, Station) else 'node'} {slowest.name}"
        rate = _rate(slowest) * self._share
        return LineLoad("site", name, rate, sizes[slowest], len(sizes), sum(sizes.values()))

    def _mirrors_of(self, fetched: Mapping[UpstreamMirror, int]) -> Iterator[LineLoad]:
        """The lines to mirrors, by level; those whose rate nobody gave are not counted."""
        for level in LEVELS:
            sizes = {m: size for m, size in fetched.items() if m.level == level and m.rate is not None}
            if sizes:
                slowest = max(sizes, key=lambda m: (sizes[m] / (m.rate or 1), m.place))
                rate = (slowest.rate or 1) * self._share
                yield LineLoad(level, slowest.line, rate, sizes[slowest], len(sizes), sum(sizes.values()))

    def _fetch(self, askers: Iterable[_Asking]) -> dict[UpstreamMirror, int]:
        """Bytes that each mirror fetches when nodes ask, those behind others first."""
        asked: dict[UpstreamMirror, dict[Layer, int]] = {}
        upstream: dict[UpstreamMirror, UpstreamMirror | None] = {}
        for one in askers:
            for host, (layers, _) in one.layers.items():
                if way := one.place.way(host):
                    upstream.update(zip(way, (*way[1:], None), strict=True))
                    wanted = asked.setdefault(way[0], {})
                    for layer in layers:
                        wanted[layer] = wanted.get(layer, 0) + one.count
        fetched: dict[UpstreamMirror, int] = {}
        # From the node outward to the centre: what a station's mirror fetches is what its
        # section's mirror is asked for, so a level can be counted only when those below it are.
        for level in reversed(LEVELS):
            for mirror in [m for m in asked if m.level == level]:
                warm, parent = self._warm.setdefault(mirror, set()), upstream[mirror]
                cold = {layer: times for layer, times in asked[mirror].items() if layer not in warm}
                if cold:
                    # Whatever one stage pulled is in the mirror for the next; this is what
                    # makes filling a mirror by one node first worth a stage.
                    warm.update(cold)
                    fetched[mirror] = FETCHES * sum([times * layer.size for layer, times in cold.items()])
                    if parent is not None:
                        wanted = asked.setdefault(parent, {})
                        for layer, times in cold.items():
                            wanted[layer] = wanted.get(layer, 0) + FETCHES * times
        return fetched


def _by_host(layers: Iterable[Layer]) -> _Layers:
    found: dict[str, list[Layer]] = {}
    for layer in layers:
        found.setdefault(layer.host, []).append(layer)
    return {host: (those, sum([layer.size for layer in those])) for host, those in found.items()}


def _asking(place: PullLocation, layers: _Layers) -> _Asking:
    whole = [size for _, size in layers.values()]
    outside = [size for host, (_, size) in layers.items() if not _at_station(place.way(host))]
    return _Asking(place, layers, sum(whole), sum(outside))


def _at_station(way: Way) -> bool:
    return bool(way) and way[0].level == "station"


def _rate(line: Station | Node) -> int:
    return line.access.down if line.access is not None else 1
