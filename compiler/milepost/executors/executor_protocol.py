"""What an executor promises, and the work on one province that all of them share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from milepost import emit, pipeline, plan
from milepost.diagnostics import Sink
from milepost.executors.outcome import Outcome
from milepost.gc_pause import gc_paused
from milepost.model.tree import Tree


@dataclass(frozen=True, slots=True)
class OutputTarget:
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


class ProvinceRunner(Protocol):
    """Compiles provinces; puts all of them in place if ``decide`` says so, and none otherwise.

    Gives the outcomes in the order of ``names``. Raises OSError where the work cannot be done at all.
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


@dataclass(frozen=True, slots=True)
class CompiledTree:
    """One province in memory: what came of it so far, and its tree where it was rendered and nothing is wrong."""

    outcome: Outcome
    tree: Tree | None = None


def compile_tree(shared: pipeline.SharedSpec, name: str, *, rendered: bool) -> CompiledTree:
    """Compile one province. Touches no output, so any machine can do it that has the files."""
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
    )


class StagedProvinces:
    """Provinces that were made ready. Each stands whole beside its old tree, so nothing is held in memory."""

    def __init__(self, target: OutputTarget) -> None:
        self._wish = target
        self._stack = ExitStack()
        self._ready: list[emit.StagedTree] = []

    def stage(self, made: CompiledTree) -> Outcome:
        """Compare a tree with the output or make it ready. A full disk or a foreign file is an outcome, not an error."""
        if made.tree is None or self._wish.output is None:
            return made.outcome
        clock = pipeline.StageClock()
        try:
            found = self._staged(made.tree, self._wish.output)
        except (OSError, emit.ForeignFileError) as error:
            found = {"failed": True, "problem": str(error)}
        clock.lap("compare" if self._wish.compare else "write")
        return replace(made.outcome, stages={**made.outcome.stages, **clock.seconds}, **found)

    def _staged(self, tree: Tree, output: Path) -> dict[str, Any]:
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
