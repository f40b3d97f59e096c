"""Delivery objects: the objects and files of the province's delivery engine, for units as they were cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from milepost.lower import grouped, sync
from milepost.lower.backend import OutputIndex, PlacedManifest
from milepost.model import layout
from milepost.model.delivery.base import Delivery, DeliveryEngine, Unit, engine
from milepost.model.fleet import StationGroup
from milepost.model.manifest import Manifest, ManifestTemplate, StaticFile
from milepost.model.plan import Plan
from milepost.model.rollout import Gate


def lower_delivery(
    plan: Plan, index: OutputIndex
) -> Iterable[PlacedManifest | ManifestTemplate | StaticFile]:
    chosen, delivery = engine(plan.fleet.province.sync.engine), sync.delivery(plan, index.kinds)
    units = [sync.unit(path, plan) for path in index.units()]
    for file, body, reason in (*chosen.source(delivery), *chosen.identity(delivery)):
        yield PlacedManifest(
            layout.SYNC_FILE.path(file=file), Manifest(body, plan.fleet.province.origin, reason)
        )
    yield from _unit_objects(chosen, delivery, units, plan)
    moves = [(gate, sync.switching(gate, plan)) for gate in plan.prepulls.gates]
    yield from _switch_objects(chosen, delivery, moves, plan)
    for path, text in chosen.setup(delivery, [*units, *(unit for _, unit in moves)]):
        yield StaticFile(path, text)


def _unit_objects(
    chosen: DeliveryEngine, delivery: Delivery, units: Iterable[Unit], plan: Plan
) -> Iterator[PlacedManifest | ManifestTemplate]:
    """The agent's object of every unit, each in a file of its own; groups that wait for the same are alike."""
    of_groups: dict[str, Unit] = {}
    for unit in units:
        # Units of station groups differ in names alone, so they are made as one template below.
        # A province has some 150 of them.
        if unit.namespace is not None:
            of_groups[unit.namespace] = unit
        elif body := chosen.unit(unit, delivery):
            manifest = Manifest(body, plan.fleet.province.origin, f"syncs the unit {unit.path}")
            yield PlacedManifest(layout.SYNC_FILE.path(file=f"{unit.name}.yaml"), manifest)

    def manifests(group: StationGroup) -> Iterator[Manifest]:
        if body := chosen.unit(sync.for_group(of_groups[group.name], grouped.GROUP), delivery):
            yield Manifest(body, group.origin, "syncs the unit of the station group")

    # By what they leave alone, which an engine may say in the object of the unit.
    groups = [plan.fleet.groups[name] for name in of_groups]
    yield from grouped.templates(
        groups, layout.SYNC_GROUP, lambda group: of_groups[group.name].held, manifests
    )


def _switch_objects(
    chosen: DeliveryEngine, delivery: Delivery, moves: Iterable[tuple[Gate, Unit]], plan: Plan
) -> Iterator[PlacedManifest]:
    for gate, unit in moves:
        if body := chosen.unit(unit, delivery):
            reason = "waits for a pre-pull and then syncs what moves in the station group"
            path = layout.SYNC_SWITCH.path(group=gate.group, application=gate.application)
            yield PlacedManifest(path, Manifest(body, plan.fleet.groups[gate.group].origin, reason))
