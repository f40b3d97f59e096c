"""Passes: what one is, what it declares, and whether a given order of them can work.

A pass says in the signature of its ``run`` what it reads (parameters) and what it writes (what it returns), so the type
checker holds it to that. Here the same is read from the signature when the package is loaded: a pass that reads what
none before it writes is refused before anything is compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import Enum
from types import NoneType, UnionType
from typing import Any, NamedTuple, Protocol, get_type_hints

from milepost.diagnostics import Sink

Noun = Any
"""A type, such as ``Placement``: there is one value of each in a plan."""


class Role(Enum):
    """What a fault that a pass reports means for the passes after it."""

    DECIDES = "decides"
    """Others need what it gives: after a fault nothing that follows can be known."""
    CHECKS = "checks"
    """Refuses what cannot work. Everything else can still be decided and looked at, whatever it finds."""


class Pass(Protocol):
    """A module that adds one kind of choice, or reports why it cannot. Passes are blind to each other."""

    ROLE: Role

    @property
    def run(self) -> Callable[..., object]:
        """Takes what it reads, by name, and ``sink``; returns what it writes, if anything."""
        ...


class PassOrderError(TypeError):
    """The passes cannot run in this order, or their declarations do not fit together."""


class Step(NamedTuple):
    """A pass as declared."""

    name: str
    role: Role
    reads: Mapping[str, Noun]
    """Name of the parameter to what it is given."""
    writes: Noun | None
    run: Callable[..., object]

    def apply(self, known: dict[Noun, Any], sink: Sink) -> bool:
        """Run it over what is known and add what it writes. Whether the passes after it can go on."""
        # A sink of its own, since the shared one may hold faults of earlier passes that only
        # check. They must not stop this pass.
        own = Sink()
        given = {name: known[noun] for name, noun in self.reads.items()}
        found = self.run(**given, sink=own)
        if self.writes is not None:
            known[self.writes] = found
        sink.extend(own)
        return not own.failed or self.role is Role.CHECKS


def declared(module: Pass) -> Step:
    """The declaration of a pass."""
    # Annotations are texts here (`from __future__ import annotations`), so `__annotations__`
    # alone would compare names, and two types of one name would be taken for one.
    hints = get_type_hints(module.run)
    written = hints.pop("return", NoneType)
    hints.pop("sink", None)
    name = module.run.__module__.rpartition(".")[2]
    return Step(name, module.ROLE, hints, None if written is NoneType else written, module.run)


def in_order(modules: Iterable[Pass], given: Noun, wanted: Collection[Noun]) -> tuple[Step, ...]:
    """The passes as declared, when each finds what it reads. ``given`` is there from the start, ``wanted`` at the end.

    Raises PassOrderError, which names the pass and the noun.
    """
    steps = tuple(declared(module) for module in modules)
    known = {given}
    for step in steps:
        _check(step, known, steps)
        if step.writes is not None:
            known.add(step.writes)
    # Found when the package is imported, not at the first fleet that takes this path: a wrong
    # order can never reach a user.
    if missing := [named(noun) for noun in wanted if noun not in known]:
        raise PassOrderError(f"no pass writes {', '.join(missing)}")
    # A result that nobody reads is work for nothing at every compile, and mostly a pass that
    # was renamed on one side.
    read = {noun for step in steps for noun in step.reads.values()}
    for step in steps:
        if step.writes is not None and step.writes not in read and step.writes not in wanted:
            raise PassOrderError(f'pass "{step.name}" writes {named(step.writes)}, which nobody reads')
    return steps


def _check(step: Step, known: Collection[Noun], steps: Sequence[Step]) -> None:
    for noun in step.reads.values():
        if noun not in known:
            later = [other.name for other in steps if other.writes == noun]
            where = f'"{later[0]}", which comes after it, does' if later else "no pass does"
            raise PassOrderError(
                f'pass "{step.name}" reads {named(noun)}, which no pass before it writes: {where}'
            )
    if step.writes in known:
        raise PassOrderError(f'pass "{step.name}" writes {named(step.writes)}, which is there already')
    if step.role is Role.DECIDES and step.writes is None:
        raise PassOrderError(f'pass "{step.name}" decides, and writes nothing')


def named(noun: Noun) -> str:
    """As people write the type."""
    parts = noun.__args__ if isinstance(noun, UnionType) else (noun,)
    return " | ".join("None" if part is NoneType else part.__name__ for part in parts)
