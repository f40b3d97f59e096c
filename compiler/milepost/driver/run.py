"""One run: read what is shared, compile the provinces that need it, put them in place together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from milepost import emit, pipeline
from milepost.cache import Cache
from milepost.diagnostics import Diagnostic, Sink
from milepost.driver.guard import Guard
from milepost.executors import local
from milepost.executors.base import Outcome, Wish


class Verdict(Enum):
    """How a run ended."""

    FINE = "fine"
    WRONG = "the spec is wrong"
    CANNOT = "a tree could not be written"
    DIFFERENT = "a tree is not what the spec says"
    GUARDED = "a guard needs an acknowledgement"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: trees written to ``output``, or compared with it, or (without output) only checked."""

    spec: Path
    output: Path | None = None
    compare: bool = False
    provinces: tuple[str, ...] = ()
    """All of them where none is named."""
    jobs: int | None = None
    cached: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """What came of it."""

    verdict: Verdict
    diagnostics: tuple[Diagnostic, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    removed: tuple[str, ...] = ()
    """Provinces that stand in the output and are gone from the spec."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how far a run is."""

    begin: Callable[[int], None] = lambda total: None
    step: Callable[[Outcome], None] = lambda outcome: None


def run(request: Request, watch: Watch | None = None) -> Run:
    """Carry out ``request``. Raises KeyError for a province that is not in the spec, and OSError."""
    watch = watch or Watch()
    cache = Cache(request.spec, request.output) if request.cached and request.output is not None else None
    if cache is not None and not request.provinces and (known := cache.nothing_changed()) is not None:
        gone = emit.standing_provinces(cache.output) - known.keys()
        if not gone:
            return Run(Verdict.FINE, outcomes=tuple(_kept(name, numbers) for name, numbers in known.items()))
    sink = Sink()
    shared = pipeline.read(request.spec, sink)
    if shared is None:
        return Run(Verdict.WRONG, tuple(sink))
    return _Fleet(request, shared, cache, sink, watch).run()


@dataclass(slots=True)
class _Fleet:
    request: Request
    shared: pipeline.Shared
    cache: Cache | None
    sink: Sink
    watch: Watch
    kept: dict[str, Outcome] = field(default_factory=dict)

    def run(self) -> Run:
        names = pipeline.choose(self.shared, self.request.provinces)
        gone = self._gone()
        guard = Guard(
            self.shared, gone, self.sink, look_only=self.request.compare or self.request.output is None
        )
        self._keep_unchanged(names)
        compiled = self._compile([name for name in names if name not in self.kept], guard)
        outcomes = tuple((self.kept | {o.province: o for o in compiled})[name] for name in names)
        for outcome in outcomes:
            self.sink.extend(outcome.diagnostics)
        if guard.put and self.request.output is not None:
            for province in gone:
                emit.remove(province, self.request.output)
        verdict = self._verdict(outcomes, guard, gone)
        if verdict is Verdict.FINE:
            self._remember(outcomes)
        return Run(verdict, tuple(self.sink), outcomes, gone)

    def _gone(self) -> tuple[str, ...]:
        """Only a run over the whole fleet can say that a province is gone."""
        if self.request.provinces or self.request.output is None:
            return ()
        return tuple(sorted(emit.standing_provinces(self.request.output) - set(self.shared.provinces)))

    def _keep_unchanged(self, names: Sequence[str]) -> None:
        for name in names if self.cache is not None else ():
            assert self.cache is not None
            numbers = self.cache.unchanged(name, self.shared.spec)
            if numbers is not None:
                self.kept[name] = _kept(name, numbers)

    def _compile(self, names: Sequence[str], guard: Guard) -> list[Outcome]:
        self.watch.begin(len(names))
        wish = Wish(self.request.output, self.request.compare)
        return local.run(self.shared, names, wish, guard.decide, self.watch.step, self.request.jobs)

    def _verdict(self, outcomes: Sequence[Outcome], guard: Guard, gone: Sequence[str]) -> Verdict:
        if any(outcome.problem for outcome in outcomes):
            return Verdict.CANNOT
        if guard.tripped:
            return Verdict.GUARDED
        if self.sink.failed or any(outcome.failed for outcome in outcomes):
            return Verdict.WRONG
        different = any(outcome.differences for outcome in outcomes) or (self.request.compare and gone)
        return Verdict.DIFFERENT if different else Verdict.FINE

    def _remember(self, outcomes: Sequence[Outcome]) -> None:
        """Provinces with something to say are compiled again next time, so that they say it again."""
        if self.cache is None:
            return
        numbers = {o.province: o.numbers for o in outcomes if not o.diagnostics}
        whole = len(numbers) == len(self.shared.provinces) and not len(self.sink)
        self.cache.keep(self.shared.spec, numbers, whole=whole)


def _kept(name: str, numbers: dict[str, int]) -> Outcome:
    """An outcome that needed no work; ``numbers`` are those of ``Outcome.numbers``."""
    return Outcome(
        name,
        (),
        False,
        stations=numbers["stations"],
        nodes=numbers["nodes"],
        objects=numbers["objects"],
        files=numbers["files"],
        written=emit.Written(0, numbers["files"], 0),
    )
