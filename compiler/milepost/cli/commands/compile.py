"""``milepost compile``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from milepost.cli import console, stage_table

if TYPE_CHECKING:
    from milepost.driver import RunResult

_SHOWN = 20


@click.command()
@console.spec_argument
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("rendered"),
    show_default=True,
    help="Folder of the rendered trees, one folder per province.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 3 if the trees are not what the spec says.")
@console.province_option
@console.jobs_option
@console.executor_option
@click.option("--no-cache", is_flag=True, help="Compile every province, also those in which nothing changed.")
@console.format_option
@console.color_option
@console.quiet_option
@console.verbose_option
@click.option("--timings", is_flag=True, help="Say how long each stage took, by province.")
def command(
    spec: Path,
    output: Path,
    check: bool,
    provinces: tuple[str, ...],
    jobs: int | None,
    executor: str,
    no_cache: bool,
    form: str,
    no_color: bool,
    quiet: bool,
    verbose: bool,
    timings: bool,
) -> int:
    """Compile a fleet spec into one tree per province.

    Each province's tree is replaced in one step, and none is touched if anything is wrong anywhere.
    """
    from milepost.cli.run_report import carry_out
    from milepost.driver import RunRequest

    # Before anything is read or locked, since a compile replaces folders of the output.
    console.apart(spec, output)
    request = RunRequest(
        spec,
        output,
        compare=check,
        provinces=provinces,
        jobs=jobs,
        cached=not no_cache,
        executor=executor,
    )
    run, code = carry_out(request, form, no_color=no_color, quiet=quiet, verbose=verbose)
    if check:
        _say_differences(run, output)
    elif not quiet and code == 0:
        _say_written(run, output)
    if check or any(outcome.written.written for outcome in run.outcomes):
        _say_ignored(run, output)
    if timings:
        for line in stage_table.lines(run.outcomes):
            click.echo(line, err=True)
    return code


def _say_written(run: RunResult, output: Path) -> None:
    for outcome in run.outcomes:
        counts = outcome.written
        changed = f"{counts.written} written, {counts.unchanged} unchanged, {counts.removed} removed"
        click.echo(
            f"{(output / outcome.province).as_posix()}: {outcome.stations} stations, {outcome.nodes} nodes, "
            f"{outcome.objects} objects in {outcome.files} files ({changed})",
            err=True,
        )
    for province in run.removed:
        click.echo(f"{(output / province).as_posix()}: removed", err=True)


def _say_differences(run: RunResult, output: Path) -> None:
    found = [
        (f"{(output / o.province / path).as_posix()}", kind)
        for o in run.outcomes
        for path, kind in o.differences
    ]
    found += [((output / province).as_posix(), "stale") for province in run.removed]
    _list(found)
    for leftover in run.leftovers:
        click.echo(f"leftover {(output / leftover).as_posix()}", err=True)
    if run.leftovers:
        click.echo("a run was killed and left this behind; `milepost compile` removes it", err=True)
    _say_converted(Path(path) for path, kind in found if kind == "changed")
    if found:
        count = "1 file differs" if len(found) == 1 else f"{len(found)} files differ"
        click.echo(f"{count}; `milepost compile` writes them", err=True)


def _say_converted(changed: Iterable[Path]) -> None:
    """A clone with `core.autocrlf`, the default of Git for Windows, has other line ends than were written."""
    converted = sum(b"\r\n" in path.read_bytes() for path in changed if path.is_file())
    if converted:
        click.echo(
            f"{_files(converted)} CRLF line ends, as Git makes them with core.autocrlf: commit the line of "
            "`milepost owners --gitattributes` as .gitattributes, and check the files out again",
            err=True,
        )


def _say_ignored(run: RunResult, output: Path) -> None:
    """What Git ignores is in this folder and in no clone of it."""
    from milepost.emit.ownership import owned
    from milepost.publish.checkout import ignored

    if not output.is_dir():
        return

    files = (f"{o.province}/{path}" for o in run.outcomes for path in owned(output / o.province))
    found = ignored(output, files)
    for path in found[:_SHOWN]:
        click.echo(f"ignored  {(output / path).as_posix()}", err=True)
    if found:
        click.echo(
            "warning: Git ignores these, so a clone will not have them; `git check-ignore -v PATH` shows the rule, and "
            f"`!/{output.as_posix()}/**` behind it takes it back",
            err=True,
        )


def _files(count: int) -> str:
    return "1 file has" if count == 1 else f"{count} files have"


def _list(found: Sequence[tuple[str, str]]) -> None:
    for path, kind in found[:_SHOWN]:
        click.echo(f"{kind:8} {path}", err=True)
    if len(found) > _SHOWN:
        click.echo(f"... and {len(found) - _SHOWN} more", err=True)
