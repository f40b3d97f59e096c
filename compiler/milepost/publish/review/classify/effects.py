"""Effects of change classes: what a cluster will do about each, the worst of all that its lines say.

Fields go by ``field_effects``; what comes, goes or moves as a whole by the rules here, whose order decides. The facts about
moves and removals are Flux's and Argo CD's, as the sync objects are rendered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from milepost.model import kinds
from milepost.model.kinds import KINDS, ReviewClass, Runs, names
from milepost.model.layout import FileRole
from milepost.publish.review.classify.change_classes import ChangeClass, ClassKey, Variant
from milepost.publish.review.classify.edit import EditAction, EditScope
from milepost.publish.review.classify.effect import Effect, worst
from milepost.publish.review.classify.field_effects import FieldEffect, field_effect
from milepost.publish.review.read.file_location import JOIN, LISTING, RELEASE, TREE_INDEX
from milepost.publish.review.read.join_lists import WORKLOADS
from milepost.publish.review.read.yaml_leaves import YamlLeaf, leaves

STATEFUL = names(lambda kind: kind.stateful)
_ACCESS = names(lambda kind: kind.review is ReviewClass.ACCESS)
_TRAFFIC = names(lambda kind: kind.review is ReviewClass.TRAFFIC)
_SOURCES = frozenset({kinds.GIT_REPOSITORY.name, kinds.OCI_REPOSITORY.name, kinds.ARGO_PROJECT.name})
_SYNC = names(lambda kind: kind.review is ReviewClass.DELIVERY)
_JOBS = names(lambda kind: kind.runs is Runs.TO_COMPLETION)
_IMMUTABLE = {kind.name: re.compile(kind.immutable) for kind in KINDS if kind.immutable}
_FOR_MACHINES = frozenset({FileRole.HOSTS, FileRole.MACHINES})
_APART = ("components[held.", "components[moves.")
_WAITING = ("releases/held.", "releases/moves.")
"""Components that set an application apart while it waits; they pin nothing."""
_KIND = re.compile(r"^kind: (\S+)$", re.M)


class FieldChange(NamedTuple):
    """A field of an object that a class changes; ``old`` and ``new`` are None where there is none."""

    path: str
    old: str | None
    new: str | None
    effect: Effect
    secure: bool


class _Rule(NamedTuple):
    """Of whole objects; ``kinds`` None stands for all, ``field`` for a beginning of what is said of a move."""

    effect: Effect
    kinds: frozenset[str] | None
    actions: frozenset[EditAction]
    field: str = ""


_GOES, _COMES = frozenset({EditAction.REMOVE}), frozenset({EditAction.ADD})
_MOVES, _RENAMED = frozenset({EditAction.MOVE}), frozenset({EditAction.RENAME})
_EVERY = frozenset(EditAction)

_WHOLE = (
    _Rule(Effect.RACES, None, _MOVES, r"\S+ to |to another"),
    _Rule(Effect.FOLLOWS, None, _MOVES),
    _Rule(Effect.RECREATES, None, _RENAMED),
    _Rule(Effect.DELETES_STATE, STATEFUL, _GOES),
    _Rule(Effect.DELETES, WORKLOADS, _GOES),
    _Rule(Effect.RUNS, _JOBS, _COMES),
    _Rule(Effect.FOLLOWS, _JOBS, _GOES),
    _Rule(Effect.REDIRECTS, _SOURCES, _GOES),
    _Rule(Effect.OPENS, _ACCESS, _EVERY),
    _Rule(Effect.CUTS, _TRAFFIC, _GOES),
    _Rule(Effect.SYNCS, _SYNC, _EVERY),
    _Rule(Effect.CREATES, None, _COMES),
    _Rule(Effect.CONFIGURES, None, _EVERY),
)
_STANDING = (
    "privileged", "hostPID", "hostIPC", "runAsUser", "capabilities.add[]", "hostPath.path", "rules[].verbs[]",
    "rules[].resources[]", "rules[].apiGroups[]", "roleRef.name",
)  # fmt: skip
"""What is told of an object that is new: the fields by which a pod or a role is more than others."""


def effect_of(found: ChangeClass) -> Effect:
    """The worst that a change of this class does to a running cluster."""
    key = found.key
    if key.scope in (EditScope.PROVINCE, EditScope.GROUP, EditScope.STATION):
        return _of_scope(found)
    if (by_role := _of_role(found)) is not None:
        return by_role
    whole = key.action in (EditAction.MOVE, EditAction.RENAME) or not key.field
    effects = [change.effect for change in field_changes(found)]
    if whole:
        effects.append(next(rule.effect for rule in _WHOLE if _applies(rule, key)))
    elif _is_immutable(key):
        effects.append(Effect.RECREATES)
    return worst(effects)


def field_changes(found: ChangeClass) -> list[FieldChange]:
    """The fields that the class changes, each once; of an object that is new, those that stand out."""
    key = found.key
    if key.role in (JOIN, LISTING, RELEASE, TREE_INDEX) or key.role in _FOR_MACHINES:
        return []
    if key.scope is EditScope.OBJECT and key.field and key.action not in (EditAction.MOVE, EditAction.RENAME):
        changes = (change for variant in found.variants for change in _changed(key, variant))
    elif key.action is EditAction.ADD:
        changes = (change for variant in found.variants for change in _standing(variant, key.scope))
    else:
        return []
    return list(dict.fromkeys(changes))


def _of_role(found: ChangeClass) -> Effect | None:
    key = found.key
    if key.role == TREE_INDEX or (key.role == LISTING and key.field in ("", "resources")):
        return Effect.FOLLOWS
    if key.role == JOIN:
        return Effect.CREATES if key.action is EditAction.ADD else Effect.CONFIGURES
    if key.role == LISTING and key.field.startswith("components[held."):
        return Effect.FOLLOWS
    if key.role == LISTING:
        if key.field.startswith(_APART):
            # The unit of an application that waits for its pre-pull: its line of the version says the rest.
            return Effect.FOLLOWS
        pulled = key.field.startswith(("components", "images"))
        return Effect.RESTARTS if pulled else Effect.UNKNOWN
    if key.role == RELEASE:
        if key.name.startswith(_WAITING):
            return Effect.SYNCS if key.field else Effect.FOLLOWS
        return worst([_of_pin(key, variant) for variant in found.variants])
    return Effect.CONFIGURES if key.role in _FOR_MACHINES else None


def _of_pin(key: ClassKey, variant: Variant) -> Effect:
    if not key.field.startswith("images"):
        # The file of a version comes or goes with the lines that name it.
        return Effect.UNKNOWN if key.field else Effect.FOLLOWS
    old, new = variant.text("-"), variant.text("+")
    # The version stands in a comment above the pin; where it is not among the lines, it stays.
    same_tag = "digest:" in new and "digest:" in old and "#" not in new
    return Effect.REPULLS if same_tag else Effect.RESTARTS


def _changed(key: ClassKey, variant: Variant) -> Iterator[FieldChange]:
    old, new = (list(leaves(key.field, variant.text(sign))) for sign in "-+")
    for leaf, before, after in _pairs(old, new):
        row = field_effect(key.kind, leaf.path, leaf.general) or FieldEffect(Effect.UNKNOWN)
        yield FieldChange(leaf.path, before, after, row.of(before, after), row.secure)


def _pairs(old: list[YamlLeaf], new: list[YamlLeaf]) -> Iterator[tuple[YamlLeaf, str | None, str | None]]:
    """Each field with its two values; of plain lists each value that came or went."""
    was, now = Counter(old), Counter(new)
    gone, come = list((was - now).elements()), list((now - was).elements())
    ways = {leaf.path: leaf.value for leaf in gone if not leaf.path.endswith("[]")}
    for leaf in come:
        yield leaf, ways.pop(leaf.path, None), leaf.value
    for leaf in gone:
        if leaf.path.endswith("[]") or leaf.path in ways:
            yield leaf, leaf.value, None


def _standing(variant: Variant, scope: EditScope) -> Iterator[FieldChange]:
    """Of objects that are new."""
    for text in re.split(r"^---\n", variant.text("+"), flags=re.M):
        kind = _KIND.search(text)
        for leaf in leaves("", text) if kind and _may_stand(text) else ():
            if leaf.general.endswith(_STANDING):
                row = field_effect(kind[1] if kind else "", leaf.path, leaf.general)
                if row is not None and row.of(None, leaf.value) is Effect.PRIVILEGE:
                    # A station like others that are there is no new privilege; it is told all the same.
                    effect = Effect.PRIVILEGE if scope is EditScope.OBJECT else Effect.CREATES
                    yield FieldChange(leaf.path, None, leaf.value, effect, secure=True)


def _may_stand(text: str) -> bool:
    """Before it is taken apart: a new province has thousands of objects, and few are more than others."""
    return any(word.rpartition(".")[2].removesuffix("[]") in text for word in _STANDING)


def _is_immutable(key: ClassKey) -> bool:
    fixed = _IMMUTABLE.get(key.kind)
    return fixed is not None and fixed.match(key.field) is not None


def _applies(rule: _Rule, key: ClassKey) -> bool:
    if key.action not in rule.actions or (rule.kinds is not None and key.kind not in rule.kinds):
        return False
    return re.match(rule.field, key.field) is not None


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
    removed = {kind for variant in found.variants for kind in _KIND.findall(variant.text("-"))}
    if removed & STATEFUL:
        return Effect.DELETES_STATE
    return Effect.DELETES if removed & WORKLOADS else Effect.CONFIGURES
