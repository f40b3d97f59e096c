"""Node overcommit: whether pods may find their nodes full, since the scheduler places them in any order.

It never puts more on a node than the node has, so what can go wrong is that a pod waits for ever. A pod is safe where
nodes enough are left to it whatever the others do. What cannot be shown counts as trouble; nothing is tried at random.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from milepost.model.plan import PodLoad
from milepost.model.resource_request import NOTHING, ResourceRequest, total

_MOST = 14
"""Pods whose combinations are looked at one by one; more than that count as able to fill the node."""


class Overcommit(NamedTuple):
    """A node, by its position, that may have no room for one of its pods; and the pods that may meet there."""

    node: int
    loads: tuple[PodLoad, ...]


def overcommits(
    loads: Sequence[PodLoad],
    rooms: Sequence[ResourceRequest],
    leaving: Collection[str] = (),
    taken: Mapping[str, int] = MappingProxyType({}),
) -> Iterator[Overcommit]:
    """Every node of a station that a pod may wait for in vain. ``rooms`` is what each node has for these pods; those with
    labels in ``leaving`` may be there, and need no place any more; ``taken`` says how many nodes something else takes from
    the pods of a label.
    """
    here: list[list[PodLoad]] = [[] for _ in rooms]
    for load in loads:
        for node in load.nodes:
            here[node].append(load)
    # Nearly all nodes hold everything that may land on them, and then no order of scheduling
    # can hurt. Only the others are worth a search over combinations.
    tight = {n for n, room in enumerate(rooms) if not total(o.request for o in here[n]).within(room)}
    told: set[int] = set()
    for load in loads if tight else ():
        if load.label in leaving:
            continue
        full = {n: found for n in load.nodes if n in tight and (found := _filled(load, here[n], rooms[n]))}
        # A full node is no fault by itself: the scheduler takes another one. The pod waits for
        # ever only where the nodes that surely have room are fewer than its instances.
        lost = _lost(load, loads, rooms, sorted(full)) + taken.get(load.label, 0) if full else 0
        if full and len(load.nodes) - lost < load.needed:
            for node in sorted(full.keys() - told):
                yield Overcommit(node, _meeting(full[node], here[node]))
            told |= full.keys()


def avoided(load: PodLoad, loads: Sequence[PodLoad]) -> int:
    """How many of its nodes pods that it never shares a node with may take, at most."""
    return sum(o.most_on(load.nodes) for o in loads if o is not load and load.avoids(o))


def _filled(load: PodLoad, here: Sequence[PodLoad], room: ResourceRequest) -> tuple[PodLoad, ...] | None:
    """``load`` with pods that fit on the node together and leave it too little; None where there are none."""
    others = [o for o in here if _may_meet(load, o) and o.request != NOTHING]
    # The search doubles with every pod. Saying "may be full" without looking is the safe side:
    # a proof may refuse what would work, never accept what may not.
    if len(others) > _MOST:
        return (load, *others)
    # Largest first: what overfills the node is found early, and the search ends there.
    others.sort(key=lambda o: (o.request.memory, o.request.cpu), reverse=True)
    return _search((load,), NOTHING, others, room)


def _search(
    chosen: tuple[PodLoad, ...], used: ResourceRequest, rest: Sequence[PodLoad], room: ResourceRequest
) -> tuple[PodLoad, ...] | None:
    wanted = chosen[0].request
    if not total((used, wanted)).within(room):
        return chosen
    # Even all of the rest together leave room, so no part of them fills it.
    if total((used, wanted, *(o.request for o in rest))).within(room):
        return None
    for number, other in enumerate(rest, start=1):
        more = total((used, other.request))
        # What does not fit beside the chosen ones the scheduler would not put there either, so
        # such a combination never exists on a real node.
        if more.within(room) and all(_may_meet(other, one) for one in chosen):
            found = _search((*chosen, other), more, rest[number:], room)
            if found is not None:
                return found
    return None


def _may_meet(one: PodLoad, other: PodLoad) -> bool:
    return one is not other and not one.avoids(other)


def _meeting(chosen: tuple[PodLoad, ...], here: Sequence[PodLoad]) -> tuple[PodLoad, ...]:
    """``chosen`` and whatever else may be on the node with them, the largest first."""
    found = list(chosen)
    for other in here:
        if all(_may_meet(other, one) for one in found):
            found.append(other)
    return tuple(sorted(found, key=lambda o: (-o.request.memory, -o.request.cpu, o.label)))


def _lost(
    load: PodLoad, loads: Sequence[PodLoad], rooms: Sequence[ResourceRequest], full: Sequence[int]
) -> int:
    """How many of its nodes can be too full, or taken by what it avoids, at the same time; never too few.

    Each of ``full`` is too full by CPU or by memory, and what moves between nodes can fill only so many of them.
    """
    others = [o for o in loads if _may_meet(load, o)]
    count = 0
    # CPU and memory are counted apart and added up: a node that is full by both counts twice,
    # which is too careful but never wrong; `min` below keeps it at the number of nodes.
    for dimension in (0, 1):
        missing = sorted(
            rooms[n][dimension]
            - load.request[dimension]
            - sum(o.request[dimension] for o in others if o.settled and n in o.nodes)
            for n in full
        )
        supply = sum(o.request[dimension] * o.most_on(full) for o in others if not o.settled)
        for free in missing:
            # Cheapest nodes to fill come first (`missing` is sorted), so this is the most nodes
            # that the movable pods can fill at once. One unit more than free is what it takes
            # to be too full.
            supply -= max(0, free + 1)
            count += supply >= 0
    return min(count, len(full)) + avoided(load, loads)
