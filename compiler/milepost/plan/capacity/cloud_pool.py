"""Cloud pool: whether its nodes hold every pod of the province's own components, in whatever order they are placed.

A node keeps a pod away by another that it must stay apart from, or by what others ask for there. The first are counted
one a node; the rest together cannot fill more nodes than their sum allows. If that leaves a node for each pod while all
others run, no order of the scheduler leaves one without. Assumes what the Province says: so many nodes, each with so
much free for these pods, all of one kind. Says nothing where it is not said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from milepost.model.province_settings import CloudPool
from milepost.model.resource_request import ResourceRequest, total


class CloudLoad(NamedTuple):
    """Pods of one sort: how many there may be at once, and what each asks for."""

    label: str
    most: int
    request: ResourceRequest
    avoids: frozenset[str]
    """Labels of the pods that it never shares a node with, its own among them where instances spread."""


def blocked(load: CloudLoad, loads: Sequence[CloudLoad], pool: CloudPool) -> int:
    """The most nodes of ``pool`` that others can keep from one pod of ``load``."""
    others = [(o, o.most - 1 if o.label == load.label else o.most) for o in loads]
    rivals = sum(count for other, count in others if other.label in load.avoids)
    rest = total(
        ResourceRequest(other.request.cpu * count, other.request.memory * count)
        for other, count in others
        if other.label not in load.avoids
    )
    # A node is full for it when what is used is more than what it leaves; so many nodes the sum can fill.
    full = [
        used // (free - asked + 1)
        for used, free, asked in zip(rest, pool.room, load.request, strict=True)
        if 0 < asked <= free
    ]
    return rivals + sum(full)


def short(load: CloudLoad, loads: Sequence[CloudLoad], pool: CloudPool) -> str | None:
    """Why a pod of ``load`` may wait for ever, or None where it cannot."""
    if not load.request.within(pool.room):
        return "it asks for more than one node has"
    taken = blocked(load, loads, pool)
    nodes = "its only node" if pool.nodes == 1 else f"{taken} of {pool.nodes} nodes"
    return f"other pods may take {nodes} from it" if taken >= pool.nodes else None
