"""Fleet -> Plan: what shall be done? A pass adds one kind of choice; ``PASSES`` is their order."""

from __future__ import annotations

from milepost.diagnostics import Sink
from milepost.model.fleet import Fleet
from milepost.model.plan import Plan
from milepost.plan.passes import (
    budget,
    capacity,
    distinct_names,
    host_ports,
    images,
    interruption,
    names,
    partition,
    placement,
    prepull,
    quota,
    registry,
    station_labels,
    waves,
)
from milepost.plan.passes.base import Pass

PASSES: tuple[Pass, ...] = (
    waves,
    images,
    station_labels,
    placement,
    registry,
    partition,
    names,
    distinct_names,
    capacity,
    host_ports,
    quota,
    prepull,
    budget,
    interruption,
)
"""Each pass may use what the ones before it decided."""
REFUSE: tuple[Pass, ...] = (capacity, host_ports, quota, budget, interruption)
"""Passes that decide nothing that others need: what they refuse can still be looked at."""


def plan(fleet: Fleet, sink: Sink) -> Plan | None:
    """Every decision for one province, or None when a pass found that something cannot be; all faults in ``sink``."""
    result = look(fleet, sink)
    return None if sink.failed else result


def look(fleet: Fleet, sink: Sink) -> Plan | None:
    """As ``plan``, but what is only too slow, too large or too long away is given too, its faults in ``sink``."""
    result = Plan(
        fleet,
        components={(c.application, c.name): c for a in fleet.catalog.applications for c in a.components},
        groups={group.name: group for group in fleet.province.groups},
    )
    for step in PASSES:
        step.run(result, sink)
        if sink.failed and step not in REFUSE:
            return None
    return result
