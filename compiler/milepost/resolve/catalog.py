"""The shared documents -> Catalog: everything of the fleet that is not one province's inventory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from milepost.diagnostics import Code, Related, Sink, did_you_mean
from milepost.model import spec
from milepost.model.fleet import Catalog, Image, Release
from milepost.model.origin import At
from milepost.model.written import Spec, Written
from milepost.resolve.applications import applications
from milepost.resolve.references import MP3001, find, loops
from milepost.resolve.selectors import check_node_selector

MP3003 = Code(
    "MP3003",
    "two partitions",
    "In KubeEdge a node is in one node group, so only one NodeGroup document can be the partition.",
    "kind: NodeGroup\nmetadata: {name: a}\nspec: {partition: station}\n---\n"
    "kind: NodeGroup\nmetadata: {name: b}\nspec: {partition: station-group}\n",
)
MP3004 = Code(
    "MP3004",
    "waves overlap",
    "A station group moves with one wave of a release. Named twice, it would move twice.",
    "waves:\n  - {name: first, groups: [hn-g4]}\n  - {name: second, groups: [hn-g4]}\n",
)
MP3005 = Code(
    "MP3005",
    "two releases of one application",
    "An application moves by one release at a time; with two, which version runs would depend on their order.",
    "kind: Release\nspec: {application: tolling}\n---\nkind: Release\nspec: {application: tolling}\n",
)


def catalog(spec_: Spec, sink: Sink) -> Catalog | None:
    """What all provinces share, or None when a reference dangles; every fault is in ``sink``."""
    fleet = spec_.fleet.model.spec
    images = {name: _image(image, spec_.lock) for name, image in spec_.images.items()}
    for name, station_type in fleet.station_types.items():
        at = spec_.fleet.at.of("spec", "stationTypes", name, "level")
        find("management level", station_type.level, dict.fromkeys(fleet.levels, True), at, sink)
    for group in spec_.station_groups.values():
        find("province", group.model.spec.province, spec_.provinces, group.at.of("spec", "province"), sink)
    _check_access(spec_, sink)
    _check_tiers(spec_, sink)
    partition = _partition(spec_, sink)
    for node_group in spec_.node_groups.values():
        if node_group.model.spec.match is not None:
            check_node_selector(node_group.model.spec.match, node_group.at.of("spec", "match"), spec_, sink)
    looped = loops(
        "node groups",
        {n: g.at.of("spec", "match", "group") for n, g in spec_.node_groups.items()},
        _next(spec_),
        sink,
    )
    resolved = () if looped else applications(spec_, images, sink)
    releases = tuple(r for w in spec_.releases.values() if (r := _release(w, spec_, sink)) is not None)
    _one_release_each(releases, sink)
    if sink.failed:
        return None
    return Catalog(
        name=spec_.fleet.name,
        label_domain=fleet.label_domain,
        levels=tuple(fleet.levels),
        roles=tuple(fleet.roles),
        station_types={name: t.level for name, t in fleet.station_types.items()},
        partition=partition,
        applications=resolved,
        releases=releases,
        images=images,
        policies=tuple((p.model.spec, p.at) for p in spec_.policies.values()),
        acknowledged=frozenset(a.removes.strip("/") for a in fleet.acknowledge),
        origin=spec_.fleet.at,
    )


def _image(written: Written[spec.Image], lock: spec.ImageLock | None) -> Image:
    body = written.model.spec
    apart: dict[str, str] = {str(arch): repository for arch, repository in (body.repositories or {}).items()}
    repositories = apart if body.repository is None else {"": body.repository}
    locked = lock.images.get(written.name, {}) if lock else {}
    return Image(
        written.name,
        repositories,
        tuple(body.versions),
        {version: tuple(entries) for version, entries in locked.items()},
        written.at,
    )


def _check_access(spec_: Spec, sink: Sink) -> None:
    levels: tuple[Written[Any], ...] = (
        spec_.fleet,
        *spec_.provinces.values(),
        *spec_.station_groups.values(),
    )
    for written in levels:
        access = written.model.spec.access
        if access is not None:
            find("access profile", access, spec_.access_profiles, written.at.of("spec", "access"), sink)


def _check_tiers(spec_: Spec, sink: Sink) -> None:
    tiers = spec_.registry_tiers
    for tier in tiers.values():
        if tier.model.spec.parent is not None:
            find("registry tier", tier.model.spec.parent, tiers, tier.at.of("spec", "parent"), sink)
    origins = {name: tier.at.of("spec", "parent") for name, tier in tiers.items()}
    loops("registry tiers", origins, lambda name: tiers[name].model.spec.parent, sink)


def _partition(spec_: Spec, sink: Sink) -> str | None:
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


def _next(spec_: Spec) -> Callable[[str], str | None]:
    def successor(name: str) -> str | None:
        match = spec_.node_groups[name].model.spec.match
        return match.group if match else None

    return successor


def _release(written: Written[spec.Release], spec_: Spec, sink: Sink) -> Release | None:
    body, at = written.model.spec, written.at.of("spec")
    application = find("application", body.application, spec_.applications, at.of("application"), sink)
    if application is not None:
        for key, version in (("from", body.start), ("to", body.to)):
            find("version", version, application.model.spec.versions, at.of(key), sink)
    waves = _waves(written, spec_, sink)
    names = [wave.name for wave in body.waves]
    if body.switched is not None and body.switched not in names:
        hint = did_you_mean(body.switched, names)
        sink.report(MP3001, f'there is no wave "{body.switched}"', at.of("switched").span, hint=hint)
        return None
    switched = names.index(body.switched) + 1 if body.switched else 0
    return Release(written.name, body.application, body.start, body.to, waves, switched, written.at)


def _waves(written: Written[spec.Release], spec_: Spec, sink: Sink) -> tuple[tuple[str, frozenset[str]], ...]:
    by_province: dict[str, list[str]] = {name: [] for name in spec_.provinces}
    for group in spec_.station_groups.values():
        by_province.setdefault(group.model.spec.province, []).append(group.name)
    taken: dict[str, At] = {}
    waves = []
    for index, wave in enumerate(written.model.spec.waves):
        members: dict[str, At] = {}
        for position, province in enumerate(wave.provinces):
            at = written.at.of("spec", "waves", index, "provinces", position)
            for group_name in find("province", province, by_province, at, sink) or ():
                members[group_name] = at
        for position, name in enumerate(wave.groups):
            at = written.at.of("spec", "waves", index, "groups", position)
            if find("station group", name, spec_.station_groups, at, sink):
                members[name] = at
        _check_overlap(members, taken, sink)
        taken |= members
        waves.append((wave.name, frozenset(members)))
    return tuple(waves)


def _check_overlap(members: Mapping[str, At], taken: Mapping[str, At], sink: Sink) -> None:
    for name in sorted(members.keys() & taken.keys()):
        sink.report(
            MP3004,
            f'station group "{name}" is in two waves',
            members[name].span,
            related=[Related("it moves with this wave already", taken[name].span)],
        )


def _one_release_each(releases: tuple[Release, ...], sink: Sink) -> None:
    first: dict[str, Release] = {}
    for release in releases:
        other = first.setdefault(release.application, release)
        if other is not release:
            sink.report(
                MP3005,
                f'application "{release.application}" has two releases',
                release.origin.document.span("metadata", "name"),
                related=[Related("the first one", other.origin.document.span("metadata", "name"))],
                hint="end one of them: set the application's version, then remove the release",
            )
