"""What validate and compile share: read the spec, have provinces compiled, show what was found, decide."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from milepost import emit, pipeline
from milepost.cli import console, exits
from milepost.diagnostics import Code, Diagnostic, Sink, did_you_mean
from milepost.executors import local
from milepost.executors.base import Outcome, Wish
from milepost.model.written import Spec

MP6090 = Code(
    "MP6090",
    "a unit would be removed",
    "A unit that stands in the rendered tree is no longer rendered: its station group or province was removed or "
    "renamed. The agent that syncs it would prune everything in it, running lanes included. To rename without stopping "
    "them: first add the new group beside the old one and move the stations in a change of their own; when they run "
    "there, remove the empty old group and acknowledge that. To decommission: acknowledge at once.",
    "# hn-g4-changtan was renamed to hn-g4-changsha-xiangtan in one step\n",
)


@dataclass(slots=True)
class Run:
    """What came of a run over the fleet."""

    exit_code: int
    outcomes: list[Outcome] = field(default_factory=list)
    removed: tuple[str, ...] = ()
    """Provinces that stand in the output and are gone from the spec."""


def compile_fleet(
    spec: Path,
    provinces: Sequence[str],
    jobs: int | None,
    output: Path | None,
    *,
    form: str = "text",
    color: bool = False,
    compare: bool = False,
    quiet: bool = False,
) -> Run:
    """Compile the provinces asked for; write them to ``output``, compare with it, or only check (no output)."""
    sink = Sink()
    shared = pipeline.read(spec, sink)
    if shared is None:
        console.show(sink, spec, form, color=color)
        return Run(exits.SPEC_WRONG)
    names = _chosen(shared, provinces)
    gone = () if provinces or output is None else _gone(shared, output)
    guard = _Guard(shared.spec, shared.catalog.acknowledged, gone, sink, compare or output is None)
    progress = _Progress(len(names), quiet)
    outcomes = local.run(shared, names, Wish(output, compare), guard.decide, progress.step, jobs)
    progress.end()
    for outcome in outcomes:
        sink.extend(outcome.diagnostics)
        if outcome.problem:
            click.echo(f"milepost: {outcome.province}: {outcome.problem}", err=True)
    console.show(sink, spec, form, color=color)
    if guard.put and output is not None:
        for province in gone:
            emit.remove(province, output)
    return Run(_exit_code(outcomes, guard, sink), outcomes, gone)


class _Guard:
    """Decides, when every province is ready, whether any is put in place."""

    def __init__(
        self, spec: Spec, acknowledged: frozenset[str], gone: Sequence[str], sink: Sink, look_only: bool
    ) -> None:
        self.spec, self.acknowledged, self.gone, self.sink, self.look_only = (
            spec,
            acknowledged,
            gone,
            sink,
            look_only,
        )
        self.tripped = False
        self.put = False

    def decide(self, outcomes: Sequence[Outcome]) -> bool:
        if any(outcome.failed for outcome in outcomes) or self.sink.failed:
            return False
        dropped = [f"{o.province}/{unit}" for o in outcomes for unit in o.dropped] + list(self.gone)
        unseen = [
            path
            for path in dropped
            if path not in self.acknowledged and path.split("/")[0] not in self.acknowledged
        ]
        # Of a group that is gone, the unit of its workloads tells it all.
        self.tripped = bool(unseen)
        for path in unseen:
            self._report(path)
        self.put = not self.tripped and not self.look_only
        return self.put

    def _report(self, path: str) -> None:
        fleet = self.spec.fleet.document
        self.sink.add(
            Diagnostic(
                MP6090,
                f"{path} stands in the rendered tree and would be removed with everything that runs in it",
                fleet.key_span("spec", "acknowledge"),
                f"if that is meant, add to spec.acknowledge: {{removes: {path}, reason: ...}}",
            )
        )


class _Progress:
    """One line on a terminal's stderr that says how far it is; silence anywhere else."""

    def __init__(self, total: int, quiet: bool) -> None:
        self.total, self.done = total, 0
        self.shown = sys.stderr.isatty() and not quiet

    def step(self, outcome: Outcome) -> None:
        self.done += 1
        if self.shown:
            click.echo(f"\r\x1b[K{self.done}/{self.total} provinces, {outcome.province}", err=True, nl=False)

    def end(self) -> None:
        if self.shown:
            click.echo("\r\x1b[K", err=True, nl=False)


def _chosen(shared: pipeline.Shared, provinces: Sequence[str]) -> tuple[str, ...]:
    try:
        return pipeline.choose(shared, provinces)
    except KeyError as error:
        name = str(error.args[0])
        hint = did_you_mean(name, shared.provinces)
        raise click.UsageError(
            f'there is no province "{name}"; {hint}' if hint else f'there is no province "{name}"'
        ) from None


def _gone(shared: pipeline.Shared, output: Path) -> tuple[str, ...]:
    return tuple(sorted(emit.standing_provinces(output) - set(shared.provinces)))


def _exit_code(outcomes: Sequence[Outcome], guard: _Guard, sink: Sink) -> int:
    if any(outcome.problem for outcome in outcomes):
        return exits.CANNOT_RUN
    if any(outcome.failed for outcome in outcomes):
        return exits.SPEC_WRONG
    if guard.tripped:
        return exits.GUARDED
    if any(outcome.differences for outcome in outcomes) or (guard.look_only and guard.gone):
        return exits.DIFFERENT
    return exits.SPEC_WRONG if sink.failed else exits.FINE
