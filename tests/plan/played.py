"""Plays out a wave: the jobs that stand in the tree, told to the nodes of the join lists, over the lines of a highway."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from compiling import Compilation
from objects import Object, parse
from plan.highways import HOST, ROLES, Highway, sha
from plan.pull_simulation import Line, Mirror, Network, Node

Labels = Mapping[str, str]


@dataclass
class Played:
    """Seconds of each stage, and the bytes that each kind of line carried in all of them."""

    stages: list[float]
    to_province: float
    to_sections: float
    to_sites: float

    @property
    def seconds(self) -> float:
        return sum(self.stages)


def play(highway: Highway, compiled: Compilation, wave: str = "w1") -> Played:
    """The wave's stages, one after the other."""
    tree = dict(compiled.trees["north"].items())
    network = _Highway(highway, _labels(tree))
    stages = []
    for unit in (f"prepull/app-2-{wave}-province", f"prepull/app-2-{wave}-sections", f"prepull/app-2-{wave}"):
        jobs = list(jobs_of(tree, unit))
        if jobs:
            stages.append(network.stage(jobs))
    return Played(stages, *network.carried())


def jobs_of(tree: Mapping[str, bytes], unit: str) -> Iterator[Object]:
    """The pre-pull jobs of a unit."""
    for path, data in sorted(tree.items()):
        if path.rpartition("/")[0] == unit and not path.endswith("kustomization.yaml"):
            yield from parse(data)


def told(job: Object, labels: Mapping[str, Labels]) -> set[str]:
    """The nodes that a job is for, as KubeEdge works it out."""
    template = job["spec"]["imagePrePullTemplate"]
    if "nodeNames" in template:
        return set(template["nodeNames"])
    selector = template["labelSelector"]
    return {
        node
        for node, own in labels.items()
        if all(own.get(key) == value for key, value in selector["matchLabels"].items())
        and all(own.get(e["key"]) in e["values"] for e in selector["matchExpressions"])
    }


def _labels(tree: Mapping[str, bytes]) -> dict[str, Labels]:
    """Labels of every node: those of the join lists, and those that the kubelet gives."""
    found: dict[str, Labels] = {}
    for path, data in tree.items():
        if path.startswith("bootstrap/join/"):
            for row in data.decode().splitlines()[1:]:
                name, _, architecture, labels = row.split("\t")
                own = dict(label.split("=", 1) for label in labels.split(","))
                found[name] = {
                    **own,
                    "kubernetes.io/arch": architecture,
                    "node-role.kubernetes.io/edge": "",
                }
    return found


node_labels = _labels


class _Highway:
    def __init__(self, highway: Highway, labels: Mapping[str, Labels]) -> None:
        self.highway, self.labels, self.network = highway, labels, Network()
        rate = highway.share * 1e6
        self.province = Mirror(Line(highway.to_province * rate)) if highway.to_province else None
        self.sections = (
            {name: Mirror(Line(highway.to_section * rate)) for name in highway.sections}
            if highway.to_section
            else {}
        )
        self.lines: list[Line] = []
        self.nodes: dict[str, tuple[Node, str, str]] = {}
        self.held: dict[str, set[str]] = {}
        for site in highway.sites:
            shared = self._line(site.rate * rate)
            mirrors = [m for m in (self.sections.get(site.section), self.province) if m is not None]
            for number, (role, architecture, own) in enumerate(site.nodes):
                line = self._line(own * rate) if own else shared
                name = f"{site.name}-{number}"
                self.nodes[name] = (Node(line, mirrors), role, architecture)
                self.held[name] = {d for d, _ in highway.layers(ROLES[role], "1.0.0", architecture)}

    def _line(self, rate: float) -> Line:
        self.lines.append(Line(rate))
        return self.lines[-1]

    def stage(self, jobs: list[Object]) -> float:
        images = {f"{HOST}/{name}@{sha(name + '2.0.0')}": name for name in ROLES.values()}
        pulls: dict[Node, list[tuple[str, int]]] = {}
        for job in jobs:
            for name in sorted(told(job, self.labels)):
                node, _, architecture = self.nodes[name]
                for image in job["spec"]["imagePrePullTemplate"]["images"]:
                    for layer in self.highway.layers(images[image], "2.0.0", architecture):
                        if layer[0] not in self.held[name]:
                            self.held[name].add(layer[0])
                            pulls.setdefault(node, []).append(layer)
        return self.network.run(pulls)

    def carried(self) -> tuple[float, float, float]:
        return (
            self.province.line.carried if self.province else 0.0,
            sum(mirror.line.carried for mirror in self.sections.values()),
            sum(line.carried for line in self.lines),
        )
