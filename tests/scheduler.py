"""A small scheduler with Kubernetes' required rules: node selectors, node affinity, pod affinity and anti-affinity,
requests of CPU and memory, ports of the node.

It chooses nodes at random, as the real one may, so a promise that holds for it holds in whatever order pods come.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Any

from amounts import kept
from objects import Object

HOSTNAME = "kubernetes.io/hostname"
Labels = Mapping[str, str]
Size = tuple[Fraction | int, Fraction | int]
"""Cores of CPU and bytes of memory."""
ENDLESS: Size = (10**9, 10**18)
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


@dataclass
class Pod:
    """A pod that has to be placed; ``node`` is where it runs."""

    owner: str
    namespace: str
    labels: Labels
    spec: Object
    only: str | None = None
    """The node that a DaemonSet made it for."""
    node: str | None = None

    def terms(self, kind: str) -> list[Object]:
        found: list[Object] = self.spec.get("affinity", {}).get(kind, {}).get(REQUIRED, [])
        return found

    def requests(self) -> Size:
        """CPU in cores and memory in bytes, of all its containers; a limit stands for a request."""
        every = [c.get("resources", {}) for c in self.spec["containers"]]
        stated = [{**r.get("limits", {}), **r.get("requests", {})} for r in every]
        cpu, memory = (sum(kept(str(s.get(kind, "0"))) for s in stated) for kind in ("cpu", "memory"))
        return cpu, memory

    def ports(self) -> list[tuple[int, str]]:
        """Ports of the node that it takes."""
        ports = [port for c in self.spec["containers"] for port in c.get("ports", ())]
        own = self.spec.get("hostNetwork", False)
        taken = [(p.get("hostPort") or (own and p["containerPort"]), p.get("protocol", "TCP")) for p in ports]
        return [(number, protocol) for number, protocol in taken if number]


@dataclass
class Cluster:
    """Nodes by name with their labels, and pods."""

    nodes: Mapping[str, Labels]
    sizes: Mapping[str, Size] = field(default_factory=dict)
    """What each node has for pods; without end where it is not named."""
    pods: list[Pod] = field(default_factory=list)

    def add(self, body: Object) -> None:
        """The pods that a workload's controller makes."""
        template = body["spec"]["template"]
        name, namespace = body["metadata"]["name"], body["metadata"]["namespace"]
        labels, spec = template["metadata"]["labels"], template["spec"]
        if body["kind"] == "DaemonSet":
            fitting = [n for n, own in self.nodes.items() if _node_fits(spec, own)]
            self.pods += [Pod(name, namespace, labels, spec, only=node) for node in fitting]
        else:
            count = body["spec"].get("replicas", body["spec"].get("completions", 1))
            self.pods += [Pod(name, namespace, labels, spec) for _ in range(count)]

    def schedule(self, random: Random) -> list[Pod]:
        """Place every pod that can be placed, in a random order; give those that are left."""
        waiting = [pod for pod in self.pods if pod.node is None]
        random.shuffle(waiting)
        progress = True
        while progress and waiting:
            progress = False
            for pod in list(waiting):
                nodes = self.feasible(pod)
                if nodes:
                    pod.node = random.choice(nodes)
                    waiting.remove(pod)
                    progress = True
        return waiting

    def feasible(self, pod: Pod) -> list[str]:
        candidates = [pod.only] if pod.only else list(self.nodes)
        return [
            name
            for name in candidates
            if _node_fits(pod.spec, self.nodes[name]) and self._may_join(pod, name) and self._holds(pod, name)
        ]

    def _holds(self, pod: Pod, node: str) -> bool:
        here = [pod, *(other for other in self.pods if other.node == node and other is not pod)]
        ports = [port for each in here for port in each.ports()]
        sums = (sum(amounts) for amounts in zip(*(each.requests() for each in here), strict=True))
        fits = all(wanted <= size for wanted, size in zip(sums, self.sizes.get(node, ENDLESS), strict=True))
        return fits and len(ports) == len(set(ports))

    def _may_join(self, pod: Pod, node: str) -> bool:
        here = [other for other in self.pods if other.node == node and other is not pod]
        if any(_selects(term, pod, other) for term in pod.terms("podAntiAffinity") for other in here):
            return False
        if any(_selects(term, other, pod) for other in here for term in other.terms("podAntiAffinity")):
            return False
        terms = pod.terms("podAffinity")
        # One and the same pod has to meet all terms; the first of a series may start if it meets them itself.
        placed = [other for other in self.pods if other.node and all(_selects(t, pod, other) for t in terms)]
        if terms and not placed:
            return all(_selects(term, pod, pod) for term in terms)
        return not terms or any(other.node == node for other in placed)


def _selects(term: Object, owner: Pod, other: Pod) -> bool:
    assert term["topologyKey"] == HOSTNAME
    selector = term["labelSelector"]
    equal = selector.get("matchLabels", {}).items() <= other.labels.items()
    return (
        owner.namespace == other.namespace
        and equal
        and _match(selector.get("matchExpressions", ()), other.labels)
    )


def _node_fits(spec: Object, labels: Labels) -> bool:
    terms = spec.get("affinity", {}).get("nodeAffinity", {}).get(REQUIRED, {}).get("nodeSelectorTerms", [{}])
    equal = spec.get("nodeSelector", {}).items() <= labels.items()
    return equal and any(_match(term.get("matchExpressions", ()), labels) for term in terms)


def _match(expressions: Sequence[Object], labels: Labels) -> bool:
    return all(_meets(expression, labels) for expression in expressions)


def _meets(expression: Object, labels: Labels) -> bool:
    key, operator = expression["key"], expression["operator"]
    if operator in ("Exists", "DoesNotExist"):
        return (key in labels) == (operator == "Exists")
    assert operator == "In", operator
    return labels.get(key) in expression["values"]


def joined(tables: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    """Nodes as they are after they joined with the rendered join lists, by name."""
    nodes: dict[str, dict[str, str]] = {}
    for data in tables.values():
        header, *rows = (line.split("\t") for line in data.decode().splitlines())
        for row in rows:
            cells: dict[str, Any] = dict(zip(header, row, strict=True))
            nodes[cells["node"]] = {
                **dict(pair.split("=", 1) for pair in cells["labels"].split(",")),
                "kubernetes.io/arch": cells["architecture"],
                HOSTNAME: cells["node"],
                "node-role.kubernetes.io/edge": "",
            }
    return nodes


def workloads(files: Mapping[str, bytes]) -> Iterator[Object]:
    """Every workload of a province's station groups."""
    from objects import objects

    groups = {path: data for path, data in files.items() if path.startswith("groups/")}
    kinds = ("Deployment", "StatefulSet", "DaemonSet", "Job")
    return (body for _, body in objects(groups) if body["kind"] in kinds)
