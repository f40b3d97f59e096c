"""``milepost report``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from milepost.cli import console, exits

if TYPE_CHECKING:
    from milepost.pipeline import SharedSpec
    from milepost.publish.review import Review


@click.command()
@console.spec_argument
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("report.html"),
    show_default=True,
    help="The page: one file that needs no network.",
)
@click.option(
    "--base",
    metavar="BASE",
    help="Also show what changes since this revision or folder of rendered trees, as `milepost diff` does.",
)
@click.option(
    "--rendered",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("rendered"),
    show_default=True,
    help="Folder of the rendered trees that are compared with --base.",
)
@click.option("--now", metavar="TIME", help="When the change is made, in ISO 8601, for frozen times.")
@console.province_option
@console.jobs_option
def command(
    spec: Path,
    output: Path,
    base: str | None,
    rendered: Path,
    now: str | None,
    provinces: tuple[str, ...],
    jobs: int | None,
) -> int:
    """Write a page about the fleet: its roads, its releases, what was shown to hold, and what changes.

    SPEC is compiled, and nothing but the page is written. With --base the page also tells what a change does to whom.
    """
    from milepost import pipeline
    from milepost.diagnostics import Sink
    from milepost.driver.gather import gather
    from milepost.report import PageSubject, province_facts, render
    from milepost.staging import replace_file

    sink = Sink()
    shared = pipeline.read(spec, sink)
    if shared is None:
        console.show(sink, spec, "text")
        return exits.SPEC_WRONG
    chosen = _choose(shared, provinces, spec)
    review = None if base is None else _review(shared, base, rendered, now, provinces)
    seen = gather(shared, chosen, pipeline.compile_province, province_facts, jobs)
    for each in seen:
        sink.extend(each.diagnostics)
    if sink.failed:
        console.show(sink, spec, "text")
        return exits.SPEC_WRONG
    page = render(
        PageSubject(
            catalog=shared.catalog,
            frozen=shared.spec.fleet.model.spec.guards.frozen,
            facts=[each.value for each in seen if each.value is not None],
            diagnostics=console.relocated(list(sink), spec),
            review=review,
        )
    )
    replace_file(output, page.encode())
    click.echo(f"{output.as_posix()}: {len(page.encode()) / 1e6:.1f} MB", err=True)
    return exits.FINE


def _choose(shared: SharedSpec, provinces: tuple[str, ...], spec: Path) -> tuple[str, ...]:
    from milepost import pipeline

    try:
        return pipeline.choose(shared, provinces)
    except KeyError as error:
        raise click.UsageError(f'there is no province "{error.args[0]}" in {spec}') from None


def _review(
    shared: SharedSpec, base: str, rendered: Path, now: str | None, provinces: tuple[str, ...]
) -> Review:
    from milepost.publish.compared_trees import NoSuchTreeError, compared_trees
    from milepost.publish.review import review
    from milepost.publish.review.judge.guard_rules import moment_of, rules

    try:
        found = compared_trees(base, None, rendered)
    except NoSuchTreeError as error:
        raise click.UsageError(str(error)) from None
    try:
        moment = found.moment if now is None else moment_of(now)
    except ValueError:
        raise click.UsageError(f"{now} is not a time in ISO 8601, such as 2027-02-05T18:00+08:00") from None
    return review(found.base, found.head, rules(shared.spec.fleet, moment), provinces)
