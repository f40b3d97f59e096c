"""The orders to pull that stand in the tree, whatever pulls them: their files, their nodes, their names.

A job that has ended is never looked at again, and an edit of one is ignored. So its name ends in a hash of what it
says, and of the attempt.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

from milepost.lower.objects import kubernetes_object, prune_guard
from milepost.lower.pod import EDGE, HOSTNAME
from milepost.model.manifest import Manifest
from milepost.model.plan import Plan
from milepost.model.rollout import PullJob, PullStage, WavePull

NAMESPACE = "milepost-prepull"
"""Of pull jobs that need one: a station group's own has a quota that its lanes need."""
_LONGEST = 52
"""Of a name without its hash, so that the whole is a label's value."""


@dataclass(frozen=True, slots=True)
class Order:
    """One job, and where it stands."""

    plan: Plan
    pull: WavePull
    stage: PullStage
    job: PullJob

    @property
    def path(self) -> str:
        """Dots are in no name of a group or a station, so no two files have one name."""
        if not self.stage.unit:
            return f"groups/{self.job.group}/prepull.{self.pull.release.name}.yaml"
        name = f"{self.stage.level}.mirrors" if self.stage.level else self.job.group
        return f"{self.stage.unit}/{name}.yaml"

    @property
    def annotations(self) -> dict[str, str] | None:
        """Argo CD orders the objects of one Application by waves; workloads are wave 0."""
        if self.plan.fleet.province.sync.engine != "argocd":
            return None
        before = 0 if self.stage.unit else len(self.pull.stages)
        return {"argocd.argoproj.io/sync-wave": str(self.stage.order - before)}

    @property
    def tolerated(self) -> float:
        """Part of the nodes that may fail, rounded up to hundredths as KubeEdge compares it; always at least one node,
        since some node is always offline. One that should fill a mirror and does not costs bytes and nothing else.
        """
        if self.stage.level:
            return 1.0
        asked = ceil(round(self.plan.fleet.province.prepull.failure_tolerate * 100, 6))
        return max(asked, ceil(100 / self.job.nodes)) / 100

    def name(self, body: Any) -> str:
        """The job's name, once what it says is known."""
        said = json.dumps([body, self.pull.wave.attempt], sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(said.encode()).hexdigest()
        length = 10
        while digest[:length].isalpha():
            length += 1
        return f"{self.job.stem[:_LONGEST].rstrip('-')}-{digest[:length]}"

    def match_labels(self) -> dict[str, str]:
        """Labels of its nodes, where it does not name them."""
        domain = self.plan.fleet.catalog.label_domain
        return dict(
            sorted({**EDGE, f"{domain}/station-group": self.job.group, **dict(self.job.terms.equal)}.items())
        )

    def match_expressions(self) -> list[dict[str, Any]]:
        """What labels alone do not say; by name where it names its nodes."""
        domain = self.plan.fleet.catalog.label_domain
        within = [("kubernetes.io/arch", self.job.architectures), *self.job.terms.within]
        if self.job.stations:
            within.append((f"{domain}/station", self.job.stations))
        if self.job.names:
            within = [(HOSTNAME, self.job.names)]
        return [{"key": key, "operator": "In", "values": list(values)} for key, values in within]

    def manifest(self, body: dict[str, Any]) -> Manifest:
        """``body`` with the reason for it."""
        who = (
            f"the first node of each kind behind each {self.stage.level} mirror"
            if self.stage.level
            else "every node"
        )
        reason = f'{who} pulls what wave "{self.pull.wave.name}" changes there, before it switches'
        return Manifest(body, self.pull.wave.origin, reason)


def orders(plan: Plan, engine: str) -> Iterator[Order]:
    """The orders of every wave that is told to pull, where ``engine`` is what pulls in this province."""
    if plan.fleet.province.prepull.engine != engine:
        return
    for pull in plan.pulls:
        for stage in pull.stages if pull.prepulled else ():
            for job in stage.jobs:
                yield Order(plan, pull, stage, job)


def namespaces(plan: Plan) -> tuple[str, ...]:
    """Namespaces that pull jobs stand in; KubeEdge's stand in none."""
    return () if plan.fleet.province.prepull.engine == "kubeedge" else (NAMESPACE,)


def namespace(plan: Plan) -> Manifest:
    """There whether or not a release is under way, so that a release touches nothing but its own files."""
    body = kubernetes_object("v1", "Namespace", NAMESPACE, annotations=prune_guard(plan))
    return Manifest(body, plan.fleet.province.origin, "pulling pods need no quota of a station group")
