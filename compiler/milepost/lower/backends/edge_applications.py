"""KubeEdge EdgeApplications: one per component and station group, one target per station.

Inside the real limits of its controller: one Deployment and nothing else, no node selector (it would be replaced),
its namespace written out, no overriders, and never more targets than ``plan.passes.partition`` allows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from milepost.diagnostics import Code, Sink
from milepost.lower.backend import PlacedManifest
from milepost.lower.placeholders import Placeholders
from milepost.lower.pod import patience, pod_template, selector_labels
from milepost.lower.scope import EDGE, PART_OF, GroupScope
from milepost.lower.template_texts import TemplateValues
from milepost.lower.text_faults import TextFaults
from milepost.model import kinds, layout
from milepost.model.fleet import Component, StationGroup
from milepost.model.manifest import Manifest, fill_object
from milepost.model.merging import merge
from milepost.model.objects import kubernetes_object
from milepost.model.plan import Plan, Workload
from milepost.model.template import STATION_ROOTS, roots

MP5010 = Code(
    "MP5010",
    "EdgeApplication with station values",
    "KubeEdge makes every copy of an EdgeApplication from one template. Texts that differ by station, config files and "
    "rules about other pods at the station cannot be said in it.",
    "components:\n  - {name: a, image: a, edgeApplication: true, env: {STATION: '{{ station.name }}'}}\n",
)


def lower_province(plan: Plan, sink: Sink) -> Iterable[PlacedManifest]:
    found: dict[tuple[str, Workload], list[str]] = {}
    for station_class in plan.placement.station_classes:
        for workload in station_class.workloads:
            if workload.kind == kinds.EDGE_APPLICATION.name:
                # One template serves all stations, whatever room for a rollout each has.
                alike = replace(workload, surge=False, reason="")
                for station in station_class.stations:
                    found.setdefault((station.group, alike), []).append(station.name)
    faults = TextFaults()
    # Sorted here: the classes come in the order of stations, and one more station must not move
    # other objects.
    for (group, workload), stations in sorted(found.items(), key=lambda item: (item[0][0], item[0][1].stem)):
        sayable = [_sayable(component, workload, sink) for component in plan.members(workload)]
        if all(sayable):
            manifest = _edge_application(plan, plan.fleet.groups[group], workload, sorted(stations), faults)
            yield PlacedManifest(layout.EDGE_APPLICATION.path(group=group, part=workload.stem), manifest)
    faults.report(sink)


def _sayable(component: Component, workload: Workload, sink: Sink) -> bool:
    texts = [*component.settings.env.values(), *(component.settings.args or ())]
    varies = any(roots(text) & STATION_ROOTS for text in texts) or component.settings.files
    if varies or workload.bond or workload.near:
        at = component.origin.of("edgeApplication")
        hint = "leave edgeApplication out: each station then has a Deployment of its own"
        sink.report(
            MP5010, f'"{component.name}" cannot be said in one template for all stations', at.span, hint=hint
        )
        return False
    return True


def _edge_application(
    plan: Plan, group: StationGroup, workload: Workload, stations: list[str], faults: TextFaults
) -> Manifest:
    scope = GroupScope(plan, Placeholders({"group": lambda g, _: g.name}), faults, TemplateValues(plan))
    template = pod_template(workload, scope)
    # The controller replaces the node selector by the node group's; what else it says becomes node affinity.
    selector = template["spec"].pop("nodeSelector")
    terms = template["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    domain = plan.fleet.catalog.label_domain
    implied = {f"{domain}/station-group", *EDGE}
    for term in terms["nodeSelectorTerms"]:
        term["matchExpressions"] += [
            {"key": key, "operator": "In", "values": [value]}
            for key, value in selector.items()
            if key not in implied
        ]
    deployment = kubernetes_object(
        kinds.DEPLOYMENT,
        workload.stem,
        namespace=group.name,
        spec={
            "replicas": workload.replicas,
            **patience(workload),
            "revisionHistoryLimit": 2,
            "selector": {"matchLabels": selector_labels(workload, scope)},
            # Without a surge, as in the plan: all stations share this template, and one of them
            # may have no free node.
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}},
            "template": template,
        },
    )
    for component in plan.members(workload):
        # Patched before it is put into the EdgeApplication: a patch is written for the
        # workload, and what is nested in `manifests` no strategic merge would reach.
        deployment = merge(deployment, component.settings.patch or {})
    body = kubernetes_object(
        kinds.EDGE_APPLICATION,
        workload.stem,
        namespace=group.name,
        labels={
            PART_OF: workload.application,
            "app.kubernetes.io/managed-by": "milepost",
        },
        spec={
            # One manifest alone: the controller compares contained resources with their
            # position, so one that is added in front deletes and makes anew everything behind
            # it.
            "workloadTemplate": {"manifests": [deployment]},
            "workloadScope": {"targetNodeGroups": [{"name": name} for name in stations]},
        },
    )
    values = scope.placeholders.values(group)
    return Manifest(
        # Filled here and not at the way out: the object stands once for each group, and
        # KubeEdge's copies for stations are not Milepost's to fill.
        fill_object(body, values),
        plan.members(workload)[0].origin,
        "one Deployment per station, made by KubeEdge",
    )
