"""Proof counts: compile refuses a fleet where any of it does not hold, so a page stands for all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from milepost.model import kinds
from milepost.model.instances import Instances, RunningWorkload
from milepost.model.plan import Plan
from milepost.model.record import by_value

Key = tuple[str, str]
"""Application and component."""


@dataclass(slots=True)
class ComponentProof:
    """One component: how it runs, how often, and why so."""

    kinds: Counter[str] = field(default_factory=Counter)
    """Kind of workload object to the number of stations."""
    stations: int = 0
    instances: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    """Reason to the number of stations."""

    def add(self, running: RunningWorkload) -> None:
        self.kinds[running.workload.kind] += 1
        self.reasons[running.workload.reason] += 1
        self.stations += 1
        self.instances += running.instances


@by_value
class WorstInterruption:
    """How long an instance is away at worst while its version changes: seconds, and what they are made of."""

    seconds: float
    limit: int
    parts: tuple[tuple[str, float], ...]


@dataclass(slots=True)
class ProvinceProof:
    """Numbers of one province, or of several that were put together."""

    problems: int = 0
    """Different kinds of station, each solved once."""
    stations: int = 0
    placed: dict[Key, ComponentProof] = field(default_factory=dict)
    survives: dict[Key, Counter[int]] = field(default_factory=dict)
    """Nodes that may be lost, to the number of stations where that was shown."""
    new_first: int = 0
    old_first: int = 0
    pinned: int = 0
    apart: int = 0
    away: dict[Key, WorstInterruption] = field(default_factory=dict)
    mirrors: int = 0
    gates: int = 0

    def add(self, other: ProvinceProof) -> None:
        """Add the counts of another province."""
        # Sums over provinces. "problems" may count the same station kind once in each province:
        # it was solved in each.
        for name in ("problems", "stations", "new_first", "old_first", "pinned", "apart", "mirrors", "gates"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for key, placed in other.placed.items():
            mine = self.placed.setdefault(key, ComponentProof())
            mine.kinds += placed.kinds
            mine.reasons += placed.reasons
            mine.stations += placed.stations
            mine.instances += placed.instances
        for key, survived in other.survives.items():
            self.survives.setdefault(key, Counter()).update(survived)
        for key, away in other.away.items():
            # The longest of all provinces, since the limit holds for every one of them; a sum
            # or a mean would say nothing.
            if key not in self.away or self.away[key].seconds < away.seconds:
                self.away[key] = away


def count(plan: Plan, instances: Instances) -> ProvinceProof:
    """What the plan of one province shows."""
    proof = ProvinceProof(
        problems=len(set(plan.placement.signature_index.values())),
        away={
            (interruption.component.application, interruption.component.name): WorstInterruption(
                interruption.seconds, interruption.limit, tuple(interruption.parts.items())
            )
            for interruption in plan.interruptions.longest
        },
        mirrors=len(plan.registry.mirrors),
        gates=len(plan.prepulls.gates),
    )
    for group in plan.fleet.province.groups:
        for station in group.stations:
            proof.stations += 1
            _station(proof, plan, instances.at(station))
    return proof


def _station(proof: ProvinceProof, plan: Plan, found: Iterable[RunningWorkload]) -> None:
    for running in found:
        workload = running.workload
        # A workload of several members is one pod with several containers, each a component
        # with counts of its own.
        for component in plan.members(workload):
            key = (component.application, component.name)
            proof.placed.setdefault(key, ComponentProof()).add(running)
            if survives := component.settings.survives:
                proof.survives.setdefault(key, Counter())[survives] += 1
        if workload.kind == kinds.DEPLOYMENT.name:
            proof.new_first += workload.surge
            proof.old_first += not workload.surge
        proof.pinned += workload.pin is not None
        proof.apart += bool(workload.apart)
