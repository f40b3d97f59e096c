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
@click.option("--jobs", type=click.IntRange(1), help="Processes; as many as there are processors by default.")
def command(spec: Path, provinces: tuple[str, ...], form: str, no_color: bool, jobs: int | None) -> int:
    """Check a fleet spec and write nothing.

    Everything that compile checks is checked, placement and every object included.
    """
    from milepost.cli.run import compile_fleet

    return compile_fleet(
        spec, provinces, jobs, None, form=form, color=console.wants_color(no_color)
    ).exit_code
