"""Runs that take turns step by step, in an order that a test chooses: what chance does to two runs, without chance."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from threading import Semaphore, Thread, current_thread
from typing import Any

import pytest

from milepost import pipeline, staging
from milepost.cache import store
from milepost.executors import executor_protocol

STEPS: tuple[tuple[Any, str], ...] = (
    (store, "spec_files"),
    (pipeline, "read"),
    (executor_protocol.StagedProvinces, "stage"),
    (executor_protocol.StagedProvinces, "put"),
    (executor_protocol.StagedProvinces, "kept"),
    (store.Cache, "_write"),
)
"""Where a run stops: before it looks at the spec, reads it, lays a tree ready, swaps it in, signs it, records it."""


@dataclass(eq=False)
class Stepper(Thread):
    """A run that goes on, until its next step, whenever it is told to."""

    action: Callable[[], object]
    may_go: Semaphore = field(default_factory=lambda: Semaphore(0))
    has_stopped: Semaphore = field(default_factory=lambda: Semaphore(0))
    ended: bool = False
    error: BaseException | None = None

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.start()

    def run(self) -> None:
        self.may_go.acquire()
        try:
            self.action()
        except BaseException as error:
            self.error = error
        self.ended = True
        self.has_stopped.release()

    def stop(self) -> None:
        self.has_stopped.release()
        self.may_go.acquire()

    def step(self) -> None:
        """Let it go on until it stops or ends."""
        if not self.ended:
            self.may_go.release()
            assert self.has_stopped.acquire(timeout=60)


def stop_at_steps(monkeypatch: pytest.MonkeyPatch, steps: Sequence[tuple[Any, str]] = STEPS) -> None:
    """Make every Stepper stop before each of the steps."""
    for owner, name in steps:
        monkeypatch.setattr(owner, name, _stopping(getattr(owner, name)))


def _stopping(original: Callable[..., Any]) -> Callable[..., Any]:
    def step(*arguments: Any, **named: Any) -> Any:
        thread = current_thread()
        if isinstance(thread, Stepper):
            thread.stop()
        return original(*arguments, **named)

    return step


def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a file system that has none."""

    @contextlib.contextmanager
    def unlocked(*_arguments: object, **_named: object) -> Iterator[None]:
        yield

    monkeypatch.setattr(staging, "locked", unlocked)


def orders(one: int, other: int) -> Iterator[tuple[bool, ...]]:
    """Every order in which ``one`` steps of a first run and ``other`` steps of a second can be taken."""
    for chosen in combinations(range(one + other), one):
        yield tuple(place in chosen for place in range(one + other))


def take_turns(
    order: Sequence[bool], first: Callable[[], object], second: Callable[[], object]
) -> list[Stepper]:
    """Both actions, a step of the first for each True; both have ended when this returns."""
    steppers = [Stepper(first), Stepper(second)]
    for turn in order:
        steppers[0 if turn else 1].step()
    for stepper in steppers:
        while not stepper.ended:
            stepper.step()
    return steppers


def action(function: Callable[..., object], *arguments: object) -> Callable[[], object]:
    return partial(function, *arguments)
