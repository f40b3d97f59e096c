"""Mirror chains: the registry tiers that serve each place, from the centre outward, one tier a level at most."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from milepost.diagnostics import Code, Related, Sink
from milepost.model.fleet import Fleet, Station, StationGroup, Tier
from milepost.model.registry_routing import Chain, Hop

MP4070 = Code(
    "MP4070",
    "ambiguous registry tier",
    "A place pulls through one chain of tiers. Where two tiers with the same parent are for the same station group, "
    "which one is asked first would depend on their order.",
    "kind: RegistryTier\nmetadata: {name: a}\nspec: {level: province, parent: centre, endpoint: 'http://a.example:5000'}\n---\n"
    "kind: RegistryTier\nmetadata: {name: b}\nspec: {level: province, parent: centre, endpoint: 'http://b.example:5000'}\n",
)

Addresses = Callable[[Tier, StationGroup, Station | None], str]
"""The address of the node that runs a tier's mirror at a place."""


class MirrorChains:
    """Follows the tiers of one province; the address of a mirror's node is asked for where an endpoint names it."""

    def __init__(self, fleet: Fleet, addresses: Addresses, sink: Sink) -> None:
        self._province = fleet.province.name
        self._addresses, self._sink = addresses, sink
        self.roots = [tier for tier in fleet.catalog.tiers if tier.settings.parent is None]
        here = [tier for tier in fleet.catalog.tiers if self._in_province(tier)]
        self._of_stations = any(tier.settings.level == "station" for tier in here)
        self._children: dict[str, list[Tier]] = {}
        for tier in here:
            self._children.setdefault(tier.settings.parent or "", []).append(tier)

    def of_province(self) -> list[Chain]:
        """The tiers of level province, each with the centre that it pulls from."""
        tiers = [(t, root) for root in self.roots for t in self._children.get(root.name, ())]
        return [
            (self._hop(tier, None, None), self._hop(root, None, None))
            for tier, root in tiers
            if tier.settings.level == "province"
        ]

    def of(self, group: StationGroup, station: Station | None = None) -> tuple[Chain, ...]:
        """The chain of each centre that serves the place."""
        return tuple(
            self._chain(root, group, station)
            for root in self.roots
            if self._in_province(root) and self._serves(root, group, station)
        )

    def per_station(self, group: StationGroup) -> bool:
        """Whether stations of ``group`` have tiers of their own."""
        if not self._of_stations:
            return False
        nearest = [chain[0].tier for chain in self.of(group)]
        return any(self._next(tier, group, station) for tier in nearest for station in group.stations)

    def _chain(self, root: Tier, group: StationGroup, station: Station | None) -> Chain:
        hops: list[Hop] = []
        tier: Tier | None = root
        while tier is not None:
            hops.insert(0, self._hop(tier, group, station))
            tier = self._next(tier, group, station)
        return tuple(hops)

    def _next(self, tier: Tier, group: StationGroup, station: Station | None) -> Tier | None:
        serving = [t for t in self._children.get(tier.name, ()) if self._serves(t, group, station)]
        if len(serving) > 1:
            self._report(serving, group)
        return serving[0] if serving else None

    def _serves(self, tier: Tier, group: StationGroup, station: Station | None) -> bool:
        body = tier.settings
        if body.level == "station" and (
            station is None or (body.station_types and station.type not in body.station_types)
        ):
            return False
        return not body.groups or group.name in body.groups

    def _in_province(self, tier: Tier) -> bool:
        return not tier.settings.provinces or self._province in tier.settings.provinces

    def _hop(self, tier: Tier, group: StationGroup | None, station: Station | None) -> Hop:
        endpoint = (
            # Plain replacement instead of a template: `{address}` is resolved below, only where
            # it is asked for, because looking for the node reports a fault where there is none.
            tier.settings.endpoint.replace("{province}", self._province)
            .replace("{group}", group.name if group else "")
            .replace("{station}", station.name if station else "")
        )
        if "{address}" in endpoint and group is not None:
            own = station if tier.settings.level == "station" else None
            endpoint = endpoint.replace("{address}", self._addresses(tier, group, own))
        return Hop(tier, endpoint)

    def _report(self, tiers: Sequence[Tier], group: StationGroup) -> None:
        names = " and ".join(f'"{tier.name}"' for tier in tiers)
        self._sink.report(
            MP4070,
            f"registry tiers {names} both serve station group {group.name}",
            tiers[1].origin.of("metadata", "name").span,
            related=[Related("the first one", tiers[0].origin.of("metadata", "name").span)],
            hint="give each its own provinces or groups, or make one the parent of the other",
        )
