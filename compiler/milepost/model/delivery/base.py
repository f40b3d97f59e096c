"""The delivery engine interface: a module that says a few facts and offers four functions. Takes no plan, decides
nothing.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol, cast

from milepost.model.delivery import names
from milepost.model.fleet import Province
from milepost.model.record import record
from milepost.model.rollout import PullStage


@record
class Delivery:
    """A province as its engine sees it: what it syncs from, and where the objects of its units stand."""

    province: Province
    url: str
    """Address of the province's own tree."""
    reference: str
    """Its branch or tag."""
    groups: tuple[str, ...]
    """The namespaces of station groups."""
    shared: tuple[str, ...]
    """Other namespaces that units bring along."""
    label_domain: str
    kinds: tuple[str, ...] = ()
    """The kinds of the objects that its units hold, sorted."""


@record
class Unit:
    """A folder that is synced as one: its path in the tree, and the name of the object that syncs it."""

    path: str
    name: str
    namespace: str | None = None
    """The namespace of its objects; None where each object names its own, or has none."""
    after: tuple[str, ...] = ()
    """Names of the units that must be done before this one begins: the base, then its gates."""
    pull: PullStage | None = None
    """The pre-pull that it is: done when its nodes have their images."""
    reads: tuple[str, ...] = ()
    """Other folders that it is built from, beside those of releases."""
    held: tuple[str, ...] = ()
    """Applications of its folder that it leaves alone: each has a unit of its own that waits for a pre-pull."""


class SyncObject(NamedTuple):
    """An object that stands once in a province: its file in ``sync/``, and why it is there."""

    file: str
    body: dict[str, Any]
    reason: str


class DeliveryEngine(Protocol):
    """A module of this folder. Its name is what ``sync.engine`` says."""

    REQUIRES: str
    """The versions of the agent that understand the tree."""
    TAKEN: frozenset[str]
    """Names that no station group may have: the agent's namespace, and its files in ``sync/``."""
    SCHEMES: tuple[str, ...]
    """The schemes of addresses of Git repositories that it fetches from; empty where it takes whatever Git takes."""
    ORDERS_UNITS: bool
    """Whether one unit can wait for another. Otherwise only the objects of one unit are ordered, by ``order``."""
    PRUNE_PROTECTION: Mapping[str, str]
    """Annotations of what the agent must not remove by itself."""
    RECREATION: Mapping[str, str]
    """Annotations of what the agent may delete and create anew where a change is refused."""
    HELD: Mapping[str, str]
    """Annotations of what the agent neither applies nor removes although it is listed: another unit has it, for as long as
    a pre-pull is waited for. Empty where the engine is told by ``Unit.held``."""
    PRUNE_OFF: str
    """How a person keeps an object while it moves between units, as a line of YAML."""
    AGENTS_OWN: Mapping[str, str]
    """Labels and annotations that the agent writes, and a reason each why they are not rendered."""

    def source(self, delivery: Delivery, /) -> Iterable[SyncObject]:
        """What the province's tree is fetched from."""

    def identity(self, delivery: Delivery, /) -> Iterable[SyncObject]:
        """Who applies the tree, and what bounds it."""

    def unit(self, unit: Unit, delivery: Delivery, /) -> dict[str, Any] | None:
        """The agent's object for a unit, with what it waits for and how it is seen to be done; None where it needs none."""

    def order(self, number: int, /) -> dict[str, str] | None:
        """Annotations that order an object of a unit: others of that unit are number 0. None where units are ordered."""

    def setup(self, delivery: Delivery, units: Sequence[Unit], /) -> Iterable[tuple[str, str]]:
        """Path and text of files for whoever sets the agent up or runs it: prerequisites, an order of units."""


@cache
def engine(name: str) -> DeliveryEngine:
    """The engine of a name. Raises ModuleNotFoundError where there is none."""
    # By name, so that a new engine is a new module and this file is not touched.
    return cast(DeliveryEngine, importlib.import_module(f"milepost.model.delivery.{name}"))


def engines() -> tuple[DeliveryEngine, ...]:
    """All of them, in order of name."""
    return tuple(engine(name) for name in names())
