"""Provinces resolved: one province's tables to its groups, and in them its stations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from milepost.diagnostics import Sink
from milepost.model import spec
from milepost.model.fleet import Access, Catalog, Fleet, Province, Settings, Station, StationGroup
from milepost.model.parsed import ParsedDocument, ParsedInventory, ParsedSpec
from milepost.resolve import inherit, manifest_objects, settings
from milepost.resolve.levels import InheritedLevel
from milepost.resolve.profiles import accesses
from milepost.resolve.stations import StationBuilder

Leveled = (
    ParsedDocument[spec.FleetDocument]
    | ParsedDocument[spec.ProvinceDocument]
    | ParsedDocument[spec.StationGroupDocument]
)


def fleet(catalog: Catalog, spec_: ParsedSpec, inventory: ParsedInventory, sink: Sink) -> Fleet | None:
    """The province as meant, or None when a row refers to nothing; every fault is in ``sink``."""
    known = accesses(spec_)
    stations = StationBuilder(catalog, spec_, inventory, known, sink)
    levels = _group_levels(catalog, spec_, inventory, known)
    by_group = stations.by_group(levels)
    stations.report()
    # Not before the report: all dangling names of all rows are to be seen at once.
    if sink.failed:
        return None
    return Fleet(catalog, _province(catalog, spec_, inventory, levels, by_group, known, sink))


def _province_level(
    catalog: Catalog, spec_: ParsedSpec, inventory: ParsedInventory, known: Mapping[str, Access]
) -> InheritedLevel:
    fleet_at, at = spec_.fleet.at.of("spec"), inventory.province.at.of("spec")
    above = InheritedLevel().document(spec_.fleet.model.spec, catalog.levels[0], fleet_at, known)
    return above.document(inventory.province.model.spec, catalog.levels[1], at, known)


def _group_levels(
    catalog: Catalog, spec_: ParsedSpec, inventory: ParsedInventory, known: Mapping[str, Access]
) -> dict[str, InheritedLevel]:
    """What holds in each station group of the province, by name, sorted."""
    above = _province_level(catalog, spec_, inventory, known)
    return {
        name: above.document(parsed.model.spec, catalog.levels[2], parsed.at.of("spec"), known)
        for name, parsed in spec_.groups_of[inventory.province.name].items()
    }


def _province(
    catalog: Catalog,
    spec_: ParsedSpec,
    inventory: ParsedInventory,
    levels: Mapping[str, InheritedLevel],
    stations: Mapping[str, list[Station]],
    known: Mapping[str, Access],
    sink: Sink,
) -> Province:
    parsed, of_fleet = inventory.province, spec_.fleet.model.spec
    body = parsed.model.spec
    level = _province_level(catalog, spec_, inventory, known)
    budgets = _budgets({}, spec_.fleet, catalog.levels[0])
    budgets = _budgets(budgets, parsed, catalog.levels[1])
    return Province(
        name=parsed.name,
        cluster=settings.cluster(body.cluster),
        cloud=settings.cloud(body.cloud),
        # As a whole and not key by key: half of one engine's settings with half of another's
        # would be valid and meant by nobody.
        sync=settings.sync(body.sync or of_fleet.sync),
        prepull=settings.prepull(body.prepull or of_fleet.prepull),
        cloudcore=None if body.cloudcore is None else settings.cloudcore(body.cloudcore),
        edge=settings.edge(body.edge or of_fleet.edge),
        node_upgrade=None if body.node_upgrade is None else settings.node_upgrade(body.node_upgrade),
        rights=level.rights,
        values=level.values,
        groups=tuple(
            _group(
                name,
                spec_,
                group,
                _budgets(budgets, spec_.station_groups[name], catalog.levels[2]),
                stations,
                sink,
            )
            for name, group in levels.items()
        ),
        objects=manifest_objects.of_province(_files(parsed), spec_, sink),
        origin=parsed.at,
    )


def _files(
    parsed: ParsedDocument[spec.ProvinceDocument] | ParsedDocument[spec.StationGroupDocument],
) -> Iterator[manifest_objects.Entry]:
    at = parsed.at.of("spec", "objects")
    return ((path, "group", at.of(index)) for index, path in enumerate(parsed.model.spec.objects))


def _group(
    name: str,
    spec_: ParsedSpec,
    level: InheritedLevel,
    budgets: Settings,
    stations: Mapping[str, list[Station]],
    sink: Sink,
) -> StationGroup:
    parsed = spec_.station_groups[name]
    return StationGroup(
        name=name,
        road=settings.road(parsed.model.spec.road),
        rights=level.rights,
        labels=level.labels,
        values=level.values,
        budgets=budgets,
        stations=tuple(stations.get(name, ())),
        objects=manifest_objects.of_group(_files(parsed), spec_, sink),
        origin=parsed.at,
    )


def _budgets(above: Settings, parsed: Leveled, level: str) -> Settings:
    return inherit.budgets(above, parsed.model.spec.budgets, level, parsed.at.of("spec", "budgets"))
