"""Progress and outcome of a run on a terminal: progress lines, diagnostics, an exit code."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from milepost.cli import console, exits

if TYPE_CHECKING:
    from milepost.driver import RunRequest, RunResult
    from milepost.executors.outcome import Outcome


def carry_out(
    request: RunRequest, form: str, *, no_color: bool, quiet: bool = False, verbose: bool = False
) -> tuple[RunResult, int]:
    """Run ``request``, show what was found, and give the exit code."""
    from milepost import driver
    from milepost.executors import NoSuchExecutorError

    progress = _Progress(quiet)
    try:
        run = driver.run(
            request, driver.ProgressListener(progress.begin, progress.step, partial(_say_waiting, request))
        )
    # What the driver raises for a --province that the spec does not have.
    except KeyError as error:
        raise click.UsageError(f'there is no province "{error.args[0]}" in {request.spec}') from None
    except NoSuchExecutorError as error:
        raise click.UsageError(str(error)) from None
    finally:
        progress.end()
    for note in run.notes if verbose else ():
        click.echo(f"note: {note}", err=True)
    for outcome in run.outcomes:
        if outcome.problem:
            click.echo(f"milepost: {outcome.province}: {outcome.problem}", err=True)
    console.show(run.diagnostics, request.spec, form, color=console.wants_color(no_color))
    code = {
        driver.RunVerdict.FINE: exits.FINE,
        driver.RunVerdict.WRONG: exits.SPEC_WRONG,
        driver.RunVerdict.CANNOT: exits.CANNOT_RUN,
        driver.RunVerdict.DIFFERENT: exits.DIFFERENT,
        driver.RunVerdict.GUARDED: exits.GUARDED,
    }[run.verdict]
    return run, code


def _say_waiting(request: RunRequest) -> None:
    click.echo(f"waiting for another run of Milepost that uses {request.output}", err=True)


class _Progress:
    """One line on a terminal's stderr; silence anywhere else."""

    def __init__(self, quiet: bool) -> None:
        self._total = self._done = 0
        # Only on a terminal: a log file would keep every one of these lines.
        self._shown = sys.stderr.isatty() and not quiet

    def begin(self, total: int) -> None:
        self._total = total

    def step(self, outcome: Outcome) -> None:
        self._done += 1
        if self._shown:
            click.echo(
                f"\r\x1b[K{self._done}/{self._total} provinces, {outcome.province}", err=True, nl=False
            )

    def end(self) -> None:
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)
