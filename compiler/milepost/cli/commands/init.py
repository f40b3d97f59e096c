"""``milepost init``."""

from __future__ import annotations

from pathlib import Path

import click

from milepost.cli import exits


@click.command()
@click.argument(
    "directory", type=click.Path(path_type=Path, file_okay=False), default=Path("fleet-spec"), required=False
)
def command(directory: Path) -> int:
    """Write a small fleet spec that compiles at once.

    DIRECTORY must be empty or not there yet.
    """
    from milepost.scaffold import write_small_fleet

    for path in write_small_fleet(directory):
        click.echo((directory / path).as_posix())
    click.echo(f"next: milepost compile {directory.as_posix()}", err=True)
    return exits.FINE
