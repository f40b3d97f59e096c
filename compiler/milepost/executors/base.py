"""What an executor promises, and the work on one province that all of them share."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Protocol

from milepost import emit, pipeline
from milepost.diagnostics import Sink
from milepost.executors.outcome import Outcome
from milepost.model.tree import Tree


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted: the trees ``written`` to ``output``, or ``compared`` with it, or only checked."""

    output: Path | None
    compare: bool = False


Decide = Callable[[Sequence[Outcome]], bool]
"""Told every outcome, says whether the trees are put in place."""
Progress = Callable[[Outcome], None]


class Executor(Protocol):
    """Compiles provinces; puts all of them in place if ``decide`` says so, and none otherwise."""

    def run(
        self, shared: pipeline.Shared, names: Sequence[str], wish: Wish, decide: Decide, progress: Progress
    ) -> list[Outcome]: ...


@contextmanager
def _no_collector() -> Iterator[None]:
    """Nearly everything that a province makes lives until its end: looking for garbage meanwhile costs a third."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()


class Bench:
    """Provinces that one process has made ready. Each stands whole beside its old tree, so nothing is held in memory."""

    def __init__(self, shared: pipeline.Shared, wish: Wish) -> None:
        self._shared, self._wish = shared, wish
        self._stack = ExitStack()
        self._ready: list[emit.Prepared] = []

    def make(self, name: str) -> Outcome:
        """Compile one province and make it ready. A full disk or a foreign file is an outcome, not an exception."""
        with _no_collector():
            return self._make(name)

    def _make(self, name: str) -> Outcome:
        start = perf_counter()
        sink = Sink()
        compiled = pipeline.compile_province(self._shared, name, sink)
        if compiled is None or sink.failed:
            return Outcome(name, tuple(sink), True, seconds=perf_counter() - start)
        try:
            return self._finish(compiled, sink, start)
        except (OSError, emit.ForeignFileError) as error:
            return Outcome(name, tuple(sink), True, seconds=perf_counter() - start, problem=str(error))

    def _finish(self, compiled: pipeline.Compiled, sink: Sink, start: float) -> Outcome:
        province, wish = compiled.plan.fleet.province, self._wish
        tree = Tree(province.name) if wish.output is None else pipeline.render(compiled)
        written = emit.Written()
        differences: tuple[tuple[str, str], ...] = ()
        dropped: tuple[str, ...] = ()
        if wish.output is not None:
            dropped = emit.dropped_units(tree, wish.output)
            if wish.compare:
                differences = tuple(emit.difference(tree, wish.output))
            else:
                prepared = self._stack.enter_context(emit.prepare(tree, wish.output))
                self._ready.append(prepared)
                written = prepared.written
        return Outcome(
            province.name,
            tuple(sink),
            sink.failed,
            stations=sum(len(group.stations) for group in province.groups),
            nodes=sum(len(s.nodes) for group in province.groups for s in group.stations),
            objects=sum(len(s.manifests) * len(s.stamps) for s in compiled.lowered.sheets),
            files=len(tree),
            written=written,
            differences=differences,
            dropped=dropped,
            seconds=perf_counter() - start,
        )

    def put(self) -> None:
        """Swap in everything that is ready; each swap is one step."""
        for prepared in self._ready:
            prepared.put()

    def close(self) -> None:
        """What was not put is gone."""
        self._stack.close()
