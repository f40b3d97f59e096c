"""Console conventions of commands: diagnostics on stderr in the form asked for, machine output on stdout alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from milepost.diagnostics import Diagnostic

FORMATS = ("text", "json", "sarif", "github")


def existing(spec: Path) -> Path:
    """``spec``. Raises click.UsageError where there is no such folder."""
    if not spec.is_dir():
        what = "is not a folder" if spec.exists() else "does not exist"
        hint = "name the folder that holds the fleet spec, or write one with `milepost init`"
        raise click.UsageError(f"{spec.as_posix()} {what}; {hint}")
    _check_whole(spec)
    return spec


def _check_whole(spec: Path) -> None:
    """A spec that a sparse checkout left half of would compile, and take away what is not there."""
    if any((folder / ".git").exists() for folder in (spec.resolve(), *spec.resolve().parents)):
        from milepost.publish.checkout import left_out

        if missing := left_out(spec):
            raise click.UsageError(
                f"this checkout is sparse and leaves out {len(missing)} files of {spec.as_posix()}, such as "
                f"{missing[0]}; add them with `git sparse-checkout add {spec.as_posix()}`"
            )


def spec_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """``SPEC``: the folder of the fleet spec."""
    return click.argument(
        "spec",
        type=click.Path(path_type=Path),
        default=Path("fleet-spec"),
        required=False,
        callback=lambda _context, _parameter, spec: existing(spec),
    )(function)


def spec_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--spec``, for commands whose arguments are something else."""
    return click.option(
        "--spec",
        type=click.Path(path_type=Path),
        default=Path("fleet-spec"),
        show_default=True,
        help="Folder of the fleet spec.",
        callback=lambda _context, _parameter, spec: existing(spec),
    )(function)


def registry_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--docker-config`` and ``--ca``: how registries are asked."""
    options = (
        click.option(
            "--docker-config",
            type=click.Path(exists=True, path_type=Path),
            help="Docker's config.json, or its folder, with credentials; DOCKER_CONFIG names the folder by default.",
        ),
        click.option(
            "--ca",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="Certificates (PEM) to trust beside the system's.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def apart(spec: Path, output: Path) -> None:
    """Raises click.UsageError where one is inside the other: what was rendered would be read as a fleet spec, or replace it."""
    # realpath, not absolute(): a symbolic link can put one folder inside the other without the
    # names showing it.
    real_spec, real_output = Path(os.path.realpath(spec)), Path(os.path.realpath(output))
    if real_output.is_relative_to(real_spec) or real_spec.is_relative_to(real_output):
        message = (
            f"the fleet spec ({spec.as_posix()}) and the output ({output.as_posix()}) lie one in the other"
        )
        raise click.UsageError(f"{message}; name a folder beside the fleet spec")


def quiet_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something is wrong.")(
        function
    )


def verbose_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--verbose", "-v", is_flag=True, help="Also say what was done without: a cache.")(
        function
    )


def province_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--province", "provinces", multiple=True, metavar="NAME", help="Only this province; may be repeated."
    )(function)


def format_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="text",
        show_default=True,
        help="Form of the diagnostics; all but text go to stdout.",
    )(function)


def jobs_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--jobs",
        type=click.IntRange(1),
        help="Processes; by default as many as there are processors.",
    )(function)


def executor_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--executor",
        default="local",
        show_default=True,
        help="Who compiles: local, or the workers of a Dask cluster as dask://scheduler:8786.",
    )(function)


def timeout_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--timeout``, in seconds; ``what`` is what may take no longer."""
    return click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help=f"{what} may take no longer; every single one has a limit of its own.",
    )


def color_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--no-color", is_flag=True, help="No colours; NO_COLOR in the environment does the same."
    )(function)


def wants_color(no_color: bool) -> bool:
    """Colours on a terminal, unless refused."""
    return not no_color and not os.environ.get("NO_COLOR") and sys.stderr.isatty()


def show(diagnostics: Iterable[Diagnostic], spec: Path, form: str, *, color: bool = False) -> None:
    """Print diagnostics; paths are shown as the user would type them."""
    from milepost.diagnostics import formats

    found = list(diagnostics)
    if form == "text" and not found:
        return
    text = formats.get(form).render(relocated(found, spec), _source, color=color)
    # Forms for programs go to stdout, where they are alone; text goes to stderr, so that it
    # never mixes with a result.
    click.echo(text.rstrip("\n"), err=form == "text", color=color or None)


def relocated(diagnostics: list[Diagnostic], spec: Path) -> list[Diagnostic]:
    """The same diagnostics with paths below the folder that was named on the command line."""
    from dataclasses import replace

    def move(span: Any) -> Any:
        # Spans are relative to the spec, so that caches and workers on other machines agree on
        # them; a person or a CI annotation needs a path from where the command was started.
        return None if span is None else replace(span, path=(spec / span.path).as_posix())

    return [
        replace(d, span=move(d.span), related=tuple(replace(r, span=move(r.span)) for r in d.related))
        for d in diagnostics
    ]


def _source(path: str) -> str | None:
    """The text around a diagnostic. A pipe or a device has none: reading it might never end."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace") if Path(path).is_file() else None
    except OSError:
        return None
