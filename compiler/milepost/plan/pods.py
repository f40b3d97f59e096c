"""An application's components -> the pods that they make, the same at every station: the topology rules, applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from milepost.diagnostics import Code, Related, Sink
from milepost.model.fleet import Application, Component
from milepost.model.origin import At
from milepost.model.plan import NodeTerms
from milepost.model.spec.application import TopologyRule
from milepost.model.spec.node_group import NodeSelector
from milepost.model.template import STATION_ROOTS, roots
from milepost.plan.matching import architectures, terms

MP4003 = Code(
    "MP4003",
    "topology rules clash",
    "Two rules cannot hold at once: components that must share a node must also stay apart.",
    "topology:\n  - together: [redis, mysql]\n  - apart: [mysql, redis]\n",
)
MP4006 = Code(
    "MP4006",
    "components cannot share a pod",
    "Containers of one pod start, move and are counted together. So components that share a pod need the same number "
    "of replicas, the same kind of workload, one architecture rule, and ports of their own; on every matching node they "
    "need the same node selector, since otherwise a node would match one and not the other.",
    "topology: [{together: [lane, station-service]}]\n# lane runs on every node, station-service with 2 replicas\n",
)
MP4007 = Code(
    "MP4007",
    "components cannot be kept together by affinity",
    "Pods of their own are kept on one node only where no rollout can part them: one instance each, or as a follower of "
    "a component that runs on every matching node. With more instances, a rolling update may put the first on a node "
    "that the second cannot follow to.",
    "topology: [{together: [a, b], as: affinity}]\n# a with 2 replicas, b with 2 replicas, at stations of 3 nodes\n",
)
MP4008 = Code(
    "MP4008",
    "no node can ever match",
    "The node selector contradicts itself, or asks for architectures that the image was not built for.",
    "nodes: {architectures: [arm64]}\n# and an image built for amd64 alone\n",
)

Platforms = Mapping[tuple[str, str], tuple[str, ...]]
Builds = Mapping[tuple[str, str], tuple[tuple[str, tuple[str, ...]], ...]]


@dataclass(slots=True, eq=False)
class Pod:
    """Components that share a pod. ``apart`` and ``bonded`` hold other pods of the same application."""

    application: Application
    components: tuple[Component, ...]
    selectors: tuple[NodeSelector, ...]
    platforms: tuple[str, ...]
    builds: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What each of its images, as a message names it, was built for."""
    terms: NodeTerms = field(default_factory=NodeTerms)
    apart: dict[str, tuple[Pod, At]] = field(default_factory=dict)
    """Label of a pod that it never shares a node with, to that pod and the rule that says so."""
    near: str | None = None
    bond: str | None = None

    @property
    def main(self) -> Component:
        return self.components[0]

    @property
    def label(self) -> str:
        return f"{self.application.name}-{self.main.name}"

    @property
    def every_node(self) -> bool:
        return self.main.every_node

    @property
    def replicas(self) -> int:
        return 0 if self.main.spec.replicas == "every-node" else self.main.spec.replicas

    @property
    def survives(self) -> int:
        return max(c.spec.survives for c in self.components)

    @property
    def per_station(self) -> bool:
        """Whether each station needs an object of its own: counted instances, or texts that differ by station."""
        return not self.every_node or any(roots(text) & STATION_ROOTS for text in texts(self.components))


def texts(components: Sequence[Component]) -> list[str]:
    """Every template of these components."""
    found: list[str] = []
    for c in components:
        found += [*c.spec.env.values(), *(c.spec.args or ()), *c.templates.values()]
    return found


def pods(
    application: Application, platforms: Platforms, builds: Builds, domain: str, sink: Sink
) -> tuple[Pod, ...]:
    """The pods of ``application`` with their rules; every clash is in ``sink``."""
    groups = _shared(application, sink)
    made = [_pod(application, members, platforms, domain, sink) for members in groups]
    for pod in made:
        pod.builds = tuple(build for c in pod.components for build in builds[application.name, c.name])
    by_component = {c.name: pod for pod in made for c in pod.components}
    for rule, at in application.topology:
        if rule.together and rule.form == "affinity":
            _bond(rule, at, by_component, domain, sink)
    for rule, at in application.topology:
        if rule.apart or rule.spread:
            _separate(rule, at, by_component, sink)
    return tuple(made)


def _shared(application: Application, sink: Sink) -> list[list[Component]]:
    """Components by the pod that they share, in the order of the spec."""
    leader = {c.name: c.name for c in application.components}
    for rule, at in application.topology:
        if rule.together and rule.form == "pod":
            first = leader[rule.together[0]]
            for name in rule.together[1:]:
                old = leader[name]
                leader = {n: first if x == old else x for n, x in leader.items()}
            _check_shareable([c for c in application.components if leader[c.name] == first], at, sink)
    found: dict[str, list[Component]] = {}
    for component in application.components:
        found.setdefault(leader[component.name], []).append(component)
    for name, members in found.items():
        members.sort(key=lambda c: c.name != name)
    return list(found.values())


def _check_shareable(members: Sequence[Component], at: At, sink: Sink) -> None:
    first, *others = members
    for other in others:
        difference = _difference(first, other)
        if difference is not None:
            sink.report(
                MP4006,
                f'"{first.name}" and "{other.name}" cannot share a pod: {difference}',
                at.span,
                related=[Related(f'"{c.name}" is described here', c.origin.span) for c in (first, other)],
                hint="make them alike, or keep them together with `as: affinity`",
            )
    ports: dict[int, Component] = {}
    for component in members:
        for index, port in enumerate(component.spec.ports):
            twin = ports.setdefault(port.port, component)
            if twin is not component:
                sink.report(
                    MP4006,
                    f'"{twin.name}" and "{component.name}" share a pod and both listen on port {port.port}',
                    component.origin.of("ports", index, "port").span,
                    related=[Related("they share a pod by this rule", at.span)],
                )


def _difference(first: Component, other: Component) -> str | None:
    if first.spec.replicas != other.spec.replicas:
        return f"replicas {first.spec.replicas} and {other.spec.replicas}"
    if first.workload != other.workload:
        return f"a {first.workload} and a {other.workload}"
    if first.every_node and first.spec.nodes != other.spec.nodes:
        return "different nodes"
    if first.spec.host_network != other.spec.host_network:
        return "one uses the node's network and one does not"
    if ("" in first.image.repositories) != ("" in other.image.repositories):
        return "one image is multi-architecture and one has a repository per architecture"
    return "edgeApplication differs" if first.spec.edge_application != other.spec.edge_application else None


def _pod(
    application: Application,
    members: Sequence[Component],
    platforms: Platforms,
    domain: str,
    sink: Sink,
) -> Pod:
    selectors = _distinct(s for component in members for s in component.selector)
    common = set(platforms[application.name, members[0].name])
    for component in members[1:]:
        common &= set(platforms[application.name, component.name])
    pod = Pod(application, tuple(members), selectors, architectures(selectors, common))
    _settle(pod, domain, sink)
    return pod


def _distinct(selectors: Iterable[NodeSelector]) -> tuple[NodeSelector, ...]:
    found: list[NodeSelector] = []
    for selector in selectors:
        if selector not in found:
            found.append(selector)
    return tuple(found)


def _settle(pod: Pod, domain: str, sink: Sink) -> None:
    """Work out the node labels; report selectors that can never be met."""
    pod.terms = terms(pod.selectors, pod.application.stations, domain)
    if not pod.platforms or any(not values for _, values in pod.terms.within):
        why = "its node selectors contradict each other" if pod.platforms else "no architecture is left"
        sink.report(MP4008, f'"{pod.main.name}" can run on no node: {why}', pod.main.origin.of("nodes").span)


def _bond(rule: TopologyRule, at: At, by_component: Mapping[str, Pod], domain: str, sink: Sink) -> None:
    """Keep pods of their own on one node: one instance each, or followers of one that is everywhere."""
    together = list(dict.fromkeys(by_component[name] for name in rule.together or ()))
    everywhere = [pod for pod in together if pod.every_node]
    single = all(pod.replicas == 1 for pod in together)
    if not everywhere and not single:
        sink.report(
            MP4007,
            "only single instances, or followers of a component on every node, can be kept together by affinity",
            at.span,
            related=[
                Related(f'"{p.main.name}" has {p.replicas} replicas', p.main.origin.span) for p in together
            ],
            hint="use `as: pod`, or one replica each",
        )
        return
    selectors = _distinct(s for pod in together for s in pod.selectors)
    for pod in together:
        if pod.every_node:
            continue
        pod.selectors = selectors
        pod.platforms = tuple(sorted(set.intersection(*(set(p.platforms) for p in together))))
        _settle(pod, domain, sink)
        if everywhere:
            pod.near = everywhere[0].label
        else:
            pod.bond = together[0].label
    if len({tuple(map(repr, p.selectors)) for p in everywhere}) > 1:
        sink.report(
            MP4007,
            "components on every node stay together only where they match the same nodes",
            at.span,
            related=[
                Related(f'nodes of "{p.main.name}"', p.main.origin.of("nodes").span) for p in everywhere
            ],
        )


def _separate(rule: TopologyRule, at: At, by_component: Mapping[str, Pod], sink: Sink) -> None:
    for one, other in combinations(rule.apart or rule.spread or (), 2):
        first, second = by_component[one], by_component[other]
        bound = first.bond is not None and first.bond == second.bond
        follows = first.near == second.label or second.near == first.label
        if first is second or bound or follows:
            sink.report(
                MP4003,
                f'"{one}" and "{other}" must share a node and must stay apart',
                at.span,
                related=[Related("together by this rule", _together(first, one, other, at).span)],
                hint="remove one of the two rules",
            )
            continue
        first.apart.setdefault(second.label, (second, at))
        second.apart.setdefault(first.label, (first, at))


def _together(pod: Pod, one: str, other: str, fallback: At) -> At:
    for rule, at in pod.application.topology:
        if rule.together and {one, other} & set(rule.together):
            return at
    return fallback
