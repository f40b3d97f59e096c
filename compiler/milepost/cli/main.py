"""The command group and the flags that every command has. Commands are found by walking ``cli/commands``."""

from __future__ import annotations

import importlib
import io
import os
import pkgutil
import sys
from typing import Any, NoReturn

import click

from milepost import __version__
from milepost.cli import commands, exits
from milepost.gc_pause import gc_paused


class CommandGroup(click.Group):
    """Imports a command when it is asked for: a new command is a new file, and ``--help`` stays quick."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(m.name.replace("_", "-") for m in pkgutil.iter_modules(commands.__path__))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        # Checked before importing: the name comes from the command line and becomes part of a
        # module's name.
        if name not in self.list_commands(context):
            return None
        module = importlib.import_module(f"{commands.__name__}.{name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with the near name for a slip."""
        try:
            return super().resolve_command(context, args)
        except click.UsageError as error:
            from milepost.diagnostics import did_you_mean

            hint = did_you_mean(args[0], self.list_commands(context))
            raise click.UsageError(f"{error.message} {hint or ''}".strip(), context) from None


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="milepost")
def milepost() -> None:
    """Compile a fleet spec into one reviewable GitOps tree per province.

    \b
    Exit codes: 0 nothing to report, 1 the spec is wrong, 2 Milepost could not run,
    3 a difference was found (--check), 4 a guard needs an acknowledgement, 130 interrupted.
    """


def main(arguments: list[str] | None = None) -> NoReturn:
    """The way in. Never a traceback for what a user did: those are messages and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal of another encoding shows what it lacks as an escape, and loses nothing of it.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    # What a compile makes lives until its end, so each full collection would walk all of it and
    # free nothing: about 5 % of a compile (docs/profile.md).
    with gc_paused():
        code = _run(arguments)
    sys.exit(code)


def _show(error: click.ClickException) -> None:
    """What a cluster, a server or an argument put into a message must not move the cursor or paint the terminal."""
    from milepost.diagnostics.printable import printable

    said = io.StringIO()
    error.show(said)
    for line in said.getvalue().splitlines():
        click.echo(printable(line), err=True)


def _run(arguments: list[str] | None) -> int:
    try:
        # standalone_mode=False: click would otherwise call sys.exit itself, print its own
        # "Aborted!" and exit 1, which means "the spec is wrong" here.
        result: Any = milepost.main(args=arguments, prog_name="milepost", standalone_mode=False)
        return result if isinstance(result, int) else exits.FINE
    except click.exceptions.Exit as wanted:
        return wanted.exit_code
    except click.Abort:
        return exits.INTERRUPTED
    except KeyboardInterrupt:
        click.echo("interrupted; every province's tree is whole", err=True)
        return exits.INTERRUPTED
    except click.ClickException as error:
        _show(error)
        return exits.CANNOT_RUN
    # A full disk or a missing permission is the user's to mend, not a bug: the message names
    # the file, without a traceback.
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"milepost: {where}{error.strerror or error}", err=True)
        return exits.CANNOT_RUN
    except Exception as error:
        if os.environ.get("MILEPOST_TRACEBACK"):
            raise
        click.echo(f"milepost: this is a bug in Milepost: {type(error).__name__}: {error}", err=True)
        click.echo("nothing was changed; MILEPOST_TRACEBACK=1 shows where it happened", err=True)
        return exits.CANNOT_RUN
