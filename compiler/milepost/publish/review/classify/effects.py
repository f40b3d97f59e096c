"""Effects of a change: what a cluster will do, and whether a revert undoes it. The order of rules decides.

The facts about immutable fields are the API server's (``ValidateStatefulSetUpdate`` and its siblings); those about moves
and removals are Flux's and Argo CD's, as the sync objects are rendered.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from milepost.model.kinds import KINDS, ReviewClass, Runs, names
from milepost.publish.review.classify.change_classes import ChangeClass, ClassKey
from milepost.publish.review.classify.edit import EditAction, EditScope
from milepost.publish.review.read.file_location import JOIN, LISTING, RELEASE, TREE_INDEX
from milepost.publish.review.read.join_lists import WORKLOADS


class _Facts(NamedTuple):
    severity: int
    word: str
    undo: str


class Effect(Enum):
    """The effect of a change on a cluster.

    ``severity`` ranks; ``word`` is what the cluster does; ``undo`` says what a revert gives back.
    """

    DELETES_STATE = _Facts(
        100, "deletes state", "a revert starts it anew and empty, unless its data is on the host"
    )
    DELETES = _Facts(90, "stops pods", "a revert starts them again")
    ORPHANS = _Facts(85, "leaves running, unmanaged", "a revert manages it again")
    RACES = _Facts(80, "moves between units", "a revert runs the same race back")
    RECREATES = _Facts(70, "recreates", "a revert recreates once more")
    EVICTS = _Facts(60, "moves pods to other nodes", "a revert moves them back")
    RESTARTS = _Facts(50, "restarts pods", "a revert restarts them once more")
    OPENS = _Facts(45, "changes who may do what", "a revert takes it back")
    REROUTES = _Facts(40, "changes traffic", "a revert takes it back")
    SYNCS = _Facts(35, "changes how the tree is applied", "a revert takes it back")
    RUNS = _Facts(25, "runs a job", "what the job did stays")
    CREATES = _Facts(20, "creates", "a revert removes it")
    CONFIGURES = _Facts(10, "changes configuration", "a revert takes it back")
    FOLLOWS = _Facts(0, "follows from the rest", "a revert takes it back")

    @property
    def severity(self) -> int:
        return self.value.severity

    @property
    def word(self) -> str:
        return self.value.word

    @property
    def undo(self) -> str:
        return self.value.undo


STATEFUL = names(lambda kind: kind.stateful)
_ACCESS = names(lambda kind: kind.review is ReviewClass.ACCESS)
_TRAFFIC = names(lambda kind: kind.review is ReviewClass.TRAFFIC)
_NODES = names(lambda kind: kind.review is ReviewClass.NODES)
_SYNC = names(lambda kind: kind.review is ReviewClass.DELIVERY)
_JOBS = names(lambda kind: kind.runs is Runs.TO_COMPLETION)


class _Rule(NamedTuple):
    """``kinds`` None stands for all; ``field`` must be found at the field's beginning, an empty one at whole objects."""

    effect: Effect
    kinds: frozenset[str] | None
    field: str | None
    actions: frozenset[EditAction] = frozenset(EditAction)


_GOES, _COMES = frozenset({EditAction.REMOVE}), frozenset({EditAction.ADD})
_PLACED = r"spec\.template\.spec\.(nodeSelector|affinity|tolerations|nodeName|topologySpreadConstraints|schedulerName)"

_RULES = (
    _Rule(Effect.RACES, None, r"\S+ to ", frozenset({EditAction.MOVE})),
    _Rule(Effect.RACES, None, "to another", frozenset({EditAction.MOVE})),
    _Rule(Effect.FOLLOWS, None, None, frozenset({EditAction.MOVE})),
    _Rule(Effect.RECREATES, None, None, frozenset({EditAction.RENAME})),
    _Rule(Effect.DELETES_STATE, STATEFUL, "", _GOES),
    _Rule(Effect.DELETES, WORKLOADS, "", _GOES),
    _Rule(Effect.RUNS, _JOBS, "", _COMES),
    _Rule(Effect.FOLLOWS, _JOBS, "", _GOES),
    _Rule(Effect.RUNS, _JOBS, r"metadata\.name"),
    _Rule(Effect.RUNS, _JOBS, r"spec"),
    *(_Rule(Effect.RECREATES, frozenset({kind.name}), kind.immutable) for kind in KINDS if kind.immutable),
    _Rule(Effect.EVICTS, WORKLOADS, _PLACED),
    _Rule(Effect.EVICTS, _NODES, r"spec|$"),
    _Rule(Effect.RESTARTS, WORKLOADS, r"spec\.(template|replicas|workloadTemplate|workloadScope)"),
    _Rule(Effect.OPENS, _ACCESS, None),
    _Rule(Effect.REROUTES, _TRAFFIC, r"spec"),
    _Rule(Effect.REROUTES, _TRAFFIC, "", _GOES),
    _Rule(Effect.SYNCS, _SYNC, None),
    _Rule(Effect.CREATES, None, "", _COMES),
    _Rule(Effect.FOLLOWS, None, r"metadata\.(labels|annotations)"),
)


def effect_of(found: ChangeClass) -> Effect:
    """The worst that a change of this class does to a running cluster."""
    key = found.key
    if key.scope in (EditScope.PROVINCE, EditScope.GROUP, EditScope.STATION):
        return _of_scope(found)
    if key.role == TREE_INDEX or (key.role == LISTING and key.field in ("", "resources")):
        return Effect.FOLLOWS
    if key.role == JOIN:
        return Effect.CREATES if key.action is EditAction.ADD else Effect.CONFIGURES
    if key.role == LISTING and key.field.startswith("components[held."):
        return Effect.FOLLOWS
    if key.role == LISTING:
        return Effect.RESTARTS if key.field.startswith("components") else Effect.CONFIGURES
    if key.role == RELEASE:
        return Effect.RESTARTS if key.field.startswith("images") else Effect.FOLLOWS
    # The first that applies: special cases (moves, Jobs, immutable fields) stand before the
    # general rules that would take them as well.
    return next((rule.effect for rule in _RULES if _applies(rule, key)), Effect.CONFIGURES)


def _applies(rule: _Rule, key: ClassKey) -> bool:
    if key.action not in rule.actions or (rule.kinds is not None and key.kind not in rule.kinds):
        return False
    if rule.field is None:
        return True
    return not key.field if rule.field == "" else re.match(rule.field, key.field) is not None


def _of_scope(found: ChangeClass) -> Effect:
    action = found.key.action
    if action is EditAction.ADD:
        return Effect.CREATES
    if action in (EditAction.MOVE, EditAction.RENAME):
        return Effect.RECREATES
    # A group or a province that goes takes its unit with it; with `deletionPolicy: Orphan` what
    # it applied goes on running.
    if found.key.scope is not EditScope.STATION:
        return Effect.ORPHANS
    kinds = {kind for variant in found.variants for kind in _KIND.findall(variant.text("-"))}
    return (
        Effect.DELETES_STATE
        if kinds & STATEFUL
        else Effect.DELETES
        if kinds & WORKLOADS
        else Effect.CONFIGURES
    )


_KIND = re.compile(r"^kind: (\S+)$", re.M)
