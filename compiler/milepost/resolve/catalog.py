"""The catalog: the shared documents resolved, everything of the fleet that is not one province's inventory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from milepost.diagnostics import Code, Related, Sink
from milepost.model import spec
from milepost.model.fleet import Catalog, FailoverDaemon, Image, NodeGroup
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedDocument, ParsedSpec
from milepost.model.spec.fleet import FailoverEntry
from milepost.model.spec.prepull_settings import Helper
from milepost.model.values_schema import ValuesSchema
from milepost.resolve import settings
from milepost.resolve.applications import applications, editions
from milepost.resolve.edge_references import check_edge
from milepost.resolve.references import find, loops
from milepost.resolve.registry_tiers import registry_tiers
from milepost.resolve.releases import releases
from milepost.resolve.selectors import chain, check_node_selector

MP3003 = Code(
    "MP3003",
    "more than one node group partition",
    "In KubeEdge a node is in one node group, so only one NodeGroup document can be the partition.",
    "kind: NodeGroup\nmetadata: {name: a}\nspec: {partition: station}\n---\n"
    "kind: NodeGroup\nmetadata: {name: b}\nspec: {partition: station-group}\n",
)
MP3009 = Code(
    "MP3009",
    "helper image is not multi-arch",
    "Pods that pull for a wave are the same on every node of it, whatever its architecture. So the image that stands in "
    "for the images' own programs is one repository whose tags are multi-architecture indexes; so is the image of "
    "`failover`.",
    "prepull: {engine: daemonset, helper: {image: plate-recognition, version: 5.2.0}}\n",
)


def catalog(spec_: ParsedSpec, sink: Sink) -> Catalog | None:
    """What all provinces share, or None when a reference dangles; every fault is in ``sink``."""
    fleet = spec_.fleet.model.spec
    images = {name: _image(image, spec_.lock) for name, image in spec_.images.items()}
    for name, station_type in fleet.station_types.items():
        at = spec_.fleet.at.of("spec", "stationTypes", name, "level")
        find("management level", station_type.level, dict.fromkeys(fleet.levels, True), at, sink)
    for group in spec_.station_groups.values():
        find("province", group.model.spec.province, spec_.provinces, group.at.of("spec", "province"), sink)
    _check_access(spec_, sink)
    partition = _partition(spec_, sink)
    for node_group in spec_.node_groups.values():
        if node_group.model.spec.match is not None:
            check_node_selector(node_group.model.spec.match, node_group.at.of("spec", "match"), spec_, sink)
    looped = loops(
        "node groups",
        spec_.node_groups,
        _next(spec_),
        lambda name: spec_.node_groups[name].at.of("spec", "match", "group"),
        sink,
    )
    # `chain` follows references from group to group and would not end in a loop.
    resolved = () if looped else applications(spec_, images, sink)
    frozen = () if looped else editions(spec_, images, sink)
    tiers = () if looped else registry_tiers(spec_, images, sink)
    _check_prepull(spec_, images, sink)
    check_edge(spec_, images, sink)
    failover = _failover(spec_, images, sink)
    moving = releases(spec_, sink)
    if sink.failed:
        return None
    return Catalog(
        name=spec_.fleet.name,
        label_domain=fleet.label_domain,
        levels=tuple(fleet.levels),
        roles=tuple(fleet.roles),
        station_types={name: t.level for name, t in fleet.station_types.items()},
        partition=partition,
        values_schema=None if fleet.values_schema is None else ValuesSchema(fleet.values_schema),
        applications=resolved,
        editions=frozen,
        releases=moving,
        images=images,
        tiers=tiers,
        failover=failover,
        node_groups=_node_groups(spec_),
        policies=tuple((p.model.spec.objects_per_unit, p.at) for p in spec_.policies.values()),
        cluster_limits=tuple(map(settings.cluster_limits, spec_.policies.values())),
        # With or without slashes at the ends, as people copy paths.
        acknowledged=frozenset(a.removes.strip("/") for a in fleet.acknowledge if a.removes is not None),
        origin=spec_.fleet.at,
    )


def _node_groups(spec_: ParsedSpec) -> tuple[NodeGroup, ...]:
    """Those by property, each with the selectors of the groups that it names."""
    return tuple(
        NodeGroup(name, chain(group.model.spec.match, spec_), group.at)
        for name, group in spec_.node_groups.items()
        if group.model.spec.match is not None
    )


def _image(parsed: ParsedDocument[spec.ImageDocument], lock: spec.ImageLock | None) -> Image:
    body = parsed.model.spec
    apart: dict[str, str] = {str(arch): repository for arch, repository in (body.repositories or {}).items()}
    # The empty key means "all architectures", so that every later stage reads one mapping
    # instead of two fields.
    repositories = apart if body.repository is None else {"": body.repository}
    locked = lock.images.get(parsed.name, {}) if lock else {}
    return Image(
        parsed.name,
        repositories,
        tuple(body.versions),
        {version: tuple(map(settings.locked, entries)) for version, entries in locked.items()},
        parsed.at,
    )


def _check_access(spec_: ParsedSpec, sink: Sink) -> None:
    levels: tuple[ParsedDocument[Any], ...] = (
        spec_.fleet,
        *spec_.provinces.values(),
        *spec_.station_groups.values(),
    )
    for parsed in levels:
        access = parsed.model.spec.access
        if access is not None:
            find("access profile", access, spec_.access_profiles, parsed.at.of("spec", "access"), sink)


def _partition(spec_: ParsedSpec, sink: Sink) -> str | None:
    partitions = [g for g in spec_.node_groups.values() if g.model.spec.partition is not None]
    for other in partitions[1:]:
        sink.report(
            MP3003,
            f'node group "{other.name}" is a second partition',
            other.document.span("spec", "partition"),
            related=[Related("the first stands here", partitions[0].document.span("spec", "partition"))],
            hint="use match for node groups beside the partition",
        )
    return partitions[0].model.spec.partition if partitions else None


def _next(spec_: ParsedSpec) -> Callable[[str], str | None]:
    def successor(name: str) -> str | None:
        match = spec_.node_groups[name].model.spec.match
        return match.group if match else None

    return successor


def _check_prepull(spec_: ParsedSpec, images: Mapping[str, Image], sink: Sink) -> None:
    """What stands in for the images' own programs is an image of the fleet, one for all architectures."""
    levels: tuple[ParsedDocument[Any], ...] = (spec_.fleet, *spec_.provinces.values())
    for parsed in levels:
        helper = parsed.model.spec.prepull and parsed.model.spec.prepull.helper
        if helper is None:
            continue
        _shared_image(helper, parsed.at.of("spec", "prepull", "helper"), images, sink)


def _failover(spec_: ParsedSpec, images: Mapping[str, Image], sink: Sink) -> FailoverDaemon | None:
    entry = spec_.fleet.model.spec.failover
    if entry is None:
        return None
    at = spec_.fleet.at.of("spec", "failover")
    image = _shared_image(entry, at, images, sink)
    return None if image is None else FailoverDaemon(image, entry.version, entry.secret, at)


def _shared_image(
    named: Helper | FailoverEntry, at: DocumentOrigin, images: Mapping[str, Image], sink: Sink
) -> Image | None:
    """The image of pods that are alike on all nodes."""
    image = find("image", named.image, images, at.of("image"), sink)
    if image is not None:
        find("version", named.version, dict.fromkeys(image.versions, True), at.of("version"), sink)
        if "" not in image.repositories:
            message = f'image "{image.name}" has a repository per architecture, and these pods are alike'
            sink.report(MP3009, message, at.of("image").span)
    return image
