"""``milepost validate``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from milepost.cli import console


@click.command()
@console.spec_argument
@console.province_option
@console.format_option
@console.color_option
@console.jobs_option
@console.executor_option
@console.quiet_option
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Warn of clusters whose Kubernetes gets no fixes any more on this day.",
)
def command(
    spec: Path,
    provinces: tuple[str, ...],
    form: str,
    no_color: bool,
    jobs: int | None,
    executor: str,
    quiet: bool,
    on: datetime | None,
) -> int:
    """Check a fleet spec and write nothing.

    Everything that compile checks is checked, placement and every object included.
    """
    from milepost.cli.run_report import carry_out
    from milepost.driver import RunRequest

    # What a run of another day said is no answer for this one.
    day = None if on is None else on.date()
    request = RunRequest(spec, provinces=provinces, jobs=jobs, executor=executor, cached=day is None, on=day)
    return carry_out(request, form, no_color=no_color, quiet=quiet)[1]
