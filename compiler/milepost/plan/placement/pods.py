"""Pods: components that start, move and are counted together, and the nodes that they may run on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from milepost.diagnostics import Code, Sink
from milepost.model.fleet import Application, Component
from milepost.model.matchers import NodeMatcher
from milepost.model.origin import DocumentOrigin
from milepost.model.plan import ALL_NODES
from milepost.model.pod_template import draft
from milepost.model.resource_request import NOTHING, ResourceRequest
from milepost.model.template import STATION_ROOTS, roots
from milepost.model.terms import NodeTerms
from milepost.plan.capacity.pod_requests import host_ports, request
from milepost.plan.placement.selector_matching import architectures, contradiction, terms

MP4008 = Code(
    "MP4008",
    "node selector matches nothing",
    "The node selector contradicts itself, or asks for architectures that the image was not built for.",
    "nodes: {architectures: [arm64]}\n# and an image built for amd64 alone\n",
)

Platforms = Mapping[tuple[str, str], tuple[str, ...]]
Builds = Mapping[tuple[str, str], tuple[tuple[str, tuple[str, ...]], ...]]


@dataclass(slots=True, eq=False)
class Pod:
    """Components that share a pod, and how it stands to other pods of the same application."""

    application: Application
    components: tuple[Component, ...]
    selectors: tuple[NodeMatcher, ...]
    platforms: tuple[str, ...]
    builds: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What each of its images, as a message names it, was built for."""
    terms: NodeTerms = field(default_factory=NodeTerms)
    apart: dict[str, tuple[Pod, DocumentOrigin]] = field(default_factory=dict)
    """Label of a pod that it never shares a node with, to that pod and the rule that says so."""
    near: str | None = None
    """Label of the pod on every node that it follows."""
    bond: str | None = None
    """What single pods that must be on one node each carry and seek."""
    company: set[str] = field(default_factory=set)
    """Labels of the pods that it shares its node with."""
    request: ResourceRequest = NOTHING
    """What a node must have free for it."""
    listens: frozenset[tuple[int, str]] = frozenset()
    """Ports of the node that it takes, with their protocols."""
    label: str = field(init=False)
    every_node: bool = field(init=False)
    on_all_nodes: bool = field(init=False)
    replicas: int = field(init=False)
    """Instances per station; 0 where there is one on every matching node."""
    survives: int = field(init=False)
    at_once: tuple[int | str, ...] = field(init=False)
    """What its components say of how many may restart at once; the least counts."""
    per_station: bool = field(init=False)
    """Whether each station needs an object of its own: counted instances, texts that differ by station, or nodes that
    must not all restart at once, which a DaemonSet can promise only of all nodes that it is for."""

    def __post_init__(self) -> None:
        """Asked for at every station, so worked out once."""
        self.label = f"{self.application.name}-{self.main.name}"
        self.every_node = self.main.every_node
        self.on_all_nodes = self.main.on_all_nodes
        replicas = self.main.settings.replicas
        self.replicas = 0 if isinstance(replicas, str) else replicas
        # Whoever stands in for another must not restart together with it.
        paired = {name for rule, _ in self.application.failovers for name in rule.components}
        least = 1 if any(c.name in paired for c in self.components) else 0
        self.survives = max(least, *(c.settings.survives for c in self.components))
        self.at_once = tuple([c.settings.at_once for c in self.components if c.settings.at_once is not None])
        self.per_station = (
            not self.every_node
            or self.survives > 0
            or bool(self.at_once)
            or any(roots(text) & STATION_ROOTS for text in texts(self.components))
        )

    @property
    def main(self) -> Component:
        return self.components[0]


def most_at_once(pod: Pod, instances: int) -> int:
    """How many of the ``instances`` at a station may be away while it changes: at least one, or nothing would move."""
    if pod.survives:
        return 1
    limits = [_count(limit, instances) for limit in pod.at_once]
    return min([*limits, max(1, instances)]) if limits else ALL_NODES


def _count(limit: int | str, instances: int) -> int:
    if isinstance(limit, int):
        return limit
    percent = 50 if limit == "half" else int(limit.removesuffix("%"))
    return max(1, instances * percent // 100)


def texts(components: Sequence[Component]) -> list[str]:
    """Every template of these components."""
    found: list[str] = []
    for c in components:
        found += [*c.settings.env.values(), *(c.settings.args or ()), *c.templates.values()]
    return found


def make(application: Application, members: Sequence[Component], platforms: Platforms, builds: Builds) -> Pod:
    """The pod of ``members``; ``settle`` says which nodes it may run on."""
    selectors = distinct(s for component in members for s in component.selector)
    names = [(application.key, component.name) for component in members]
    # All containers of a pod share a node, so a component narrows the architectures of those
    # that share its pod.
    common = set.intersection(*(set(platforms[name]) for name in names))
    pod = Pod(application, tuple(members), selectors, architectures(selectors, common))
    pod.builds = tuple(build for name in names for build in builds[name])
    spec = draft([(component.settings, component.pod) for component in members])
    pod.request, pod.listens = request(spec), frozenset(host_ports(spec))
    return pod


def distinct(selectors: Iterable[NodeMatcher]) -> tuple[NodeMatcher, ...]:
    """Each selector once, in order."""
    found: list[NodeMatcher] = []
    for selector in selectors:
        # A list instead of a set: the order goes into rendered node affinity and must not
        # depend on hashes.
        if selector not in found:
            found.append(selector)
    return tuple(found)


def settle(pod: Pod, domain: str, sink: Sink) -> None:
    """Work out the node labels; report selectors that can never be met."""
    pod.terms = terms(pod.selectors, pod.application.stations, domain)
    why = contradiction(pod.selectors, pod.application.stations)
    if why is None and not pod.platforms:
        why = _no_architecture(pod)
    if why is not None:
        at = pod.main.origin.of("nodes")
        sink.report(MP4008, f'"{pod.main.name}" can run on no node: {why}', at.span)


def _no_architecture(pod: Pod) -> str:
    lists = [set(selector.architectures) for selector in pod.selectors if selector.architectures]
    asked = sorted(set.intersection(*lists)) if lists else []
    if lists and not asked:
        return "no architecture is in every list that is given"
    built = "; ".join(
        f"{name} is built for {', '.join(platforms) or 'none'}" for name, platforms in pod.builds
    )
    return f"it asks for {', '.join(asked)}, and {built}" if asked else f"no architecture is left: {built}"
