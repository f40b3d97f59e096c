"""Mirror homes: the one node that each mirror runs on, whose disk holds it and whose architecture has its image."""

from __future__ import annotations

from collections.abc import Sequence

from milepost.diagnostics import Code, Related, Sink
from milepost.model.fleet import Image, Node, Station, StationGroup, Tier
from milepost.model.quantity import bytes_of
from milepost.plan.images.versions_in_use import locked
from milepost.plan.placement.selector_matching import node_fits

MP4071 = Code(
    "MP4071",
    "mirror does not match exactly one node",
    "A mirror keeps what it fetched on a node's disk, and its endpoint leads to that node. So exactly one node of each "
    "road section (or station) must match. With several, the choice could change when a node is added, and the mirror "
    "would start empty somewhere else.",
    "mirror:\n  nodes: {roles: [server]}\n# in a road section with two servers\n",
)
MP4072 = Code(
    "MP4072",
    "mirror does not fit its node",
    "The node that a mirror runs on must have a disk that holds its storage, an architecture that its image was built "
    "for, and an address where the endpoint says `{address}`. The same image puts hosts.toml on every node of the site, "
    "so it must cover their architectures too.",
    "mirror:\n  storage: {size: 2Ti, path: /var/lib/registry}\n# on a node with a disk of 1Ti\n",
)
_NAMED = 3
"""Nodes that a message names; the others are counted."""


Home = tuple[Node, Station]
"""The node that a mirror runs on, and its station."""


class MirrorHomes:
    """The home of each tier at each place, looked up once; what is wrong is in the sink once."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._homes: dict[tuple[str, str, str], Home | None] = {}
        self._platforms: dict[str, tuple[str, ...]] = {}

    def home(self, tier: Tier, group: StationGroup, station: Station | None) -> Home | None:
        """The one node that fits; None, and a diagnostic, where there is none or more than one."""
        key = (tier.name, group.name, station.name if station else "")
        # None is an answer too. With `get` a place without a fitting node would be looked at,
        # and reported, once for every caller.
        if key not in self._homes:
            self._homes[key] = self._choose(tier, group, station)
        return self._homes[key]

    def address(self, tier: Tier, group: StationGroup, station: Station | None) -> str:
        """The node's address, or ``""`` after a diagnostic."""
        home = self.home(tier, group, station)
        node = home[0] if home is not None else None
        if node is not None and node.row.address is None:
            at = tier.origin.of("spec", "endpoint")
            related = [Related("its row", node.origin.span)]
            message = f'registry tier "{tier.name}" needs the address of node {node.name}, which has none'
            self._sink.report(MP4072, message, at.span, related=related, hint="give the node an address")
        return (node.row.address if node else None) or ""

    def image(self, tier: Tier) -> tuple[str, tuple[str, ...]]:
        """The mirror's image with its digest, and its architectures; both empty after a diagnostic."""
        image, mirror = tier.image, tier.settings.mirror
        if image is None or mirror is None:
            return "", ()
        if image.name not in self._platforms:
            self._platforms[image.name] = tuple(sorted(locked(image, mirror.version, self._sink)))
        platforms = self._platforms[image.name]
        return (_pinned(image, mirror.version) if platforms else ""), platforms

    def _choose(self, tier: Tier, group: StationGroup, station: Station | None) -> Home | None:
        found = [(node, s) for s in ([station] if station else group.stations) for node in s.nodes]
        # By labels first, in plain loops: every node of the fleet is looked at, and few have the label of a mirror.
        for key, value in [label for selector in tier.selector for label in selector.labels.items()]:
            found = [(n, s) for n, s in found if key in n.labels and n.labels[key].value == value]
        fitting = [(n, s) for n, s in found if node_fits(tier.selector, n, s)]
        if len(fitting) != 1:
            place = f"station {station.name}" if station else f"station group {group.name}"
            self._not_one(tier, place, [node for node, _ in fitting])
            return None
        self._check(tier, fitting[0][0])
        return fitting[0]

    def _not_one(self, tier: Tier, place: str, fitting: Sequence[Node]) -> None:
        names = ", ".join(n.name for n in fitting[:_NAMED])
        more = f" and {len(fitting) - _NAMED} more" if len(fitting) > _NAMED else ""
        what = f"{len(fitting)} nodes: {names}{more}" if fitting else "no node"
        self._sink.report(
            MP4071,
            f'the mirror of registry tier "{tier.name}" fits {what} in {place}',
            tier.origin.of("spec", "mirror", "nodes").span,
            related=[Related(f"node {n.name}", n.origin.span) for n in fitting[:_NAMED]],
            hint="give one node of it a label of its own and select that, or leave the place out of the tier",
        )

    def _check(self, tier: Tier, node: Node) -> None:
        mirror = tier.settings.mirror
        if mirror is None:
            return
        if bytes_of(mirror.storage.size) > node.profile.disk - node.profile.reserved_disk:
            wrong = f"{mirror.storage.size} on a disk that leaves less"
            self._misfit(tier, node, ("storage", "size"), wrong, "a smaller size")
        _, platforms = self.image(tier)
        if platforms and node.profile.architecture not in platforms:
            built = ", ".join(platforms)
            self._misfit(
                tier,
                node,
                ("image",),
                f"an image for {built} on {node.profile.architecture}",
                "another image",
            )

    def _misfit(self, tier: Tier, node: Node, path: tuple[str, ...], what: str, help_: str) -> None:
        self._sink.report(
            MP4072,
            f'the mirror of registry tier "{tier.name}" cannot run on node {node.name}: {what}',
            tier.origin.of("spec", "mirror", *path).span,
            related=[Related("the node", node.origin.span)],
            hint=f"select another node, or {help_}",
        )


def _pinned(image: Image, version: str) -> str:
    repository = image.repositories[""]
    return f"{repository}@{image.digest(version, repository)}"
