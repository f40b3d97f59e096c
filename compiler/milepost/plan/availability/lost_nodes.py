"""Named nodes lost: what is left of each component at their stations, and where the addresses go."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from milepost.model.fleet import Station
from milepost.model.plan import Plan
from milepost.plan.availability.dependencies import ComponentName
from milepost.plan.availability.node_loss import LossOutcome, known, outcomes


class StationLoss(NamedTuple):
    """A station without some of its nodes."""

    station: Station
    lost: tuple[str, ...]
    components: Mapping[ComponentName, LossOutcome]
    addresses: tuple[tuple[str, str | None], ...]
    """Each virtual address that was first on a lost node, and the node that it moves to; None where there is none."""


def station_losses(plan: Plan, nodes: Collection[str]) -> Iterator[StationLoss]:
    """Each station of the province that has any of ``nodes``."""
    of_plan = known(plan)
    for group in plan.fleet.province.groups:
        for station in group.stations:
            gone = [index for index, node in enumerate(station.nodes) if node.name in nodes]
            if gone:
                signature = plan.placement.signatures[plan.placement.signature_index[station.name]]
                names = tuple(station.nodes[index].name for index in gone)
                moved = tuple(_moved(plan, station, gone))
                yield StationLoss(station, names, outcomes(signature, gone, of_plan), moved)


def _moved(plan: Plan, station: Station, gone: Collection[int]) -> Iterator[tuple[str, str | None]]:
    for led in plan.failovers.led.get(station.name, ()):
        if led.order[0] in gone:
            rest = (index for index in led.order if index not in gone)
            successor = next(rest, None)
            yield led.address, None if successor is None else station.nodes[successor].name
