"""Plan: the fleet in, every decision out. A pass adds one kind of choice; ``PASSES`` is their order."""

from __future__ import annotations

from typing import Any, get_type_hints

from milepost.diagnostics import Sink
from milepost.model.fleet import Fleet
from milepost.model.plan import Plan
from milepost.plan.pass_order import Pass, in_order
from milepost.plan.passes import (
    address_failover,
    budget,
    capacity,
    cloud_placement,
    cloudcore_capacity,
    cluster_needs,
    distinct_names,
    edge_configs,
    group_versions,
    host_ports,
    image_architectures,
    interruption,
    line_routes,
    management_traffic,
    name_lengths,
    node_limits,
    partition,
    placement,
    prepull,
    quota,
    reconnect_contract,
    registry,
    station_labels,
    station_networks,
    station_values,
)
from milepost.plan.placement.matched_selectors import matches

__all__ = ["PASSES", "decide", "matches", "plan"]

PASSES: tuple[Pass, ...] = (
    group_versions,
    image_architectures,
    station_labels,
    station_networks,
    placement,
    address_failover,
    cloud_placement,
    registry,
    partition,
    name_lengths,
    distinct_names,
    station_values,
    capacity,
    host_ports,
    node_limits,
    quota,
    prepull,
    cluster_needs,
    line_routes,
    edge_configs,
    management_traffic,
    cloudcore_capacity,
    reconnect_contract,
    budget,
    interruption,
)
"""Each pass may read what the ones before it wrote; that they do is checked where this package is loaded."""
_PARTS = get_type_hints(Plan)
"""Field of the plan to what it holds: the fleet, and what passes wrote."""
STEPS = in_order(PASSES, Fleet, _PARTS.values())


def plan(fleet: Fleet, sink: Sink) -> Plan | None:
    """Every decision for one province, or None when a pass found that something cannot be; all faults in ``sink``."""
    result = decide(fleet, sink)
    return None if sink.failed else result


def decide(fleet: Fleet, sink: Sink) -> Plan | None:
    """As ``plan``, but what is only too slow, too large or too long away is given too, its faults in ``sink``."""
    # Keyed by type, because a pass declares what it reads and writes by types alone. One bag
    # with named fields hid which pass depended on which.
    known: dict[Any, Any] = {Fleet: fleet}
    for step in STEPS:
        if not step.apply(known, sink):
            return None
    return Plan(**{field: known[noun] for field, noun in _PARTS.items()})
