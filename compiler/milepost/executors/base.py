"""What an executor promises, and the work on one province that all of them share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from milepost import emit, pipeline
from milepost.collector import without_collector
from milepost.diagnostics import Sink
from milepost.executors.outcome import Outcome
from milepost.model.tree import Tree


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted: the trees ``written`` to ``output``, or ``compared`` with it, or only checked."""

    output: Path | None
    compare: bool = False

    @property
    def rendered(self) -> bool:
        """Whether anybody wants the bytes."""
        return self.output is not None


Decide = Callable[[Sequence[Outcome]], bool]
"""Told every outcome, says whether the trees are put in place."""
Progress = Callable[[Outcome], None]


class Run(Protocol):
    """Compiles provinces; puts all of them in place if ``decide`` says so, and none otherwise.

    Gives the outcomes in the order of ``names``. Raises OSError where the work cannot be done at all.
    """

    def __call__(
        self, shared: pipeline.Shared, names: Sequence[str], wish: Wish, decide: Decide, progress: Progress
    ) -> list[Outcome]: ...


class Executor(Protocol):
    """A module of this folder; its name is the scheme by which it is asked for."""

    def executor(self, address: str, jobs: int | None) -> Run:
        """The way to run at ``address`` (what follows ``scheme://``), in ``jobs`` processes where that is ours to say.

        Raises NoSuchExecutorError for an address that cannot be.
        """
        ...


@dataclass(frozen=True, slots=True)
class Made:
    """One province in memory: what came of it so far, and its tree where it was rendered and nothing is wrong."""

    outcome: Outcome
    tree: Tree | None = None


def make(shared: pipeline.Shared, name: str, *, rendered: bool) -> Made:
    """Compile one province. Touches no output, so any machine can do it that has the files."""
    with without_collector():
        clock, sink = pipeline.Clock(), Sink()
        compiled = pipeline.compile_province(shared, name, sink, clock)
        if compiled is None:
            return Made(Outcome(name, tuple(sink), True, stages=clock.seconds))
        tree = pipeline.render(compiled, clock) if rendered else None
        return Made(_outcome(compiled, sink, clock), tree)


def _outcome(compiled: pipeline.Compiled, sink: Sink, clock: pipeline.Clock) -> Outcome:
    province, lowered = compiled.plan.fleet.province, compiled.lowered
    return Outcome(
        province.name,
        tuple(sink),
        sink.failed,
        stations=sum(len(group.stations) for group in province.groups),
        nodes=sum(len(s.nodes) for group in province.groups for s in group.stations),
        objects=sum(len(s.manifests) * len(s.stamps) for s in lowered.sheets),
        files=sum(len(s.stamps) for s in lowered.sheets) + len(lowered.texts),
        stages=clock.seconds,
    )


class Bench:
    """Provinces that were made ready. Each stands whole beside its old tree, so nothing is held in memory."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._stack = ExitStack()
        self._ready: list[emit.Prepared] = []

    def lay(self, made: Made) -> Outcome:
        """Compare a tree with the output or make it ready. A full disk or a foreign file is an outcome, not an error."""
        if made.tree is None or self._wish.output is None:
            return made.outcome
        clock = pipeline.Clock()
        try:
            found = self._laid(made.tree, self._wish.output)
        except (OSError, emit.ForeignFileError) as error:
            found = {"failed": True, "problem": str(error)}
        clock.lap("compare" if self._wish.compare else "write")
        return replace(made.outcome, stages={**made.outcome.stages, **clock.seconds}, **found)

    def _laid(self, tree: Tree, output: Path) -> dict[str, Any]:
        dropped = emit.dropped_units(tree, output)
        if self._wish.compare:
            return {"dropped": dropped, "differences": tuple(emit.difference(tree, output))}
        prepared = self._stack.enter_context(emit.prepare(tree, output))
        self._ready.append(prepared)
        return {"dropped": dropped, "written": prepared.written}

    def put(self) -> None:
        """Swap in everything that is ready; each swap is one step."""
        for prepared in self._ready:
            prepared.put()

    def close(self) -> None:
        """What was not put is gone."""
        self._stack.close()
