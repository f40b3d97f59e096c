"""Node loss: which components of a station still run, and what they do without, when nodes of it are gone.

Pods are not moved from a lost node (a node behind a cut line looks the same and works on), so what is left is counted in
the worst case: as many instances as could stand on the lost nodes did. Stations of one signature are one problem, and
nodes on which the same pods may run are one kind of loss.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from milepost.model import kinds
from milepost.model.plan import Plan, PodLoad, StationSignature
from milepost.plan.availability.dependencies import ComponentName, Dependency, dependencies


class LossOutcome(NamedTuple):
    """What is left of a component at one station: instances before and after, and what it names that is gone."""

    instances: int
    left: int
    without: tuple[Dependency, ...]

    @property
    def stops(self) -> bool:
        return self.left == 0

    @property
    def whole(self) -> bool:
        """Whether it runs, and everything that it names does."""
        return self.left > 0 and not self.without


class Known(NamedTuple):
    """What losses are worked out from."""

    dependencies: Mapping[ComponentName, tuple[Dependency, ...]]
    ending: frozenset[ComponentName]
    """What ends by itself, so that no loss stops it."""


def known(plan: Plan) -> Known:
    """Of one province."""
    components = plan.fleet.components.values()
    ending = frozenset([(c.application, c.name) for c in components if c.workload in kinds.BATCH])
    return Known(dependencies(plan), ending)


def outcomes(
    signature: StationSignature, lost: Iterable[int], known: Known
) -> Mapping[ComponentName, LossOutcome]:
    """Every component of a station that does not end, with the nodes at the positions ``lost`` gone."""
    gone = frozenset(lost)
    counts: dict[ComponentName, tuple[int, int]] = {}
    for load in signature.loads:
        for member in load.members:
            if (load.application, member) in known.ending or not load.nodes:
                continue
            before, after = counts.get((load.application, member), (0, 0))
            counts[load.application, member] = (before + load.instances, after + _left(load, gone))
    stopped = {name for name, (_, after) in counts.items() if after == 0}
    missing = _missing(stopped, counts.keys(), known.dependencies)
    return {
        name: LossOutcome(
            before, after, tuple([d for d in known.dependencies.get(name, ()) if d.on in missing])
        )
        for name, (before, after) in sorted(counts.items())
    }


def _left(load: PodLoad, gone: frozenset[int]) -> int:
    # Instances never share a node, so each lost node takes one at most.
    return max(0, load.instances - len(gone.intersection(load.nodes)))


def _missing(
    stopped: set[ComponentName],
    there: Iterable[ComponentName],
    known: Mapping[ComponentName, tuple[Dependency, ...]],
) -> frozenset[ComponentName]:
    """What stopped, and what names it, directly or through others: none of it answers as it should."""
    missing, names = set(stopped), list(there)
    while True:
        more = {n for n in names if n not in missing and any(d.on in missing for d in known.get(n, ()))}
        if not more:
            return frozenset(missing)
        missing |= more


@dataclass(slots=True, eq=False)
class LossCount:
    """A component after the loss of any so many nodes of a station: stations by the worst that may come."""

    stations: int = 0
    stops: int = 0
    without: dict[ComponentName, tuple[int, Dependency]] = field(default_factory=dict)
    """What it may have to do without while it runs: stations, and the text that names it."""


MOST = 2
"""Nodes of a station that are lost at a time."""


def all_loss_counts(plan: Plan) -> Iterator[tuple[int, Mapping[ComponentName, LossCount]]]:
    """For one lost node, then for two."""
    # Once for all: finding out who names whom reads every text of the spec.
    of_plan = known(plan)
    for lost in range(1, MOST + 1):
        yield lost, loss_counts(plan, of_plan, lost)


def loss_counts(plan: Plan, of_plan: Known, lost: int) -> Mapping[ComponentName, LossCount]:
    """Over all stations of the province that have as many nodes and one more."""
    found: dict[ComponentName, LossCount] = {}
    for signature in plan.placement.signatures:
        count = len(signature.stations[0].nodes)
        if count <= lost:
            continue
        worst: dict[ComponentName, list[LossOutcome]] = {}
        for nodes in _losses(signature, count, lost):
            for name, outcome in outcomes(signature, nodes, of_plan).items():
                worst.setdefault(name, []).append(outcome)
        for name, possible in worst.items():
            _add(found.setdefault(name, LossCount()), possible, len(signature.stations))
    return dict(sorted(found.items()))


def _losses(signature: StationSignature, count: int, lost: int) -> Iterator[tuple[int, ...]]:
    """Every set of ``lost`` nodes, once for those that differ in nothing that could be on them."""
    kinds: dict[frozenset[str], list[int]] = {}
    for node in range(count):
        kind = frozenset([load.label for load in signature.loads if node in load.nodes])
        kinds.setdefault(kind, []).append(node)
    yield from combinations(sorted(n for nodes in kinds.values() for n in nodes[:lost]), lost)


def _add(count: LossCount, possible: Sequence[LossOutcome], stations: int) -> None:
    count.stations += stations
    count.stops += stations * any(outcome.stops for outcome in possible)
    missing = {d.on: d for outcome in possible if not outcome.stops for d in outcome.without}
    for name, dependency in missing.items():
        many, first = count.without.get(name, (0, dependency))
        count.without[name] = (many + stations, first)
