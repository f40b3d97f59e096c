"""The lines between the centre and a node, and what really crosses them when nodes pull.

A pull through a cold mirror fetches every blob twice: to serve it, and again to store it. Through two of them the
centre's line carries it four times, the province's twice, as measured for one client with CNCF Distribution 2.8; of
several clients at once each makes a cold mirror fetch anew. A warm mirror fetches nothing. Milepost counts mirrors as
cold for every layer that is new to the nodes: cached content expires.

How fast a mirror serves is not modelled: the lines are taken to be slower.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from milepost.model.fleet import Station, Tier
from milepost.model.plan import Plan
from milepost.model.quantity import bits_per_second
from milepost.model.registry import Chain, Site
from milepost.model.rollout import Layer, Load, NodePulls

LEVELS = ("province", "station-group", "station")
"""Of mirrors, from the centre outward."""
FETCHES = 2
"""How often a cold mirror fetches a blob that is asked for once."""


@dataclass(frozen=True, slots=True, eq=False)
class Mirror:
    """A mirror on the way (there is one object for each), and the rate of the line from the one that it fetches from (None: not known to be slow)."""

    level: str
    place: str
    tier: str
    rate: int | None

    @property
    def line(self) -> str:
        return f'line to the mirror "{self.tier}" of {self.place}'


Way = tuple[Mirror, ...]
"""The mirrors between a node and the centre, the nearest first."""


@dataclass(slots=True, eq=False)
class _Asking:
    """Nodes that ask for the same layers by the same way."""

    way: Way
    layers: list[Layer]
    count: int = 0


class MirrorTree:
    """One province's mirrors, and which layers each has by now."""

    def __init__(self, plan: Plan) -> None:
        self._province = plan.fleet.province.name
        self._registry = plan.registry
        self._share = plan.fleet.province.prepull.share
        self._ways: dict[tuple[str, str, str], Way] = {}
        self._mirrors: dict[tuple[str, str], Mirror] = {}
        self._split = {site.group for site in plan.registry.chains if site.station}
        self._warm: set[tuple[Mirror, Layer]] = set()

    def cool(self) -> None:
        """Count every mirror as cold again."""
        self._warm.clear()

    def place(self, station: Station) -> tuple[str, str]:
        """Stations of one place have the same ways: a station group, or a station that has mirrors of its own."""
        return station.group, station.name if station.group in self._split else ""

    def way(self, station: Station, host: str) -> Way:
        """The mirrors through which ``station`` pulls images of the registry ``host``."""
        group, name = self.place(station)
        key = (group, name, host)
        found = self._ways.get(key)
        if found is None:
            found = self._ways[key] = self._way(station, Site(group, name), host)
        return found

    def _way(self, station: Station, site: Site, host: str) -> Way:
        if site not in self._registry.chains:
            site = Site(site.group)
        chains = self._registry.chains.get(site, ())
        chain: Chain = next((chain for chain in chains if chain[-1].host == host), ())
        return tuple(self._mirror(hop.tier, station) for hop in chain[:-1])

    def _mirror(self, tier: Tier, station: Station) -> Mirror:
        body = tier.spec
        rate = None if body.down is None else bits_per_second(body.down)
        place = {"station": station.name, "station-group": station.group}.get(body.level, self._province)
        if rate is None and body.level == "station" and station.access is not None:
            rate = station.access.down
        return self._mirrors.setdefault((tier.name, place), Mirror(body.level, place, tier.name, rate))

    def pull(self, pulls: Iterable[NodePulls]) -> tuple[Load, ...]:
        """What crosses the lines when all of ``pulls`` run at once; the mirrors are warm after it."""
        sites: dict[object, int] = {}
        example: dict[object, NodePulls] = {}
        amounts: dict[int, dict[str, int]] = {}
        askers: dict[tuple[int, str, int], _Asking] = {}
        for one in pulls:
            # By identity: one tuple of layers, and one way, stands for thousands of nodes.
            layers = id(one.layers)
            if layers not in amounts:
                amounts[layers] = _by_host(one.layers)
            for host, size in amounts[layers].items():
                way = self.way(one.station, host)
                line = _line(one, way)
                if line is not None:
                    sites[line] = sites.get(line, 0) + size * one.count
                    example[line] = one
                if way:
                    key = (id(way), host, layers)
                    if key not in askers:
                        askers[key] = _Asking(way, [layer for layer in one.layers if layer.host == host])
                    askers[key].count += one.count
        found = [self._sites(sites, example), *self._mirrors_of(self._fetch(askers.values()))]
        loads = [load for load in found if load is not None and load.size]
        return tuple(sorted(loads, key=lambda load: (-load.seconds, load.line)))

    def _sites(self, sizes: Mapping[object, int], example: Mapping[object, NodePulls]) -> Load | None:
        """The lines of stations and of nodes."""
        if not sizes:
            return None
        slowest = max(sizes, key=lambda line: sizes[line] / _rate(example[line]))
        one = example[slowest]
        name = (
            f"line of station {one.station.name}"
            if slowest is one.station
            else f"line of node {one.node.name}"
        )
        rate = _rate(one) * self._share
        return Load("site", name, rate, sizes[slowest], len(sizes), sum(sizes.values()))

    def _mirrors_of(self, fetched: Mapping[Mirror, int]) -> Iterator[Load]:
        """The lines to mirrors, by level; those whose rate nobody gave are not counted."""
        for level in LEVELS:
            sizes = {m: size for m, size in fetched.items() if m.level == level and m.rate is not None}
            if sizes:
                slowest = max(sizes, key=lambda m: (sizes[m] / (m.rate or 1), m.place))
                rate = (slowest.rate or 1) * self._share
                yield Load(level, slowest.line, rate, sizes[slowest], len(sizes), sum(sizes.values()))

    def _fetch(self, askers: Iterable[_Asking]) -> dict[Mirror, int]:
        """Bytes that each mirror fetches when nodes ask, those behind others first."""
        asked: dict[Mirror, dict[Layer, int]] = {}
        upstream: dict[Mirror, Mirror | None] = {}
        for one in askers:
            upstream.update(zip(one.way, (*one.way[1:], None), strict=True))
            wanted = asked.setdefault(one.way[0], {})
            for layer in one.layers:
                wanted[layer] = wanted.get(layer, 0) + one.count
        fetched: dict[Mirror, int] = {}
        for level in reversed(LEVELS):
            for mirror in [m for m in asked if m.level == level]:
                parent = upstream[mirror]
                for layer, times in asked[mirror].items():
                    if (mirror, layer) in self._warm:
                        continue
                    self._warm.add((mirror, layer))
                    fetched[mirror] = fetched.get(mirror, 0) + FETCHES * times * layer.size
                    if parent is not None:
                        wanted = asked.setdefault(parent, {})
                        wanted[layer] = wanted.get(layer, 0) + FETCHES * times
        return fetched


def _by_host(layers: Iterable[Layer]) -> dict[str, int]:
    found: dict[str, int] = {}
    for layer in layers:
        found[layer.host] = found.get(layer.host, 0) + layer.size
    return found


def _line(pulls: NodePulls, way: Way) -> object | None:
    """Whose line the nodes' own pulls cross; behind a mirror of the station that is its LAN, which is not counted."""
    station, node = pulls.station, pulls.node
    if node.access is not None and node.access is not station.access:
        return node
    return None if station.access is None or (way and way[0].level == "station") else station


def _rate(pulls: NodePulls) -> int:
    access = pulls.node.access or pulls.station.access
    return access.down if access is not None else 1
