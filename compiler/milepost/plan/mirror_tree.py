"""The lines between the centre and a node, and what really crosses them when nodes pull.

A pull through a cold mirror fetches every blob twice: to serve it, and again to store it. Through two of them the
centre's line carries it four times, the province's twice, as measured for one client with CNCF Distribution 2.8; of
several clients at once each makes a cold mirror fetch anew. A warm mirror fetches nothing. Milepost counts mirrors as
cold for every layer that is new to the nodes: cached content expires.

How fast a mirror serves is not modelled: the lines are taken to be slower.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from milepost.model.fleet import Access, Node, Station, Tier
from milepost.model.plan import Plan
from milepost.model.quantity import bits_per_second
from milepost.model.registry import Chain, Site
from milepost.model.rollout import Layer, Load, NodePull

LEVELS = ("province", "station-group", "station")
"""Of mirrors, from the centre outward."""
FETCHES = 2
"""How often a cold mirror fetches a blob that is asked for once."""


@dataclass(frozen=True, slots=True)
class Mirror:
    """A mirror on the way, and the rate of the line from the one that it fetches from (None: not known to be slow)."""

    level: str
    place: str
    tier: str
    rate: int | None

    @property
    def line(self) -> str:
        return f'line to the mirror "{self.tier}" of {self.place}'


Way = tuple[Mirror, ...]
"""The mirrors between a node and the centre, the nearest first."""


class MirrorTree:
    """One province's mirrors, and which layers each has by now."""

    def __init__(self, plan: Plan) -> None:
        self._province = plan.fleet.province.name
        self._registry = plan.registry
        self._share = plan.fleet.province.prepull.share
        self._ways: dict[tuple[str, str, str], Way] = {}
        self._warm: set[tuple[Mirror, Layer]] = set()

    def way(self, station: Station, host: str) -> Way:
        """The mirrors through which ``station`` pulls images of the registry ``host``."""
        split = Site(station.group, station.name) in self._registry.chains
        key = (station.group, station.name if split else "", host)
        if key not in self._ways:
            chains = self._registry.chains.get(Site(key[0], key[1]), ())
            found: Chain = next((chain for chain in chains if chain[-1].host == host), ())
            self._ways[key] = tuple(self._mirror(hop.tier, station) for hop in found[:-1])
        return self._ways[key]

    def _mirror(self, tier: Tier, station: Station) -> Mirror:
        body = tier.spec
        rate = None if body.down is None else bits_per_second(body.down)
        if body.level == "station":
            own = station.access.down if station.access else None
            return Mirror(body.level, station.name, tier.name, rate if rate is not None else own)
        place = station.group if body.level == "station-group" else self._province
        return Mirror(body.level, place, tier.name, rate)

    def pull(self, pulls: Iterable[NodePull]) -> tuple[Load, ...]:
        """What crosses each line when all of ``pulls`` run at once, the slowest first; the mirrors are warm after it."""
        sizes: dict[tuple[str, int], int] = {}
        asked: dict[Mirror, dict[Layer, int]] = {}
        upstream: dict[Mirror, Mirror | None] = {}
        for pull in pulls:
            for layer in pull.layers:
                way = self.way(pull.station, layer.host)
                line = _line(pull.node, pull.station, way)
                if line is not None:
                    sizes[line] = sizes.get(line, 0) + layer.size
                if way:
                    wanted = asked.setdefault(way[0], {})
                    wanted[layer] = wanted.get(layer, 0) + 1
                    upstream.update(zip(way, (*way[1:], None), strict=True))
        for mirror, size in self._fetch(asked, upstream).items():
            if mirror.rate is not None:
                sizes[mirror.line, mirror.rate] = size
        loads = [Load(line, rate * self._share, size) for (line, rate), size in sizes.items() if size]
        return tuple(sorted(loads, key=lambda load: (-load.seconds, load.line)))

    def _fetch(
        self, asked: dict[Mirror, dict[Layer, int]], upstream: dict[Mirror, Mirror | None]
    ) -> dict[Mirror, int]:
        """Bytes that each mirror fetches, those behind others first."""
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


def _line(node: Node, station: Station, way: Way) -> tuple[str, int] | None:
    """The line that a node's own pulls cross; behind a mirror of the station that is its LAN, which is not counted."""
    access: Access | None = station.access
    if node.access is not None and node.access is not access:
        return f"line of node {node.name}", node.access.down
    if access is None or (way and way[0].level == "station"):
        return None
    return f"line of station {station.name}", access.down
