"""Console blocks of a Markdown page: commands after ``$``, and below each what it prints.

A line ``...`` stands for any number of lines. A command may go on over lines that begin with ``>``. Hashes are cut
short: they change with every byte of a tree, and nobody reads them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HASH = re.compile(r"\bsha256:[0-9a-f]{64}\b")
ELIDED = "..."
_PERSON = {"NAME": "Reader", "EMAIL": "reader@highway.example", "DATE": "2024-01-01T00:00:00Z"}


@dataclass(frozen=True)
class Step:
    """One command and the lines expected of it; ``line`` is where the command stands in the page, from 1."""

    line: int
    command: str
    expected: tuple[str, ...]


def steps(page: str) -> Iterator[Step]:
    """Every command of the page, in order."""
    for block in _BLOCK.finditer(page):
        first = page.count("\n", 0, block.start(1)) + 1
        yield from _steps(block[1].splitlines(), first)


def _steps(lines: list[str], first: int) -> Iterator[Step]:
    number, command, expected = 0, "", []
    for offset, line in enumerate(lines):
        if line.startswith("$ "):
            if command:
                yield Step(number, command, tuple(expected))
            number, command, expected = first + offset, line[2:], []
        elif line.startswith("> ") and not expected:
            command += f"\n{line[2:]}"
        else:
            expected.append(line)
    if command:
        yield Step(number, command, tuple(expected))


def run(command: str, folder: Path) -> list[str]:
    """What a person would see: both streams, line by line, without trailing spaces.

    A command that fails and does not say so (``; echo "exit code $?"``) gets a last line that says it.
    """
    home = folder / ".home"
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in _PERSON.items()},
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    failed = [f"exit code {done.returncode}"] if done.returncode else []
    return [_HASH.sub("sha256:…", line).rstrip() for line in done.stdout.splitlines()] + failed


def matches(expected: tuple[str, ...], printed: list[str]) -> bool:
    """Whether ``printed`` is what was expected, with ``...`` for any lines."""
    pattern = "".join("(?:.*\n)*" if line == ELIDED else re.escape(line) + "\n" for line in expected)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def rewritten(page: str, printed: list[list[str]]) -> str:
    """The page with what each of its commands printed; what still matches keeps its ``...``."""
    lines = page.splitlines()
    for step, output in reversed(list(zip(steps(page), printed, strict=True))):
        if not matches(step.expected, output):
            start = step.line - 1 + len(step.command.splitlines())
            lines[start : start + len(step.expected)] = output
    return "\n".join(lines) + "\n"
