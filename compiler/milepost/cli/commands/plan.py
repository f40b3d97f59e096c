"""``milepost plan``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from milepost.cli import console, exits

if TYPE_CHECKING:
    from milepost.pipeline import PlannedProvince
    from milepost.publish.rollout_text import ProvinceRollout


@click.command()
@console.spec_argument
@console.province_option
@click.option(
    "--format", "form", type=click.Choice(("text", "json", "markdown")), default="text", show_default=True
)
@console.jobs_option
@console.color_option
def command(spec: Path, provinces: tuple[str, ...], form: str, jobs: int | None, no_color: bool) -> int:
    """Say what each wave of a release moves, and what the trees cost: bytes, times, disks, interruptions, limits.

    Waves that cannot arrive are shown with the others, and said on stderr with what would help.
    """
    from milepost import pipeline
    from milepost.diagnostics import Sink
    from milepost.driver.gather import gather
    from milepost.publish import rollout_text

    sink = Sink()
    shared = pipeline.read(spec, sink)
    if shared is not None:
        try:
            names = pipeline.choose(shared, provinces)
        except KeyError as error:
            raise click.UsageError(f'there is no province "{error.args[0]}" in {spec}') from None
        seen = gather(shared, names, pipeline.plan_and_cost, _facts, jobs)
        for each in seen:
            sink.extend(each.diagnostics)
        moved = [each.value for each in seen if each.value is not None]
        click.echo(rollout_text.render(moved, form), nl=False)
    console.show(sink, spec, "text", color=console.wants_color(no_color))
    return exits.SPEC_WRONG if sink.failed else exits.FINE


def _facts(province: PlannedProvince) -> ProvinceRollout:
    from milepost.plan.availability.loss_rows import loss_rows
    from milepost.publish import rollout_text

    return rollout_text.of_province(province.plan, province.cost, loss_rows(province.plan))
