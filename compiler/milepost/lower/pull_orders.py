"""Pull orders of the tree, whatever pulls: their files, their nodes, their names.

A job that has ended is never looked at again, and an edit of one is ignored. So its name ends in a hash of what it
says, and of the attempt.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from math import ceil
from typing import Any

from milepost.lower.order import in_order
from milepost.lower.placeholders import Placeholders
from milepost.lower.pod import HOSTNAME
from milepost.lower.pod_security import Level
from milepost.lower.scope import EDGE, PART_OF
from milepost.model import kinds, layout
from milepost.model.delivery.base import engine
from milepost.model.manifest import Manifest, ManifestTemplate, TemplateInstance, filler, placeholder
from milepost.model.objects import kubernetes_object
from milepost.model.plan import Plan
from milepost.model.record import record
from milepost.model.rollout import PullJob, PullStage, WavePull

NAMESPACE = "milepost-prepull"
"""Of pull jobs that need one: a station group's own has a quota that its lanes need."""
_LONGEST = 52
"""Of a name without its hash, so that the whole is a label's value."""


@record
class _Asked:
    """One job, and the stage of which wave asks for it."""

    pull: WavePull
    stage: PullStage
    job: PullJob

    @property
    def path(self) -> str:
        """Dots are in no name of a group or a station, so no two files have one name."""
        if not self.stage.unit:
            return layout.PREPULL.path(group=self.job.group, part=self.pull.release.name)
        wave = self.stage.unit.partition("/")[2]
        if self.stage.level:
            return layout.PREPULL_MIRRORS.path(wave=wave, level=self.stage.level)
        return layout.PREPULL_WAVE.path(wave=wave, group=self.job.group)

    @property
    def shape(self) -> tuple[Any, ...]:
        """All that its object says but for what an instance fills. In order of it jobs stand in their file."""
        job = self.job
        stage = (self.pull.release.name, self.pull.number, self.stage.order)
        nodes = (job.terms.equal, job.terms.within, job.architectures, job.stations, job.names, job.places)
        return *stage, job.images, *nodes


_File = tuple[_Asked, ...]
"""The jobs of one file, in order."""


@record
class PullOrder:
    """The orders of one shape: a job (``number``, counted from 0) of every file of one shape; ``job`` is the first's.

    What fills placeholders knows no order: it would be a ring with the collector of placeholders, and rings stay in memory.
    """

    plan: Plan
    pull: WavePull
    stage: PullStage
    job: PullJob
    number: int
    placeholders: Placeholders[_File]

    @property
    def annotations(self) -> dict[str, str] | None:
        """What puts it before the workloads of its unit, and after the orders of the stage before."""
        before = 0 if self.stage.unit else len(self.pull.stages)
        return engine(self.plan.fleet.province.sync.engine).order(self.stage.order - before)

    @property
    def labels(self) -> dict[str, str] | None:
        """What makes it a part of what moves, where it stands with the workloads of its group."""
        return None if self.stage.unit else {PART_OF: self.pull.release.application}

    @property
    def tolerated(self) -> str:
        """Part of the nodes that may fail, as KubeEdge compares it: rounded up to hundredths. Always at least one node,
        since some node is always offline. A node that should fill a mirror and does not costs bytes and nothing else.
        """
        # 1 tolerates every failure: a section without its first node must not keep the wave
        # from all the others.
        if self.stage.level:
            return "1"
        number, asked = self.number, ceil(round(self.plan.fleet.province.prepull.failure_tolerate * 100, 6))
        return self.placeholders.placeholder(
            f"tolerated.{number}",
            # Hundredths, since KubeEdge rounds the failed share to two places before it
            # compares.
            lambda file, _: f"{max(asked, ceil(100 / file[number].job.nodes)) / 100:g}",
        )

    def name(self, body: Any, part: int = 0) -> str:
        """The name of the order's object, or of one ``part`` of several, that says ``body``."""
        said = json.dumps([body, self.pull.wave.attempt], sort_keys=True, ensure_ascii=False)
        number, fill = self.number, filler(said)
        return self.placeholders.placeholder(
            # With leading zeros: objects are sorted by name while names are still placeholders,
            # and `name.10` would come before `name.2`.
            f"name.{number:03}.{part:03}",
            lambda file, filled: _name(file[number].job.stem, fill(filled)),
        )

    def match_labels(self) -> dict[str, str]:
        """Labels of its nodes, where it does not name them."""
        domain = self.plan.fleet.catalog.label_domain
        own = {f"{domain}/station-group": placeholder("group"), **dict(self.job.terms.equal)}
        return dict(sorted({**EDGE, **own}.items()))

    def match_expressions(self) -> list[dict[str, Any]]:
        """What labels alone do not say; by name where it names its nodes."""
        domain = self.plan.fleet.catalog.label_domain
        within = [("kubernetes.io/arch", self.job.architectures), *self.job.terms.within]
        if self.job.stations:
            within.append((f"{domain}/station", self.job.stations))
        if self.job.names:
            # Instead of everything else: a node that is named is meant, whatever its labels say
            # by now.
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


def templates(
    plan: Plan, engine: str, bodies: Callable[[PullOrder], Iterable[dict[str, Any]]]
) -> Iterator[ManifestTemplate]:
    """The files of every wave that is told to pull, where ``engine`` is what pulls in this province.

    ``bodies`` gives the objects of an order. Files that say the same to other groups are made once.
    """
    if plan.fleet.province.prepull.engine != engine:
        return
    alike: dict[object, list[_File]] = {}
    for file in _files(plan):
        alike.setdefault(tuple(asked.shape for asked in file), []).append(file)
    for files in alike.values():
        placeholders: Placeholders[_File] = Placeholders({"group": lambda file, _: file[0].job.group})
        orders = [PullOrder(plan, a.pull, a.stage, a.job, n, placeholders) for n, a in enumerate(files[0])]
        manifests = in_order(order.manifest(body) for order in orders for body in bodies(order))
        yield ManifestTemplate(
            manifests, tuple(TemplateInstance(file[0].path, placeholders.values(file)) for file in files)
        )


def _files(plan: Plan) -> Iterator[_File]:
    found: dict[str, list[_Asked]] = {}
    for pull in plan.prepulls.waves:
        # Planned from the first commit of a release, written only from the commit that tells
        # the wave to pull.
        for stage in pull.stages if pull.prepulled else ():
            for job in stage.jobs:
                asked = _Asked(pull, stage, job)
                found.setdefault(asked.path, []).append(asked)
    for path in sorted(found):
        yield tuple(sorted(found[path], key=lambda asked: asked.shape))


def _name(stem: str, said: str) -> str:
    digest = hashlib.sha256(said.encode()).hexdigest()
    length = 10
    # One digit at least: the output checks take a name that ends in letters alone for a word
    # and not for a hash.
    while digest[:length].isalpha():
        length += 1
    return f"{stem[:_LONGEST].rstrip('-')}-{digest[:length]}"


def namespaces(plan: Plan) -> tuple[str, ...]:
    """Namespaces that hold pull jobs; KubeEdge's ImagePrePullJob is cluster-scoped and needs none."""
    return () if plan.fleet.province.prepull.engine == "kubeedge" else (NAMESPACE,)


def namespace(plan: Plan) -> Manifest:
    """There whether or not a release is under way, so that a release touches nothing but its own files."""
    # The pods that pull, which no release may be under way to show yet, gain no rights and may be root.
    body = kubernetes_object(kinds.NAMESPACE, NAMESPACE, labels=Level.BASELINE.labels)
    return Manifest(body, plan.fleet.province.origin, "pulling pods need no quota of a station group")
