"""``milepost release``."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from milepost.cli import console, exits

if TYPE_CHECKING:
    from milepost.driver.release_step import StepResult


@click.group()
def command() -> None:
    """Move a release on: which wave pulls, which wave runs the new version.

    Every step edits the release in the spec, by a line or two, and keeps its comments. Look at the difference, compile,
    and commit.
    """


def _name_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--release", "-r", "name", metavar="NAME", help="Which release, where there are several."
    )(function)


@command.command()
@console.spec_argument
@_name_option
@click.option(
    "--format", "form", type=click.Choice(("text", "json", "markdown")), default="text", show_default=True
)
def status(spec: Path, name: str | None, form: str) -> int:
    """Say how far each release has come, and what comes next."""
    from milepost import pipeline
    from milepost.diagnostics import Sink
    from milepost.driver.release_step import take_back
    from milepost.publish import progress

    sink = Sink()
    # A step that was killed between two files would otherwise be reported as the state of the
    # release.
    take_back(spec)
    shared = pipeline.read(spec, sink)
    if shared is None:
        console.show(sink, spec, "text")
        return exits.SPEC_WRONG
    releases = [r for r in shared.catalog.releases if name in (None, r.name)]
    if name is not None and not releases:
        raise click.UsageError(f'there is no release "{name}"')
    click.echo(progress.render(releases, form), nl=False)
    return exits.FINE


@command.command()
@console.spec_argument
@_name_option
@click.option("--together", is_flag=True, help="Pre-pull and switch the next wave in one commit.")
def advance(spec: Path, name: str | None, together: bool) -> int:
    """Pre-pull the next wave, or switch the one that was pre-pulled."""
    from milepost.driver import release_step
    from milepost.model import release_steps

    return _carry_out(
        lambda: release_step.step(spec, name, lambda r: release_steps.advance(r, together=together)), spec
    )


@command.command()
@console.spec_argument
@_name_option
def retry(spec: Path, name: str | None) -> int:
    """Pull again for the wave that was pre-pulled last."""
    from milepost.driver import release_step
    from milepost.model import release_steps

    return _carry_out(lambda: release_step.step(spec, name, release_steps.retry), spec)


@command.command()
@console.spec_argument
@_name_option
@click.option(
    "--all", "everything", is_flag=True, help="Every wave that has switched goes back in one commit."
)
def rollback(spec: Path, name: str | None, everything: bool) -> int:
    """Turn a release around: its waves go back, the first at once, the others as it advances."""
    from milepost.driver import release_step
    from milepost.model import release_steps

    return _carry_out(
        lambda: release_step.step(spec, name, lambda r: release_steps.rollback(r, everything=everything)),
        spec,
    )


@command.command()
@console.spec_argument
@_name_option
def finish(spec: Path, name: str | None) -> int:
    """End a release that is through: set the application's version, remove the release."""
    from milepost.driver import release_step

    return _carry_out(lambda: release_step.finish(spec, name), spec)


@command.command()
@console.spec_option
@click.argument("application")
@click.argument("version")
@click.option(
    "--base",
    metavar="REVISION",
    help="Freeze the definition as this commit has it; left out, as it is now, to be edited afterwards.",
)
@click.option(
    "--wave",
    "waves",
    metavar="NAME=PLACE,...",
    multiple=True,
    help="A wave and its provinces or station groups; in order. Left out: one group, its province, the others one by one.",
)
def cut(spec: Path, application: str, version: str, base: str | None, waves: tuple[str, ...]) -> int:
    """Freeze APPLICATION as it is, and begin a release that moves stations to the edited one as VERSION.

    For whatever restarts pods and is no new image: config files, variables, probes, patches, topology, values.
    """
    from milepost.driver import release_cut
    from milepost.driver.spec_revision import spec_at

    wanted = [_wave(text) for text in waves]

    def carry_out() -> StepResult:
        with ExitStack() as stack:
            before = None if base is None else stack.enter_context(spec_at(spec, base))
            return release_cut.cut(spec, application, version, before, wanted)

    return _carry_out(carry_out, spec)


def _wave(text: str) -> tuple[str, list[str]]:
    name, equals, places = text.partition("=")
    if not (name and equals and places):
        raise click.UsageError(f"--wave {text}: write a name, an equals sign, and places with commas between")
    return name, [place.strip() for place in places.split(",")]


def _carry_out(do: Callable[[], StepResult], spec: Path) -> int:
    from milepost.load.yaml.yaml_edit import CannotEditError
    from milepost.model.release_steps import NoReleaseStepError
    from milepost.publish.git import GitError

    try:
        moved = do()
    except (NoReleaseStepError, GitError) as refused:
        raise click.ClickException(str(refused)) from None
    except CannotEditError as refused:
        raise click.ClickException(f"the release cannot be edited by a program: {refused}") from None
    console.show(moved.diagnostics, spec, "text")
    if moved.failed:
        if moved.said:
            click.echo("the spec would not hold with this step, so it is as it was", err=True)
        return exits.SPEC_WRONG
    click.echo(moved.said)
    for path in moved.files:
        done = "edited" if (spec / path).exists() else "removed"
        click.echo(f"{done} {(spec / path).as_posix()}", err=True)
    return exits.FINE
