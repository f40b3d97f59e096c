"""Unsafe orders of a review: what may wait while a change is rolled out, where a workload asks the scheduler for something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from milepost.model.transition import WaitingPod
from milepost.publish.review.classify.edit import Edit, EditAction
from milepost.publish.review.read.join_lists import WORKLOADS

Judge = Callable[[Collection[str]], tuple[Sequence[WaitingPod], str]]
"""What may wait in some provinces, and why it could not be judged."""
_SCHEDULED = re.compile(
    r"spec\.(replicas|template\.spec\.(?:(?:initC|c)ontainers\S*\.(resources|ports)|hostNetwork|nodeSelector|affinity)|workloadTemplate)"
)


class TransitionFindings(NamedTuple):
    """What may wait for ever in some order of the rollout; ``note`` says what was not judged, and why."""

    waiting: tuple[WaitingPod, ...] = ()
    note: str = ""


def transition_findings(edits: Iterable[Edit], judge: Judge | None) -> TransitionFindings:
    """Of the provinces where a workload comes or goes, or asks the scheduler for something else."""
    provinces = {edit.place.province for edit in edits if _moves(edit)}
    if not provinces:
        return TransitionFindings()
    waiting, why = ((), "only one side has its spec") if judge is None else judge(provinces)
    note = f"what may wait while the change is rolled out was not judged: {why}" if why else ""
    return TransitionFindings(tuple(waiting), note)


def _moves(edit: Edit) -> bool:
    subject = edit.subject
    if subject.identity.kind not in WORKLOADS:
        return False
    # One that goes makes room; what comes may find a node full of what has not moved yet.
    return bool(_SCHEDULED.match(subject.field)) or (not subject.field and subject.action is EditAction.ADD)
