"""Two-step plans for what one commit cannot do safely: moves, renames, and groups that are dropped.

Text for people, with the words of the agent that syncs the tree. The facts: Flux and Argo CD prune an object when the
unit that owned it no longer holds it, in whatever order units are synced; a unit that is deleted itself leaves its
objects running.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from milepost.model.delivery import names
from milepost.model.delivery.base import engine
from milepost.model.record import by_value
from milepost.publish.review.classify.change_classes import ChangeClass
from milepost.publish.review.classify.edit import EditAction, EditScope
from milepost.publish.review.classify.effect import Effect
from milepost.publish.review.show.titles import title
from milepost.publish.review.show.words import Words


@by_value
class TwoStepPlan:
    """A two-step plan. ``about`` is the line of the summary; ``steps`` are changes to merge one after the other."""

    about: Words
    steps: tuple[str, ...]


def steps(found: Iterable[tuple[ChangeClass, Effect]], engines: Mapping[str, str]) -> list[TwoStepPlan]:
    """One plan for each class that needs more than one commit; ``engines`` is by province."""
    plans = []
    for each, effect in found:
        # What happened first, then what it does: a rename is recreated as well, but there is a
        # better way for it.
        write = _PLANS.get((each.key.scope, each.key.action)) or _BY_EFFECT.get(effect)
        if write is not None and effect is not Effect.FOLLOWS:
            known = {engines[p] for site in each.sites if (p := site.place.province) in engines}
            plans.append(TwoStepPlan(title(each), tuple(write(sorted(known) or list(names())))))
    return plans


def _between_units(agents: list[str]) -> Iterable[str]:
    keep = " or ".join(f"`{engine(agent).PRUNE_OFF}`" for agent in agents)
    yield (
        f"First change: leave the objects in their old unit and give each the annotation {keep}. Merge it, and wait "
        "until every unit of the province is ready at that commit."
    )
    yield (
        "Second change: this one. The old unit lets the objects go without deleting them, the new unit takes them over, "
        "and the annotation goes."
    )


def _station_moves(agents: list[str]) -> Iterable[str]:
    yield (
        "A station group is a namespace, so the station's pods cannot move: they are deleted in one and created in the "
        "other, and both use the same ports and folders of the nodes. First change, in a maintenance window: take the "
        "station out of the table, acknowledge the removal, and wait until its pods are gone."
    )
    yield "Second change: add the station with its new group."


def _renamed(agents: list[str]) -> Iterable[str]:
    yield (
        "First change: add the new name beside the old one, and wait until it serves. Where both would use the same port, "
        "folder or address of a node, remove the old one first instead, in a maintenance window."
    )
    yield "Second change: remove the old name and acknowledge the removal."


def _group_renamed(agents: list[str]) -> Iterable[str]:
    yield (
        "A station group is a namespace and a unit, and neither can be renamed: all pods of its stations are deleted under the "
        "old name and created under the new one, and both use the same ports and folders of the nodes. First change, in a "
        "maintenance window: take the stations out of the table, acknowledge the removal, and wait until their pods are gone."
    )
    yield "Second change: rename the empty group, and add its stations with the new name."


def _group_goes(agents: list[str]) -> Iterable[str]:
    yield (
        "A unit that is dropped leaves what it created running, and nobody updates it any more. First change: keep the "
        "station group, take its stations out of the table and acknowledge the removal; wait until their pods are gone."
    )
    yield "Second change: remove the empty station group."


def _recreated(agents: list[str]) -> Iterable[str]:
    yield (
        "The API server refuses this change of a field that cannot change, and the agent then applies nothing of the unit. "
        "First change: add the object under a new name beside the old one, and wait until it serves."
    )
    yield "Second change: remove the old object and acknowledge the removal."


_Plan = Callable[[list[str]], Iterable[str]]

_PLANS: dict[tuple[EditScope, EditAction], _Plan] = {
    (EditScope.OBJECT, EditAction.MOVE): _between_units,
    (EditScope.GROUP, EditAction.MOVE): _station_moves,
    (EditScope.STATION, EditAction.MOVE): _station_moves,
    (EditScope.OBJECT, EditAction.RENAME): _renamed,
    (EditScope.STATION, EditAction.RENAME): _renamed,
    (EditScope.GROUP, EditAction.RENAME): _group_renamed,
    (EditScope.GROUP, EditAction.REMOVE): _group_goes,
}
_BY_EFFECT: dict[Effect, _Plan] = {Effect.RECREATES: _recreated}
