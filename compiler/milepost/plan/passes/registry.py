"""Registry mirrors: the chain of every place, the mirrors that run, and what each choice costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from milepost.diagnostics import Code, Related, Severity, Sink
from milepost.model.fleet import Fleet, Node, Station, StationGroup
from milepost.model.plan import Placement, RunningVersions
from milepost.model.registry_routing import Chain, Hop, HostsAgent, Mirror, RegistryRouting, RegistrySite
from milepost.plan.mirrors.mirror_chains import MirrorChains
from milepost.plan.mirrors.mirror_demand import MirrorDemand
from milepost.plan.mirrors.mirror_homes import MP4072, MirrorHomes
from milepost.plan.mirrors.mirror_storage import MirrorSizing
from milepost.plan.pass_order import Role

MP4074 = Code(
    "MP4074",
    "mirror is not restarted automatically",
    "containerd goes to the next tier when one refuses, fails or has nothing. One that accepts a connection and never "
    "answers it waits for without end, and the tiers behind it are never asked. A mirror that Milepost runs is "
    "restarted when it stops answering; whether that holds for this one, Milepost cannot know.",
    "kind: RegistryTier\nspec: {level: province, parent: centre, endpoint: 'https://mirror.{province}.example'}\n# without mirror\n",
    Severity.WARNING,
)
MP4075 = Code(
    "MP4075",
    "images not served by any mirror",
    "A chain of mirrors serves the images whose registry is the centre's endpoint. Images of another registry are "
    "pulled from there by every node for itself.",
    "kind: RegistryTier\nspec: {level: center, endpoint: 'https://registry.example'}\n---\n"
    "kind: Image\nspec: {repository: elsewhere.example/redis, versions: [7.2.5]}\n",
    Severity.WARNING,
)


ROLE = Role.DECIDES


def run(fleet: Fleet, running: RunningVersions, placement: Placement, sink: Sink) -> RegistryRouting:
    # Without tiers nodes pull from the registries that references name, and nothing about them
    # is Milepost's to plan.
    if not fleet.catalog.tiers:
        return RegistryRouting()
    found = _Planner(fleet, MirrorDemand(fleet, running, placement), sink).registry()
    _check_silent(found, sink)
    _check_covered(fleet, sink)
    return found


class _Planner:
    """One province's tiers."""

    def __init__(self, fleet: Fleet, needs: MirrorDemand, sink: Sink) -> None:
        self.fleet, self.sink = fleet, sink
        self.places, self.sizing = MirrorHomes(sink), MirrorSizing(needs)
        self.chains = MirrorChains(fleet, self.places.address, sink)

    def registry(self) -> RegistryRouting:
        chains: dict[RegistrySite, tuple[Chain, ...]] = {}
        agents: dict[RegistrySite, HostsAgent] = {}
        mirrors = list(self._of_province())
        for group in self.fleet.province.groups:
            for site, station in self._sites(group):
                # A station with tiers of its own gets a chain of its own, and the group's chain
                # stays for the stations without.
                found = self.chains.of(group, station)
                chains[site] = found
                if (agent := self._agent(found, [station] if station else group.stations)) is not None:
                    agents[site] = agent
                mirrors += self._of_site(found, site, group, station)
        self.sizing.report(self.sink)
        return RegistryRouting(chains, agents, tuple(mirrors))

    def _sites(self, group: StationGroup) -> Iterator[tuple[RegistrySite, Station | None]]:
        yield RegistrySite(group.name), None
        if self.chains.per_station(group):
            for station in group.stations:
                yield RegistrySite(group.name, station.name), station

    def _of_province(self) -> Iterator[Mirror]:
        everywhere = [station for group in self.fleet.province.groups for station in group.stations]
        for chain in self.chains.of_province():
            image, platforms = self.places.image(chain[0].tier)
            if platforms:
                reason = self.sizing.reason(chain, everywhere)
                yield Mirror(chain[0], chain[1], None, None, platforms, image, reason)

    def _of_site(
        self, chains: Sequence[Chain], site: RegistrySite, group: StationGroup, station: Station | None
    ) -> Iterator[Mirror]:
        level = "station" if station else "station-group"
        for chain in chains:
            if chain[0].tier.settings.level != level or chain[0].tier.settings.mirror is None:
                continue
            image, platforms = self.places.image(chain[0].tier)
            home = self.places.home(chain[0].tier, group, station)
            if home is not None and platforms:
                reason = self.sizing.reason(chain, [station] if station else group.stations)
                yield Mirror(chain[0], chain[1], site, home[0], platforms, image, reason, home[1])

    def _agent(self, chains: Sequence[Chain], stations: Sequence[Station]) -> HostsAgent | None:
        """By the image of the nearest mirror that Milepost runs: nodes have, or soon have, a copy of it nearby."""
        # The nearest one of the chain: before hosts.toml is in place, an image from the centre
        # would cross the line of every node.
        hop = next((h for chain in chains for h in chain if h.tier.image is not None), None)
        if hop is None:
            return None
        image, platforms = self.places.image(hop.tier)
        lacking = [
            n for s in stations for n in s.nodes if platforms and n.profile.architecture not in platforms
        ]
        if lacking:
            self._report_lacking(hop, lacking, platforms)
        return HostsAgent(image, platforms) if platforms else None

    def _report_lacking(self, hop: Hop, nodes: Sequence[Node], platforms: Sequence[str]) -> None:
        missing = ", ".join(sorted({n.profile.architecture for n in nodes}))
        more = f" and {len(nodes) - 1} more" if len(nodes) > 1 else ""
        self.sink.report(
            MP4072,
            f'the image of registry tier "{hop.tier.name}" has no build for {missing}, so hosts.toml cannot be put '
            f"on node {nodes[0].name}{more}",
            hop.tier.origin.of("spec", "mirror", "image").span,
            related=[Related(f"node {n.name}", n.origin.span) for n in nodes[:3]],
            hint=f"use an image that covers it; this one covers {', '.join(platforms)}",
        )


def _check_silent(registry: RegistryRouting, sink: Sink) -> None:
    """Tiers before the last that Milepost does not run."""
    hops = {hop.tier: hop for chains in registry.chains.values() for chain in chains for hop in chain[:-1]}
    for tier in hops:
        if tier.settings.mirror is None:
            message = (
                f'pulls wait without end when registry tier "{tier.name}" accepts them and never answers'
            )
            hint = "let Milepost run it (mirror), or see to it that it is restarted when it stops answering"
            sink.report(MP4074, message, tier.origin.of("metadata", "name").span, hint=hint)


def _check_covered(fleet: Fleet, sink: Sink) -> None:
    """Images whose registry no chain ends at."""
    hosts = {
        tier.settings.endpoint.partition("://")[2]
        for tier in fleet.catalog.tiers
        if tier.settings.parent is None
    }
    used = {c.image.name: c.image for c in fleet.components.values()}
    for name, image in sorted(used.items()):
        for architecture, repository in image.repositories.items():
            host = repository.partition("/")[0]
            if host not in hosts:
                where = ("repositories", architecture) if architecture else ("repository",)
                message = f'image "{name}" comes from {host}, which no registry tier stands for'
                hint = "push it to the centre's registry and name that, or add a tier of level center for it"
                sink.report(MP4075, message, image.origin.of("spec", *where).span, hint=hint)
