"""``milepost generate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from milepost.cli import exits

if TYPE_CHECKING:
    from milepost.generate import Partition


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--provinces", type=click.IntRange(1), default=3, show_default=True, help="Provinces, up to 29."
)
@click.option(
    "--nodes", type=click.IntRange(1), default=1000, show_default=True, help="Nodes in all provinces."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option(
    "--partition",
    type=click.Choice(("station-group", "station")),
    default="station-group",
    show_default=True,
    help="What KubeEdge's node groups are.",
)
def command(directory: Path, provinces: int, nodes: int, seed: int, partition: Partition) -> int:
    """Write a believable fleet spec of any size, to try things on.

    DIRECTORY must be empty or not there yet. The reference fleet is --provinces 29 --nodes 100000.
    """
    from dataclasses import asdict

    from milepost.generate import generate

    try:
        made = generate(directory, provinces=provinces, nodes=nodes, seed=seed, partition=partition)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    for name, number in asdict(made).items():
        click.echo(f"{name.replace('_', ' '):14}{number:>12,}")
    click.echo(f"next: milepost compile {directory.as_posix()}", err=True)
    return exits.FINE
