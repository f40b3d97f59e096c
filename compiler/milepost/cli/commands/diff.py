"""``milepost diff``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from milepost.cli import console, exits

if TYPE_CHECKING:
    from datetime import datetime

    from milepost.driver.transition_run import TransitionRun
    from milepost.publish.compared_trees import ComparedTrees
    from milepost.publish.review import Review

_FORMS = ("text", "markdown", "json", "html", "raw")


@click.command()
@click.argument("base")
@click.argument("head", required=False)
@click.option(
    "--rendered",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("rendered"),
    show_default=True,
    help="Folder of the rendered trees.",
)
@click.option(
    "--spec",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("fleet-spec"),
    show_default=True,
    help="Fleet spec whose guards and acknowledgements hold, with those of BASE's commit beside them.",
)
@click.option(
    "--base-spec",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Fleet spec of BASE, where BASE is a folder.",
)
@click.option(
    "--province", "provinces", multiple=True, metavar="NAME", help="Only this province; may be repeated."
)
@click.option(
    "--direct", is_flag=True, help="Compare with BASE itself, not with the commit where HEAD left it."
)
@click.option(
    "--now",
    metavar="TIME",
    help="When the change is made, in ISO 8601, for frozen times; HEAD's date otherwise.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMS),
    default="text",
    show_default=True,
    help="Form of the output.",
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Write it into this file."
)
@click.option("--exit-code", is_flag=True, help="Exit 3 if anything differs.")
def command(
    base: str,
    head: str | None,
    rendered: Path,
    spec: Path,
    base_spec: Path | None,
    provinces: tuple[str, ...],
    direct: bool,
    now: str | None,
    form: str,
    output: Path | None,
    exit_code: bool,
) -> int:
    """Say what a change of the rendered trees does to the fleet, and to whom.

    BASE and HEAD are revisions, or two folders of rendered trees; without HEAD, the working tree. Guards and policies of
    both hold, so that a change cannot switch off what it meets. Exits 4 while one waits for an acknowledgement.
    """
    from milepost.driver.compared_spec import WrongSpecError, compared_spec
    from milepost.publish import forms
    from milepost.publish.compared_trees import NoSuchTreeError, compared_trees
    from milepost.publish.review import review

    try:
        # From the merge base, as a pull request is shown: otherwise what the target branch
        # gained meanwhile would look like something that this change takes away.
        found = compared_trees(base, head, rendered, merge_base=not direct)
    except NoSuchTreeError as error:
        raise click.UsageError(str(error)) from None
    try:
        compared = compared_spec(spec, found.base, found.head, _moment(now, found.moment), base_spec)
    except WrongSpecError as error:
        console.show(error.sink, spec, "text")
        return exits.SPEC_WRONG
    way = _transitions(found, spec)
    result = review(found.base, found.head, compared.rules, provinces, compared.change, compared.notes, way)
    _write(forms.get(form).render(result), output)
    return _exit_code(result, exit_code)


def _transitions(found: ComparedTrees, spec: Path) -> TransitionRun | None:
    """None where the sides are folders: what spec they are of, nobody knows."""
    from milepost.driver.transition_run import TransitionRun
    from milepost.publish.revision import Revision

    if not isinstance(found.base, Revision):
        return None
    head = found.head.commit if isinstance(found.head, Revision) else None
    return TransitionRun(spec, found.base.commit, head)


def _exit_code(result: Review, asked: bool) -> int:
    if result.tripped:
        # Before DIFFERENT: a waiting guard must stop a pipeline that accepts differences.
        return exits.GUARDED
    return exits.DIFFERENT if asked and result.raw.files else exits.FINE


def _write(text: str, output: Path | None) -> None:
    if output is None:
        # Bytes of a tree that are not UTF-8 were read as lone surrogates; this writes the same
        # bytes again.
        click.echo(text.encode("utf-8", "surrogateescape"), nl=False)
    else:
        from milepost.staging import replace_file

        replace_file(output, text.encode("utf-8", "surrogateescape"))


def _moment(now: str | None, moment: datetime | None) -> datetime | None:
    """The date of the commit, not the clock: a review that is run again must come to the same verdict."""
    from milepost.publish.review.judge.guard_rules import moment_of

    try:
        return moment if now is None else moment_of(now)
    except ValueError:
        raise click.UsageError(f"{now} is not a time in ISO 8601, such as 2027-02-05T18:00+08:00") from None
