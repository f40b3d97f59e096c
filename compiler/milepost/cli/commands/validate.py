"""``milepost validate``."""

from __future__ import annotations

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
def command(
    spec: Path,
    provinces: tuple[str, ...],
    form: str,
    no_color: bool,
    jobs: int | None,
    executor: str,
    quiet: bool,
) -> int:
    """Check a fleet spec and write nothing.

    Everything that compile checks is checked, placement and every object included.
    """
    from milepost.cli.run_report import carry_out
    from milepost.driver import RunRequest

    request = RunRequest(spec, provinces=provinces, jobs=jobs, executor=executor)
    return carry_out(request, form, no_color=no_color, quiet=quiet)[1]
