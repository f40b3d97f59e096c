"""A compile run: reads what is shared, compiles the provinces that need it, swaps all trees in or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from milepost import emit, pipeline, staging
from milepost.cache import Cache, Done, RunRecord
from milepost.diagnostics import Sink
from milepost.driver import end_of_life
from milepost.driver.guard import RemovalGuard
from milepost.driver.run_request import ProgressListener, RunRequest, RunResult, RunVerdict
from milepost.executors import executor
from milepost.executors.executor_protocol import OutputTarget
from milepost.executors.outcome import Outcome


def run_fleet(request: RunRequest, cache: Cache | None, watch: ProgressListener) -> RunResult:
    """As ``run``."""
    sink = Sink()
    shared = pipeline.read(request.spec, sink)
    if shared is None:
        return RunResult(RunVerdict.WRONG, tuple(sink))
    return _Fleet(request, shared, cache, sink, watch).run()


@dataclass(slots=True)
class _Fleet:
    request: RunRequest
    shared: pipeline.SharedSpec
    cache: Cache | None
    sink: Sink
    watch: ProgressListener
    kept: dict[str, Outcome] = field(default_factory=dict)

    def run(self) -> RunResult:
        names = pipeline.choose(self.shared, self.request.provinces)
        if self.request.on is not None:
            provinces = self.shared.spec.provinces
            end_of_life.report([provinces[name] for name in names], self.request.on, self.sink)
        gone = self._gone()
        self._keep_unchanged(names)
        guard = RemovalGuard(
            self.shared,
            gone,
            self.sink,
            look_only=self.request.compare or self.request.output is None,
            # Kept provinces count too: a selector that fits only there is not empty.
            kept=None if self.request.provinces else tuple(self.kept.values()),
        )
        compiled = self._compile([name for name in names if name not in self.kept], guard, gone)
        outcomes = tuple((self.kept | {o.province: o for o in compiled})[name] for name in names)
        for outcome in outcomes:
            self.sink.extend(outcome.diagnostics)
        verdict = self._verdict(outcomes, guard, gone)
        # Only what was put in place is remembered: a record of a refused run would make the
        # next one say that all is well.
        if verdict is RunVerdict.FINE:
            self._remember(outcomes)
        return RunResult(verdict, tuple(self.sink), outcomes, gone)

    def _gone(self) -> tuple[str, ...]:
        """Only a run over the whole fleet can say that a province is gone."""
        if self.request.provinces or self.request.output is None:
            return ()
        return tuple(sorted(emit.provinces_on_disk(self.request.output) - set(self.shared.provinces)))

    def _keep_unchanged(self, names: Sequence[str]) -> None:
        for name in names if self.cache is not None else ():
            assert self.cache is not None
            known = self.cache.unchanged(name, self.shared.spec)
            if known is not None:
                self.kept[name] = Outcome.kept(name, known.numbers, known.diagnostics, known.matches)

    def _compile(self, names: Sequence[str], guard: RemovalGuard, gone: tuple[str, ...]) -> list[Outcome]:
        self.watch.begin(len(names))
        run = executor(self.request.executor, self.request.jobs)
        output = self.request.output
        if output is None or self.request.compare:
            wish = OutputTarget(output, self.request.compare)
            return run(self.shared, names, wish, guard.decide, self.watch.step)
        # Beside the trees, in the same file system, so that one rename puts each in place.
        with staging.staging(output) as place:
            wish = OutputTarget(output, place=place, gone=gone)
            return run(self.shared, names, wish, guard.decide, self.watch.step)

    def _verdict(self, outcomes: Sequence[Outcome], guard: RemovalGuard, gone: Sequence[str]) -> RunVerdict:
        if any(outcome.problem for outcome in outcomes):
            return RunVerdict.CANNOT
        if guard.tripped:
            return RunVerdict.GUARDED
        if self.sink.failed or any(outcome.failed for outcome in outcomes):
            return RunVerdict.WRONG
        different = any(outcome.differences for outcome in outcomes) or (self.request.compare and gone)
        return RunVerdict.DIFFERENT if different else RunVerdict.FINE

    def _remember(self, outcomes: Sequence[Outcome]) -> None:
        if self.cache is not None:
            provinces = {
                o.province: Done(RunRecord(o.numbers, o.diagnostics, o.matches), o.tables, o.stands)
                for o in outcomes
            }
            whole = len(provinces) == len(self.shared.provinces)
            self.cache.keep(self.shared.spec, provinces, RunRecord({}, tuple(self.sink)) if whole else None)
