"""Workload counts: pods, Services, Deployments and DaemonSets of one province's templates, in all and by namespace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from milepost.model import kinds
from milepost.model.fleet import Node, Station
from milepost.model.manifest import Manifest, ManifestTemplate, fill_object
from milepost.model.plan import Plan, PodLoad, node_labels
from milepost.model.pod_template import mapping

_PART_OF = "app.kubernetes.io/part-of"
"""The label of what belongs to an application; Milepost's own pods have none."""


class WorkloadCounts:
    """Each count is made when it is asked for, since a compile looks at few of them."""

    def __init__(self, plan: Plan, templates: Sequence[ManifestTemplate]) -> None:
        self._plan = plan
        self._templates = templates

    @cached_property
    def nodes(self) -> int:
        return sum(self.nodes_of.values())

    @cached_property
    def nodes_of(self) -> Mapping[str, int]:
        """Station group to its nodes."""
        return {g.name: sum(len(s.nodes) for s in g.stations) for g in self._plan.fleet.province.groups}

    @cached_property
    def kinds(self) -> Counter[str]:
        """Objects of the cluster by kind."""
        found: Counter[str] = Counter()
        for template in self._templates:
            for manifest in named(template):
                found[manifest.kind] += len(template.instances)
        return found

    @cached_property
    def daemon_sets(self) -> int:
        return self.kinds[kinds.DAEMON_SET.name]

    @cached_property
    def pods_of(self) -> Counter[str]:
        """Namespace to its pods, once all of them run."""
        found: Counter[str] = Counter()
        for group, signatures in self._signatures.items():
            found[group] = sum(self._pods[number] * count for number, count in signatures.items())
        for namespace, count in self._others():
            found[namespace] += count
        return found

    @cached_property
    def planned_pods(self) -> int:
        """Pods of applications at all stations."""
        shapes = self._plan.placement.signatures
        return sum(count * len(shape.stations) for count, shape in zip(self._pods, shapes, strict=True))

    @cached_property
    def most_planned_pods(self) -> int:
        """No station group has more pods of applications; found without a look at every station."""
        stations = max((len(g.stations) for g in self._plan.fleet.province.groups), default=0)
        return stations * max(self._pods, default=0)

    @cached_property
    def cloud_replicas(self) -> tuple[int, ...]:
        return tuple(workload.replicas for workload in self._plan.cloud.workloads)

    def other_pods(self, nodes: int) -> int:
        """No more pods than these are of the cloud side or Milepost's own, where a DaemonSet has at most ``nodes``."""
        found = 0
        for template in self._templates:
            for manifest in template.manifests:
                if manifest.kind in _RUNS and not self._planned(template, manifest):
                    counted = _COUNTED.get(manifest.kind)
                    # Of DaemonSets of one template each is for other nodes: one for each group.
                    found += (
                        nodes if counted is None else counted(manifest.body["spec"]) * len(template.instances)
                    )
        return found

    def of_kind(self, kind: str) -> Counter[str]:
        """Namespace to its objects of a kind."""
        found: Counter[str] = Counter()
        for template in self._templates:
            for manifest in template.manifests:
                if manifest.kind == kind:
                    found.update(template.filled(manifest.body["metadata"]["namespace"]))
        return found

    @cached_property
    def backends(self) -> Mapping[str, int]:
        """By component: the most pods that one of its Services has; Services of a station count their own pods."""
        found: Counter[str] = Counter()
        for service, _ in self._services():
            label, selector = self._label(service), self._selector(service)
            # Milepost's own are of mirrors, which have one pod each.
            if not label or f"{self._domain}/instance" in selector:
                most = 1
            else:
                of_station = f"{self._domain}/station" in selector
                most = (self._per_station if of_station else self._per_group)[label]
            found[label or self._name(service)] = max(found[label or self._name(service)], most)
        return found

    @cached_property
    def addresses(self) -> int:
        """Pods behind Services, each as often as a Service has it."""
        total: Counter[str] = Counter({w.label: w.replicas for w in self._plan.cloud.workloads})
        for signature in self._plan.placement.signatures:
            for label, count in _by_label(signature.loads).items():
                total[label] += count * len(signature.stations)
        # Once for each component: all pods of a label stand behind its Services, be it one of
        # the section, one a station, or one an instance.
        served = {(label, self._name(s)) for s, _ in self._services() if (label := self._label(s))}
        mirrors = sum(places for service, places in self._services() if not self._label(service))
        return sum(total[label] for label, _ in served) + mirrors

    def _selector(self, service: Manifest) -> Mapping[str, Any]:
        return mapping(service.body["spec"].get("selector"))

    def _name(self, service: Manifest) -> str:
        return str(mapping(service.body["metadata"].get("labels")).get("app.kubernetes.io/name"))

    @property
    def _domain(self) -> str:
        return self._plan.fleet.catalog.label_domain

    def _services(self) -> Iterator[tuple[Manifest, int]]:
        """Each with the number of places where it stands."""
        for template in self._templates:
            for manifest in template.manifests:
                if manifest.kind == kinds.SERVICE.name:
                    yield manifest, len(template.instances)

    def _label(self, service: Manifest) -> str:
        """The workload whose pods it finds; empty for Milepost's own."""
        return str(self._selector(service).get(f"{self._domain}/workload", ""))

    @cached_property
    def _pods(self) -> list[int]:
        """Pods of applications at a station of each signature."""
        return [sum(load.instances for load in s.loads) for s in self._plan.placement.signatures]

    @cached_property
    def _signatures(self) -> Mapping[str, Counter[int]]:
        """Station group to how many stations of each signature it has."""
        index = self._plan.placement.signature_index
        return {
            group.name: Counter([index[station.name] for station in group.stations])
            for group in self._plan.fleet.province.groups
        }

    @cached_property
    def _per_station(self) -> Counter[str]:
        """Label of a workload to the most instances at one station."""
        found: Counter[str] = Counter()
        for signature in self._plan.placement.signatures:
            for label, count in _by_label(signature.loads).items():
                found[label] = max(found[label], count)
        return found

    @cached_property
    def _per_group(self) -> Counter[str]:
        """Label of a workload to the most instances in one namespace, that of the province among them."""
        found: Counter[str] = Counter({w.label: w.replicas for w in self._plan.cloud.workloads})
        loads = [_by_label(signature.loads) for signature in self._plan.placement.signatures]
        for signatures in self._signatures.values():
            here: Counter[str] = Counter()
            for number, stations in signatures.items():
                here.update({label: count * stations for label, count in loads[number].items()})
            for label, count in here.items():
                found[label] = max(found[label], count)
        return found

    def _others(self) -> Iterator[tuple[str, int]]:
        """Namespace and number of pods that no station's plan counts: of the cloud side, and Milepost's own."""
        for template in self._templates:
            for manifest in template.manifests:
                if manifest.kind not in _RUNS or self._planned(template, manifest):
                    continue
                for instance in template.instances:
                    body = fill_object(manifest.body, instance.values)
                    counted = _COUNTED.get(manifest.kind, self._on)
                    yield body["metadata"]["namespace"], counted(body["spec"])

    def _planned(self, template: ManifestTemplate, manifest: Manifest) -> bool:
        """Whether the loads of stations have it: what belongs to an application and stands with a station group."""
        of_application = _PART_OF in mapping(manifest.body["metadata"].get("labels"))
        return of_application and all(i.path.startswith("groups/") for i in template.instances[:1])

    def _on(self, spec: Mapping[str, Any]) -> int:
        """The nodes that a DaemonSet is for."""
        pod = spec["template"]["spec"]
        group = mapping(pod.get("nodeSelector")).get(f"{self._domain}/station-group")
        # Nearly all are for one group: asking the whole province for each would be its square.
        asked = self._labels.values() if group is None else [self._labels.get(str(group), [])]
        return sum(_matches(pod, labels) for found in asked for labels in found)

    @cached_property
    def _labels(self) -> Mapping[str, list[dict[str, str]]]:
        """Station group to the labels of its nodes, those among them that a kubelet sets."""
        return {
            group.name: [self._of(node, station) for station in group.stations for node in station.nodes]
            for group in self._plan.fleet.province.groups
        }

    def _of(self, node: Node, station: Station) -> dict[str, str]:
        own = {"kubernetes.io/hostname": node.name, "kubernetes.io/arch": node.profile.architecture}
        return {**node_labels(node, station, self._domain), **own, "node-role.kubernetes.io/edge": ""}


def named(template: ManifestTemplate) -> Iterable[Manifest]:
    """The objects of a template; what kustomize reads by itself has no name and is none."""
    return (m for m in template.manifests if "name" in m.body.get("metadata", {}))


def _by_label(loads: Iterable[PodLoad]) -> Counter[str]:
    found: Counter[str] = Counter()
    for load in loads:
        found[load.label] += load.instances
    return found


def _replicas(spec: Mapping[str, Any]) -> int:
    return int(spec.get("replicas", 1))


def _parallelism(spec: Mapping[str, Any]) -> int:
    return int(spec.get("parallelism", 1))


def _scheduled(spec: Mapping[str, Any]) -> int:
    return _parallelism(spec["jobTemplate"]["spec"])


_COUNTED = {
    kinds.DEPLOYMENT.name: _replicas,
    kinds.STATEFUL_SET.name: _replicas,
    kinds.JOB.name: _parallelism,
    kinds.CRON_JOB.name: _scheduled,
}


_RUNS = frozenset((*_COUNTED, kinds.DAEMON_SET.name))


def _matches(pod: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a node's labels fit a pod's node selector and required node affinity."""
    if any(labels.get(key) != value for key, value in mapping(pod.get("nodeSelector")).items()):
        return False
    affinity = mapping(mapping(pod.get("affinity")).get("nodeAffinity"))
    required = mapping(affinity.get("requiredDuringSchedulingIgnoredDuringExecution"))
    terms = required.get("nodeSelectorTerms")
    return terms is None or any(all(_fits(e, labels) for e in t.get("matchExpressions", ())) for t in terms)


def _fits(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    found, values = labels.get(expression["key"]), expression.get("values", ())
    return {
        "In": found in values,
        "NotIn": found not in values,
        "Exists": found is not None,
        "DoesNotExist": found is None,
    }[expression["operator"]]
