"""Runs the back ends over the plan: classes first, then the province, then delivery, which sees what was made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from milepost.diagnostics import Sink
from milepost.lower.base import Index, Phase, Placed, backend_functions
from milepost.lower.faults import TextFaults
from milepost.lower.order import in_order
from milepost.lower.scope import GroupScope, StationScope
from milepost.lower.sizes import check_sizes
from milepost.lower.stencil import Filler, Stencil
from milepost.lower.texts import Known
from milepost.lower.tree_index import tree_index
from milepost.model.fleet import Station, StationGroup
from milepost.model.manifest import Manifest, Sheet, Stamp, TextSheet
from milepost.model.plan import Plan, StationClass, Workload

SHARED_FILE = "shared.yaml"
"""The file of a group's own objects; a station is never named so, since a station's file ends in its name."""


@dataclass(frozen=True, slots=True, eq=False)
class Lowered:
    """Everything that a province's tree holds."""

    sheets: tuple[Sheet, ...]
    texts: tuple[TextSheet, ...]


def lower(plan: Plan, sink: Sink) -> Lowered:
    """The sheets of a province; texts that could not be filled are in ``sink``."""
    index = Index()
    faults = TextFaults()
    known = Known(plan)
    sheets = [*_stations(plan, faults, known), *_groups(plan, faults, known)]
    faults.report(sink)
    _count(sheets, index)
    sheets += _sheets(
        [m for function in backend_functions("lower_province") for m in function(plan, sink)], index
    )
    texts: list[TextSheet] = []
    phases: tuple[Phase, ...] = ("lower_delivery", "lower_listing")
    for phase in phases:
        made = [m for function in backend_functions(phase) for m in function(plan, index)]
        sheets += _sheets(made, index)
        for text in (m for m in made if isinstance(m, TextSheet)):
            texts.append(text)
            index.add([text.path], ())
    check_sizes(plan, index, sink)
    texts.append(tree_index(plan, index))
    return Lowered(tuple(sheets), tuple(texts))


def _stations(plan: Plan, faults: TextFaults, known: Known) -> Iterable[Sheet]:
    functions = list(backend_functions("lower_station"))
    made: dict[Workload, tuple[Manifest, Stencil[Station]]] = {}
    for station_class in plan.placement.station_classes:
        stencil: Stencil[Station] = Stencil(_station_holes(station_class))
        scope = StationScope(plan, stencil, faults, known, made)
        manifests = [m for function in functions for m in function(station_class, scope)]
        if manifests:
            stamps = [
                Stamp(f"groups/{s.group}/{s.name}.yaml", stencil.values(s)) for s in station_class.stations
            ]
            yield Sheet(in_order(manifests), tuple(stamps))


def _groups(plan: Plan, faults: TextFaults, known: Known) -> Iterable[Sheet]:
    functions = list(backend_functions("lower_group"))
    for group_class in plan.placement.group_classes:
        stencil: Stencil[StationGroup] = Stencil({"group": lambda group, _: group.name})
        scope = GroupScope(plan, stencil, faults, known)
        manifests = [m for function in functions for m in function(group_class, scope)]
        if manifests:
            stamps = [Stamp(f"groups/{g.name}/{SHARED_FILE}", stencil.values(g)) for g in group_class.groups]
            yield Sheet(in_order(manifests), tuple(stamps))


def _station_holes(station_class: StationClass) -> dict[str, Filler[Station]]:
    holes: dict[str, Filler[Station]] = {
        "station": lambda station, _: station.name,
        "group": lambda station, _: station.group,
    }
    for pin in sorted({w.pin for w in station_class.workloads if w.pin is not None}):
        holes[f"node.{pin}"] = _node(pin)
    return holes


def _node(position: int) -> Filler[Station]:
    return lambda station, _: station.nodes[position].name


def _sheets(made: Iterable[Any], index: Index) -> list[Sheet]:
    """What back ends made, as sheets: objects by their files, and whole sheets."""
    by_path: dict[str, list[Manifest]] = {}
    for item in made:
        if isinstance(item, Placed):
            by_path.setdefault(item.path, []).append(item.manifest)
    found = [Sheet(in_order(manifests), (Stamp(path),)) for path, manifests in sorted(by_path.items())]
    found += [item for item in made if isinstance(item, Sheet)]
    _count(found, index)
    return found


def _count(sheets: Iterable[Sheet], index: Index) -> None:
    for sheet in sheets:
        index.add([stamp.path for stamp in sheet.stamps], [m.kind for m in sheet.manifests])
