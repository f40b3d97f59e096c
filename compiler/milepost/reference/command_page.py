"""The page of commands, ``docs/reference/commands.md``, from the commands themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from milepost.cli import exits
from milepost.cli.main import milepost
from milepost.reference import markdown_text

_EXITS = {
    exits.FINE: "nothing to report",
    exits.SPEC_WRONG: "the spec is wrong",
    exits.CANNOT_RUN: "Milepost could not run: usage, input or output, a bug",
    exits.DIFFERENT: "a difference was found, where one was asked for",
    exits.GUARDED: "a guard needs an acknowledgement in the spec",
    exits.INTERRUPTED: "interrupted; every province's tree is whole",
}


def page() -> str:
    """Every command with its arguments and options, groups before what they hold."""
    text = f"""{markdown_text.GENERATED}
# Commands

Diagnostics and progress go to stderr, what was asked for goes to stdout. Exit codes are the same for every command:

{markdown_text.table(("exit code", "meaning"), [(str(number), meaning) for number, meaning in _EXITS.items()])}"""
    return text + "".join(
        _section(context) for context in _contexts(click.Context(milepost, info_name="milepost"))
    )


def _contexts(context: click.Context) -> Iterator[click.Context]:
    group = context.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, parent=context, info_name=name)
        yield inner
        if isinstance(command, click.Group):
            yield from _contexts(inner)


def _section(context: click.Context) -> str:
    command = context.command
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    text = (
        f"\n## {context.command_path}\n\n{markdown_text.block(usage, 'text')}\n{_prose(command.help or '')}\n"
    )
    rows = [_option(option, context) for option in command.params if isinstance(option, click.Option)]
    return f"{text}\n{markdown_text.table(('option', 'meaning', 'default'), rows)}" if rows else text


def _prose(help_: str) -> str:
    """A command's help as Markdown; a paragraph that click keeps as it is becomes a block."""
    paragraphs = inspect.cleandoc(help_).split("\n\n")
    return "\n\n".join(
        markdown_text.block(part.removeprefix("\b\n"), "text").rstrip() if part.startswith("\b") else part
        for part in paragraphs
    )


def _option(option: click.Option, context: click.Context) -> tuple[str, str, str]:
    names = [*option.opts, *option.secondary_opts]
    number = isinstance(option.type, click.types.IntParamType)
    metavar = "" if option.is_flag else " N" if number else f" {option.make_metavar(context)}"
    shown = ", ".join(markdown_text.code(name + metavar) for name in names)
    told = "" if option.is_flag or not isinstance(option.default, str | int | Path) else str(option.default)
    return shown, option.help or "", markdown_text.code(told) if told else ""
