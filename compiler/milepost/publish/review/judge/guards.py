"""Change guards: what must not change before somebody has looked at it, by the fleet's ``guards`` and ``acknowledge``.

Judges the difference, not the tree. Never asks the clock: the moment is the caller's, or the commit's. An ``allows`` names
the change as well as the guard, so that it lets this change pass and no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from milepost.diagnostics import Code, Diagnostic
from milepost.model.record import by_value
from milepost.model.spec.guard_settings import Freeze, Guards
from milepost.model.transition import WaitingPod
from milepost.publish.review.classify.pins import Repinned
from milepost.publish.review.judge.emptied_workloads import Emptied
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.read.join_lists import WORKLOADS
from milepost.publish.review.read.yaml_documents import ObjectIdentity
from milepost.publish.review.show.words import counted

MP7001 = Code(
    "MP7001",
    "guarded objects would be removed",
    "The change removes objects of a kind that `guards.protect` names, or more workloads or objects of a province than "
    "`guards.removals` lets go. Agents prune what a tree no longer holds, on every node at once. Where that is meant, an "
    "entry of `acknowledge` says which path may go, and why.",
    "guards:\n  protect: [StatefulSet]\n  removals: {workloads: 0, objects: 200}\n",
)
MP7002 = Code(
    "MP7002",
    "change reaches too many provinces",
    "The change touches more provinces than `guards.provincesPerChange` allows. Split it, so that one province shows "
    "what it does before the next one gets it, or acknowledge this very change.",
    "guards:\n  provincesPerChange: 3\n",
)
MP7003 = Code(
    "MP7003",
    "change during a freeze",
    "The change touches provinces in a time that `guards.frozen` keeps free of changes. Wait, or acknowledge this very "
    "change. The moment is that of `--now`, or of the commit that is compared.",
    "guards:\n  frozen:\n    - {name: spring-festival, from: 2027-02-05, until: 2027-02-12}\n",
)

MP7004 = Code(
    "MP7004",
    "instance moved off its data",
    "A workload that keeps data on a node's disk would be pinned to another node. It starts there with an empty directory, "
    "or with that of another instance, and what the old node holds stays behind. After a machine was replaced that is "
    "meant, and the data comes back from a backup or from the other instances; otherwise look at the `slot` and the "
    "labels of the nodes that the change touched. A revert pins it back, and leaves behind what was written meanwhile.",
    "name,station,profile,roles,slot\nredis-c,yueyang,box,data,0\n# where redis-a was in slot 0\n",
)
MP7005 = Code(
    "MP7005",
    "known secret past its last day",
    "A Policy acknowledges something with the form of a secret until a day, and that day is over. Take the secret out of "
    "what is rendered, or have its owner set another day. The moment is that of `--now`, or of the commit that is compared.",
    "kind: Policy\nspec:\n  knownSecrets:\n    - {fingerprint: 0123456789abcdef, owner: tolling, reason: old camera, until: 2026-01-31}\n",
)

MP7006 = Code(
    "MP7006",
    "workload that would run nowhere",
    "A workload stays in the tree, but what it selects nodes by changed so that no node fits any more: its pods stop on every "
    "node, as if it had been removed. Nothing in the cluster calls that a fault. Look at its selector and at the labels of "
    "the nodes; where it is meant, acknowledge this very change.",
    "nodes: {labels: {zone: nort}, mayBeEmpty: true}\n# where it was zone: north\n",
)

MP7020 = Code(
    "MP7020",
    "change not safe in every order",
    "Both states are proved, and the way between them is not: a pod that asks for more, or wants a port, may meet one that "
    "has not moved yet, because its node is lost or its other half is away, and waits for as long. Cut the change in two: "
    "what asks for less, leaves a port or goes first; and what asks for more, takes the port or comes when that is done "
    "everywhere. Two that swap need a third place in between.",
    "resources: {requests: {memory: 600Mi}}\n# and 400Mi in the same commit for another component of a node with 1 GiB\n",
)
MP7021 = Code(
    "MP7021",
    "removed together with its waiting unit",
    "While a section waits for a pre-pull, its part of the release has a unit of its own, and that unit leaves what it applied "
    "for the section's unit to take over. An object that leaves the tree in the same change is taken over by nobody: no agent "
    "removes it, and it goes on running. Let the section have its objects back first (`applied` of the release), and "
    "remove them with the next change.",
    "applied: south\n# and a component of that application removed in the same commit\n",
)
_MOST_PATHS = 5


@by_value
class GuardedChange:
    """A change as guards see it. ``id`` is the beginning of the raw difference's digest."""

    id: str
    provinces: frozenset[str]
    removed: tuple[tuple[str, ObjectIdentity], ...]
    """File below the rendered folder, and object."""
    repinned: tuple[Repinned, ...] = ()
    """Instances with data that would start on another node."""
    emptied: tuple[Emptied, ...] = ()
    """Workloads that stay, and would run nowhere."""
    stranded: tuple[tuple[str, ObjectIdentity], ...] = ()
    """Objects that no agent would remove."""
    waiting: tuple[WaitingPod, ...] = ()
    """Pods that may wait in some order of the rollout."""


@by_value
class GuardFinding:
    """A finding of a guard: tripped, unless ``reason`` says why the change may pass."""

    diagnostic: Diagnostic
    entries: tuple[str, ...] = ()
    """What ``acknowledge`` would have to hold, each as ``removes: PATH`` or ``allows: NAME``."""
    reason: str | None = None

    @property
    def tripped(self) -> bool:
        return self.reason is None


def judge(change: GuardedChange, rules: GuardRules) -> list[GuardFinding]:
    """Every guard that the change meets, in a fixed order."""
    return [
        *_removals(change, rules),
        *_pins(change, rules),
        *_emptied(change, rules),
        *_waiting(change, rules),
        *_stranded(change, rules),
        *_provinces(change, rules),
        *_frozen(change, rules),
        *_known_secrets(change, rules),
    ]


def notes(change: GuardedChange, rules: GuardRules, standing: Iterable[str]) -> list[str]:
    """What could not be judged, and acknowledgements that are used up; ``standing`` are the paths of the old tree."""
    found = []
    if rules.guards.frozen and rules.now is None:
        found.append("frozen times were not judged: the working tree has no date; give --now")
    if rules.known_secrets and rules.now is None:
        found.append("ends of known secrets were not judged: the working tree has no date; give --now")
    # One text to search in: a tree has tens of thousands of paths, and an acknowledged one may
    # be a file or any folder above it.
    every = "\0" + "/\0".join(standing) + "/"
    found += [
        f"acknowledged, and no longer there: removes: {path}"
        for path in sorted(rules.removes)
        if f"\0{path}/" not in every
    ]
    # An `allows` ends in the beginning of the change's digest, so it cannot let a later change
    # pass by staying in the file.
    used_up = (name for name in sorted(rules.allows) if not name.endswith(f"-{change.id}"))
    return found + [f"acknowledged for another change: allows: {name}" for name in used_up]


def _removals(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    unseen: dict[str, list[tuple[str, ObjectIdentity]]] = {}
    for path, identity in change.removed:
        # What was acknowledged does not count against the budget either.
        if rules.acknowledged(path) is None:
            unseen.setdefault(path.partition("/")[0], []).append((path, identity))
    for province, removed in sorted(unseen.items()):
        problem = _problem(removed, rules.guards)
        if problem:
            yield _finding(
                MP7001, f"{province} would lose {problem}", change, rules, ("removals",), _paths(removed)
            )


def _problem(removed: list[tuple[str, ObjectIdentity]], guards: Guards) -> str:
    """What is too much, or ``""``."""
    kinds = Counter(identity.kind for _, identity in removed)
    protected = [counted(kinds[kind], kind) for kind in sorted(guards.protect) if kinds[kind]]
    workloads = sum(kinds[kind] for kind in WORKLOADS)
    budget = guards.removals
    found = list(protected)
    if workloads > budget.workloads:
        found.append(f"{counted(workloads, 'workload')} where {budget.workloads} may go")
    if len(removed) > budget.objects:
        found.append(f"{counted(len(removed), 'object')} where {budget.objects} may go")
    return ", ".join(found)


def _paths(removed: Iterable[tuple[str, ObjectIdentity]]) -> list[str]:
    """The fewest paths that cover what goes: a file, the unit of several files, the province of many units."""
    files = {path for path, _ in removed}
    units = {path.rpartition("/")[0] for path in files}
    if len(files) <= _MOST_PATHS:
        return [f"removes: {path}" for path in sorted(files)]
    if len(units) <= _MOST_PATHS:
        return [f"removes: {unit}" for unit in sorted(units)]
    return [f"removes: {province}" for province in sorted({path.partition("/")[0] for path in files})]


def _pins(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    if not change.repinned:
        return
    first, more = change.repinned[0], len(change.repinned) - 1
    others = f"; so would {counted(more, 'more object')}" if more else ""
    message = (
        f"{first.identity.kind} {first.identity.name} in {first.path} would leave node {first.before} for {first.after}, and "
        f"its data stays behind{others}"
    )
    yield _finding(MP7004, message, change, rules, (), [f"allows: moved-pins-{change.id}"])


def _emptied(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    if not change.emptied:
        return
    first, more = change.emptied[0], len(change.emptied) - 1
    nodes = sum(each.nodes for each in change.emptied)
    others = f" and {counted(more, 'more workload')}" if more else ""
    message = (
        f"{first.identity.kind} {first.identity.name} in {first.path}{others} would run nowhere: pods on "
        f"{counted(nodes, 'node')} would stop"
    )
    yield _finding(MP7006, message, change, rules, (), [f"allows: emptied-workloads-{change.id}"])


def _waiting(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    if not change.waiting:
        return
    first, more = change.waiting[0], len(change.waiting) - 1
    stations = f" and {counted(first.stations - 1, 'more station')}" if first.stations > 1 else ""
    others = f"; so may {counted(more, 'more case')}" if more else ""
    message = f"while the change is rolled out, at {first.station} of {first.province}{stations} {_why(first)}{others}"
    yield _finding(MP7020, message, change, rules, (), [f"allows: unsafe-order-{change.id}"])


def _stranded(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    if not change.stranded:
        return
    (path, first), more = change.stranded[0], len(change.stranded) - 1
    others = f" and {counted(more, 'more object')}" if more else ""
    message = f"{first.kind} {first.name} in {path}{others} would go on running, and no unit would have it"
    yield _finding(MP7021, message, change, rules, (), [f"allows: stranded-objects-{change.id}"])


def _why(found: WaitingPod) -> str:
    if found.short.startswith("port"):
        holders = ", ".join(found.pods[1:])
        return f"{found.pods[0]} may wait for {found.short} of node {found.node}, which {holders} has until it moves"
    one = 2**20 if found.short == "memory" else 1
    unit = " MiB of memory" if found.short == "memory" else "m CPU"
    asked, free = -(-found.asked // one), found.free // one
    return f"{', '.join(found.pods)} may ask node {found.node} for {asked}{unit} where it has {free}"


def _provinces(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    most = rules.guards.provinces_per_change
    if most is not None and len(change.provinces) > most:
        message = (
            f"the change touches {counted(len(change.provinces), 'province')}; one change may touch {most}"
        )
        name = f"provinces-per-change-{change.id}"
        yield _finding(MP7002, message, change, rules, ("provincesPerChange",), [f"allows: {name}"])


def _frozen(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    for i, freeze in enumerate(rules.guards.frozen):
        touched = sorted(change.provinces & set(freeze.provinces or change.provinces))
        if rules.now is None or not touched or not _within(freeze, rules.now):
            continue
        shown = ", ".join(touched[:3]) + (f" and {len(touched) - 3} more" if len(touched) > 3 else "")
        message = f"{shown} would change in the frozen time {freeze.name} (until {freeze.end})"
        entries = [f"allows: {freeze.name}-{change.id}"]
        yield _finding(MP7003, message, change, rules, ("frozen", i), entries)


def _known_secrets(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    for known, at in rules.known_secrets:
        if rules.now is None or not change.provinces or _not_after(known.until, rules.now, before=False):
            continue
        message = f"the known secret {known.fingerprint} of {known.owner} may stand until {known.until} only"
        name = f"known-secret-{known.fingerprint}-{change.id}"
        hint = f"take it out, or acknowledge the change with allows: {name}"
        reason = rules.allows.get(name)
        yield GuardFinding(Diagnostic(MP7005, message, at.span, hint), (f"allows: {name}",), reason)


def _within(freeze: Freeze, now: datetime) -> bool:
    return _not_after(freeze.start, now, before=True) and _not_after(freeze.end, now, before=False)


def _not_after(moment: str, now: datetime, *, before: bool) -> bool:
    """Whether a bound holds; a bound without a time is a day of ``now``'s own clock, and included."""
    # Compared as text: ISO 8601 days sort as they follow each other.
    if "T" not in moment:
        today = now.date().isoformat()
        return moment <= today if before else today <= moment
    bound = datetime.fromisoformat(moment)
    return bound <= now if before else now <= bound


def _finding(
    code: Code,
    message: str,
    change: GuardedChange,
    rules: GuardRules,
    path: tuple[str | int, ...],
    entries: list[str],
) -> GuardFinding:
    span = rules.at.of("spec", "guards", *path).span if rules.at else None
    reason = next((rules.allows[e.removeprefix("allows: ")] for e in entries if _is_allowed(e, rules)), None)
    hint = "if that is meant, add to spec.acknowledge: " + ", ".join(f"{{{e}, reason: ...}}" for e in entries)
    return GuardFinding(Diagnostic(code, message, span, hint), tuple(entries), reason)


def _is_allowed(entry: str, rules: GuardRules) -> bool:
    return entry.removeprefix("allows: ") in rules.allows
