"""The executor protocol, and the work on one province that all executors share."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from milepost import emit, pipeline, plan
from milepost.diagnostics import Sink
from milepost.executors.outcome import Outcome
from milepost.gc_pause import gc_paused
from milepost.model.record import by_value
from milepost.model.tree import Tree


@by_value
class OutputTarget:
    """What is wanted: the trees written to ``output``, or compared with it, or only checked."""

    output: Path | None
    compare: bool = False
    place: Path | None = None
    """The staging folder of ``output``, where anything may be written."""
    gone: tuple[str, ...] = ()
    """Provinces whose trees go when the others are put in place."""

    @property
    def rendered(self) -> bool:
        """Whether anybody wants the bytes."""
        return self.output is not None


Decide = Callable[[Sequence[Outcome]], bool]
"""Told every outcome, says whether the trees are put in place."""
Progress = Callable[[Outcome], None]


class ProvinceRunner(Protocol):
    """Compiles provinces; puts all of them in place if ``decide`` says so, and none otherwise.

    Gives the outcomes in the order of ``names``. Raises OSError where the work cannot be done at all, and
    NotWholeError.
    """

    def __call__(
        self,
        shared: pipeline.SharedSpec,
        names: Sequence[str],
        target: OutputTarget,
        decide: Decide,
        progress: Progress,
    ) -> list[Outcome]: ...


class Executor(Protocol):
    """A module of this folder; its name is the scheme by which it is asked for."""

    def executor(self, address: str, jobs: int | None) -> ProvinceRunner:
        """The way to run at ``address`` (what follows ``scheme://``), in ``jobs`` processes where that is ours to say.

        Raises NoSuchExecutorError for an address that cannot be.
        """
        ...


@by_value
class CompiledTree:
    """One province in memory: what came of it so far, and its tree where it was rendered and nothing is wrong."""

    outcome: Outcome
    tree: Tree | None = None


def standing(outcomes: Sequence[Outcome], signatures: Mapping[str, str | None]) -> list[Outcome]:
    """The outcomes of provinces that were put in place."""
    return [replace(outcome, stands=signatures.get(outcome.province)) for outcome in outcomes]


def compile_tree(shared: pipeline.SharedSpec, name: str, *, rendered: bool) -> CompiledTree:
    """Compile one province. Touches no output, so any machine can do it that has the files."""
    # The collector finds next to no rings here and costs a good part of the time of a large
    # province.
    with gc_paused():
        clock, sink = pipeline.StageClock(), Sink()
        compiled = pipeline.compile_province(shared, name, sink, clock)
        if compiled is None:
            return CompiledTree(Outcome(name, tuple(sink), True, stages=clock.seconds))
        tree = pipeline.render(compiled, clock) if rendered else None
        return CompiledTree(_outcome(compiled, sink, clock), tree)


def _outcome(compiled: pipeline.Compiled, sink: Sink, clock: pipeline.StageClock) -> Outcome:
    province, lowered = compiled.plan.fleet.province, compiled.lowered
    return Outcome(
        province.name,
        tuple(sink),
        sink.failed,
        stations=sum(len(group.stations) for group in province.groups),
        nodes=sum(len(s.nodes) for group in province.groups for s in group.stations),
        objects=sum(len(s.manifests) * len(s.instances) for s in lowered.templates),
        files=sum(len(s.instances) for s in lowered.templates) + len(lowered.texts),
        matches=plan.matches(compiled.plan),
        stages=clock.seconds,
        tables=compiled.tables,
    )


class Part(Protocol):
    """Some of the trees that change together: those of one process."""

    def put(self) -> None:
        """Put them in place. Raises OSError, and those of this part are as they were."""
        ...

    def back(self) -> None:
        """Undo ``put``. Raises OSError."""
        ...

    def keep(self) -> None:
        """Begin to remove the old ones for good."""
        ...

    def kept(self) -> dict[str, str | None]:
        """End that; the signatures of the new ones, by province."""
        ...


class NotWholeError(OSError):
    """Some trees are new and others are not, and could not be put back; the message says which are new."""


def put_together(parts: Sequence[Part]) -> dict[str, str | None]:
    """Put all parts in place, or none; signatures by province. Raises OSError, and NotWholeError."""
    done: list[Part] = []
    try:
        for part in parts:
            part.put()
            done.append(part)
    except BaseException as error:
        # In the reverse order, as each step may rest on the one before.
        undo([part.back for part in reversed(done)], error)
        if isinstance(error, OSError) and not isinstance(error, NotWholeError):
            raise OSError(f"{error}; every province's tree is as it was") from error
        raise
    signatures: dict[str, str | None] = {}
    # All are in place. Where something goes wrong now, no more is lost than what is known of them.
    with contextlib.suppress(OSError):
        for part in parts:
            part.keep()
        for part in parts:
            signatures |= part.kept()
    return signatures


def undo(steps: Sequence[Callable[[], None]], reason: BaseException) -> None:
    """Take all steps, whichever fails. Raises NotWholeError with what each of those said."""
    said = []
    for step in steps:
        try:
            step()
        except OSError as error:
            said.append(str(error))
    if said:
        raise NotWholeError("; ".join([str(reason), *said])) from reason


class StagedProvinces:
    """Provinces that were made ready. Each stands whole beside its old tree, so nothing is held in memory."""

    def __init__(self, target: OutputTarget) -> None:
        self._target = target
        self._ready: list[emit.StagedTree] = []
        self._put: list[emit.StagedTree] = []

    def stage(self, made: CompiledTree) -> Outcome:
        """Compare a tree with the output or make it ready. A full disk or a foreign file is an outcome, not an error."""
        if made.tree is None or self._target.output is None:
            return made.outcome
        clock = pipeline.StageClock()
        try:
            found = self._staged(made.tree, self._target.output)
        except (OSError, emit.ForeignFileError) as error:
            found = {"failed": True, "problem": str(error)}
        clock.lap("compare" if self._target.compare else "write")
        return replace(made.outcome, stages={**made.outcome.stages, **clock.seconds}, **found)

    def _staged(self, tree: Tree, output: Path) -> dict[str, Any]:
        dropped = emit.dropped_units(tree, output)
        if self._target.compare or self._target.place is None:
            return {"dropped": dropped, "differences": tuple(emit.difference(tree, output))}
        prepared = emit.prepare(tree, output, self._target.place)
        self._ready.append(prepared)
        return {"dropped": dropped, "written": prepared.written}

    def clear(self) -> None:
        """Make ready that the trees of provinces that are gone go. Raises OSError."""
        for province in self._target.gone:
            assert self._target.output is not None and self._target.place is not None
            try:
                self._ready.append(emit.prepare(Tree(province), self._target.output, self._target.place))
            except emit.ForeignFileError as error:
                raise OSError(str(error)) from error

    def put(self) -> None:
        """As ``Part``; each swap is one step."""
        # Once for all provinces: the wait for a tick of the file system's clock is for the
        # youngest file.
        emit.settle(file for prepared in self._ready for file in prepared.made.values())
        try:
            for prepared in self._ready:
                _put(prepared)
                self._put.append(prepared)
        except BaseException as error:
            self._take_back(error)
            raise

    def back(self) -> None:
        """As ``Part``."""
        self._take_back(OSError("another province could not be replaced"))

    def _take_back(self, reason: BaseException) -> None:
        steps = [partial(_put_back, prepared) for prepared in reversed(self._put)]
        self._put.clear()
        undo(steps, reason)

    def keep(self) -> None:
        """As ``Part``."""
        # Before the old trees are removed: from here on nothing may be dropped or taken back.
        self._ready.clear()

    def kept(self) -> dict[str, str | None]:
        """As ``Part``."""
        return {prepared.province: prepared.kept() for prepared in self._put}

    def close(self) -> None:
        """What was not put is gone."""
        for prepared in self._ready:
            prepared.drop()


def _put(prepared: emit.StagedTree) -> None:
    try:
        prepared.put()
    except OSError as error:
        raise OSError(f"{prepared.province} could not be replaced: {error.strerror}") from error


def _put_back(prepared: emit.StagedTree) -> None:
    try:
        prepared.back()
    except OSError as error:
        raise OSError(f"{prepared.province} is new and could not be put back: {error.strerror}") from error
