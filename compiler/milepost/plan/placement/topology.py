"""Topology rules of an application, applied to its pods: which share a node and which never do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, product

from milepost.diagnostics import Code, Related, Sink
from milepost.model.fleet import Application
from milepost.model.matchers import PlacementRule
from milepost.model.origin import DocumentOrigin
from milepost.plan.placement.pods import Builds, Platforms, Pod, distinct, make, settle
from milepost.plan.placement.sharing import sharing

MP4003 = Code(
    "MP4003",
    "contradictory topology rules",
    "Two rules cannot hold at once: components that must share a node must also stay apart.",
    "topology:\n  - together: [redis, mysql]\n  - apart: [mysql, redis]\n",
)
MP4007 = Code(
    "MP4007",
    "components cannot be co-located by affinity",
    "Pods of their own are kept on one node only where no rollout can part them: one instance each, or as a follower of "
    "a component that runs on every matching node. With more instances, a rolling update may put the first on a node "
    "that the second cannot follow to.",
    "topology: [{together: [a, b], as: affinity}]\n# a with 2 replicas, b with 2 replicas, at stations of 3 nodes\n",
)


def pods(
    application: Application, platforms: Platforms, builds: Builds, domain: str, sink: Sink
) -> tuple[Pod, ...]:
    """The pods of ``application`` with their rules; every clash is in ``sink``."""
    made = [make(application, members, platforms, builds) for members in sharing(application, sink)]
    for pod in made:
        settle(pod, domain, sink)
    by_component = {c.name: pod for pod in made for c in pod.components}
    for together, at in _companies(application, by_component):
        _keep_together(together, at, domain, sink)
    for rule, at in application.topology:
        if rule.apart or rule.spread:
            _separate(rule, at, by_component, made, sink)
    return tuple(made)


def _companies(
    application: Application, by_component: Mapping[str, Pod]
) -> list[tuple[list[Pod], DocumentOrigin]]:
    """Pods that affinity keeps on one node, each company with its first rule; rules that share a pod are one."""
    companies: list[tuple[list[Pod], DocumentOrigin]] = []
    for rule, at in application.topology:
        if not rule.together or rule.form != "affinity":
            continue
        members = dict.fromkeys(by_component[name] for name in rule.together)
        others = []
        for known, first in companies:
            # Rules that share a pod are one company: kept apart, each would bind its members to
            # another pod, and Kubernetes wants one and the same pod to meet all terms.
            if members.keys().isdisjoint(known):
                others.append((known, first))
            else:
                members, at = dict.fromkeys([*known, *members]), first
        companies = [*others, (list(members), at)]
    return [(members, at) for members, at in companies if len(members) > 1]


def _keep_together(together: Sequence[Pod], at: DocumentOrigin, domain: str, sink: Sink) -> None:
    """Pods of their own on one node: single instances, or followers of one that is everywhere.

    Several followers are bound to each other alone: Kubernetes wants all terms of required affinity to be met by one
    and the same pod, and their node selectors lead them to nodes of the one that is everywhere anyway.
    """
    everywhere = [pod for pod in together if pod.on_all_nodes]
    others = [pod for pod in together if not pod.on_all_nodes]
    if not _keepable(everywhere, others, at, sink):
        return
    selectors = distinct(s for pod in together for s in pod.selectors)
    platforms = set.intersection(*(set(p.platforms) for p in together))
    for pod in others:
        pod.selectors, pod.platforms = selectors, tuple(sorted(platforms))
        settle(pod, domain, sink)
        if len(others) > 1:
            # A label that all of them carry and seek. Required affinity to a named pod fails
            # for the first one to start; to its own label the scheduler lets the first pod in.
            pod.bond = others[0].label
        else:
            pod.near = everywhere[0].label
    for pod in together:
        pod.company |= {other.label for other in together if other is not pod}


def _keepable(everywhere: Sequence[Pod], others: Sequence[Pod], at: DocumentOrigin, sink: Sink) -> bool:
    if len(others) > 1 and any(pod.replicas != 1 for pod in others):
        sink.report(
            MP4007,
            "only single instances, or one follower of a component on every node, can be kept together by affinity",
            at.span,
            related=[
                Related(f'"{p.main.name}" has {p.replicas} replicas', p.main.origin.span) for p in others
            ],
            hint="use `as: pod`, or one replica each",
        )
        return False
    # By `repr`, since selectors hold mappings and cannot be hashed.
    if len({(tuple(map(repr, p.selectors)), p.platforms) for p in everywhere}) > 1:
        sink.report(
            MP4007,
            "components on every node stay together only where they match the same nodes",
            at.span,
            related=[
                Related(f'nodes of "{p.main.name}"', p.main.origin.of("nodes").span) for p in everywhere
            ],
        )
        return False
    return True


def _separate(
    rule: PlacementRule, at: DocumentOrigin, by_component: Mapping[str, Pod], every: Sequence[Pod], sink: Sink
) -> None:
    for one, other in combinations(rule.apart or rule.spread or (), 2):
        first, second = by_component[one], by_component[other]
        if first is second or second.label in first.company:
            sink.report(
                MP4003,
                f'"{one}" and "{other}" must share a node and must stay apart',
                at.span,
                related=[Related("together by this rule", _together(first, one, other, at).span)],
                hint="remove one of the two rules",
            )
            continue
        # What is bound to a pod keeps apart with it: otherwise it might start where the pod cannot follow.
        for a, b in product(_bound(first, every), _bound(second, every)):
            a.apart.setdefault(b.label, (b, at))
            b.apart.setdefault(a.label, (a, at))


def _bound(pod: Pod, every: Sequence[Pod]) -> list[Pod]:
    """The pod, and those that are bound to it."""
    return [other for other in every if other is pod or (pod.bond is not None and other.bond == pod.bond)]


def _together(pod: Pod, one: str, other: str, fallback: DocumentOrigin) -> DocumentOrigin:
    """The rule that names both, or else one of them."""
    rules = [(set(rule.together), at) for rule, at in pod.application.topology if rule.together]
    both = [at for names, at in rules if {one, other} <= names]
    return (both or [at for names, at in rules if {one, other} & names] or [fallback])[0]
