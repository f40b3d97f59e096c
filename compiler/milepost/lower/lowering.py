"""The lowering run: back ends over classes first, then the province; namespaces and delivery see what was made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from milepost.diagnostics import Sink
from milepost.lower import switch_units
from milepost.lower.backend import OutputIndex, Phase, PlacedManifest, backend_functions
from milepost.lower.order import in_order
from milepost.lower.placeholders import Filler, Placeholders
from milepost.lower.scope import GroupScope, ProvinceScope, StationScope
from milepost.lower.template_texts import TemplateValues
from milepost.lower.text_faults import TextFaults
from milepost.lower.tree_index import tree_index
from milepost.lower.unit_limits import check_sizes
from milepost.model import kinds, layout
from milepost.model.delivery.base import engine
from milepost.model.fleet import Station, StationGroup
from milepost.model.manifest import Manifest, ManifestTemplate, StaticFile, TemplateInstance
from milepost.model.plan import Plan, StationClass, Workload
from milepost.model.record import record

_PROTECTED = kinds.names(lambda kind: kind.prune_protected)
_RECREATED = kinds.names(lambda kind: kind.recreated)


@record
class Lowered:
    """Everything that a province's tree holds."""

    templates: tuple[ManifestTemplate, ...]
    texts: tuple[StaticFile, ...]


def lower(plan: Plan, sink: Sink) -> Lowered:
    """The templates of a province; texts that could not be filled are in ``sink``."""
    index = OutputIndex()
    faults = TextFaults()
    known = TemplateValues(plan)
    # What has pods before everything else: the later phases count their objects and look at
    # their pods.
    templates = [*_stations(plan, faults, known), *_groups(plan, faults, known), *_cloud(plan, faults)]
    faults.report(sink)
    _count(templates, index)
    templates += _templates(
        [m for function in backend_functions("lower_province") for m in function(plan, sink)], index
    )
    made = [m for function in backend_functions("lower_namespaces") for m in function(plan, index)]
    templates += _templates(made, index)
    texts: list[StaticFile] = []
    # In this order, since a `kustomization.yaml` lists the delivery objects as well.
    phases: tuple[Phase, ...] = ("lower_delivery", "lower_listing")
    for phase in phases:
        made = [m for function in backend_functions(phase) for m in function(plan, index)]
        templates += _templates(made, index)
        for text in (m for m in made if isinstance(m, StaticFile)):
            texts.append(text)
            index.add([text.path], ())
    _annotate(templates, plan)
    check_sizes(plan, index, sink)
    index.objects.update(switch_units.sizes(plan, templates))
    texts.append(tree_index(plan, index))
    return Lowered(tuple(templates), tuple(texts))


def _annotate(templates: Iterable[ManifestTemplate], plan: Plan) -> None:
    """Objects that hold data or other objects tell the agent not to remove them by itself; others, that it may."""
    own = engine(plan.fleet.province.sync.engine)
    # By set: one manifest may stand in several templates, and its annotations must be changed
    # once.
    for manifest in {m for template in templates for m in template.manifests}:
        marks = own.PRUNE_PROTECTION if manifest.kind in _PROTECTED else {}
        marks = own.RECREATION if manifest.kind in _RECREATED else marks
        if marks:
            metadata = manifest.body["metadata"]
            metadata["annotations"] = {**(metadata.get("annotations") or {}), **marks}


def _stations(plan: Plan, faults: TextFaults, known: TemplateValues) -> Iterable[ManifestTemplate]:
    functions = list(backend_functions("lower_station"))
    made: dict[Workload, tuple[Manifest, Placeholders[Station]]] = {}
    for station_class in plan.placement.station_classes:
        placeholders: Placeholders[Station] = Placeholders(_station_placeholders(station_class))
        scope = StationScope(plan, placeholders, faults, known, made)
        manifests = [m for function in functions for m in function(station_class, scope)]
        if manifests:
            instances = [
                TemplateInstance(layout.STATION.path(group=s.group, station=s.name), placeholders.values(s))
                for s in station_class.stations
            ]
            yield ManifestTemplate(in_order(manifests), tuple(instances))


def _groups(plan: Plan, faults: TextFaults, known: TemplateValues) -> Iterable[ManifestTemplate]:
    functions = list(backend_functions("lower_group"))
    for group_class in plan.placement.group_classes:
        placeholders: Placeholders[StationGroup] = Placeholders({"group": lambda group, _: group.name})
        scope = GroupScope(plan, placeholders, faults, known)
        manifests = [m for function in functions for m in function(group_class, scope)]
        if manifests:
            instances = [
                TemplateInstance(layout.SHARED.path(group=g.name), placeholders.values(g))
                for g in group_class.groups
            ]
            yield ManifestTemplate(in_order(manifests), tuple(instances))


def _cloud(plan: Plan, faults: TextFaults) -> Iterable[ManifestTemplate]:
    """A file for each application: they stand once in the province, and have owners and versions of their own."""
    scope = ProvinceScope(plan, Placeholders({}), faults)
    for application in sorted({workload.application for workload in plan.cloud.workloads}):
        here = [w for w in plan.cloud.workloads if w.application == application]
        manifests = [m for function in backend_functions("lower_cloud") for m in function(here, scope)]
        yield ManifestTemplate(
            in_order(manifests), (TemplateInstance(layout.CLOUD.path(application=application)),)
        )


def _station_placeholders(station_class: StationClass) -> dict[str, Filler[Station]]:
    placeholders: dict[str, Filler[Station]] = {
        "station": lambda station, _: station.name,
        "group": lambda station, _: station.group,
    }
    # Positions in the list of nodes; stations of a class have their pinned nodes at the same
    # ones.
    for pin in sorted({w.pin for w in station_class.workloads if w.pin is not None}):
        placeholders[f"node.{pin}"] = _node(pin)
    return placeholders


def _node(position: int) -> Filler[Station]:
    # A function of its own, since a lambda in the loop would see the last pin alone.
    return lambda station, _: station.nodes[position].name


def _templates(made: Iterable[Any], index: OutputIndex) -> list[ManifestTemplate]:
    """What back ends made, as templates: objects by their files, and whole templates."""
    by_path: dict[str, list[Manifest]] = {}
    for item in made:
        if isinstance(item, PlacedManifest):
            by_path.setdefault(item.path, []).append(item.manifest)
    found = [
        ManifestTemplate(in_order(manifests), (TemplateInstance(path),))
        for path, manifests in sorted(by_path.items())
    ]
    found += [item for item in made if isinstance(item, ManifestTemplate)]
    _count(found, index)
    return found


def _count(templates: Iterable[ManifestTemplate], index: OutputIndex) -> None:
    for template in templates:
        index.add([instance.path for instance in template.instances], [m.kind for m in template.manifests])
        index.add_pods(template)
