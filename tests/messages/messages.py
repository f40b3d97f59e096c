"""Reads and writes the files beside this module: what raises a code, and what is said then.

A file holds one or more examples. Each is ``spec``, files that replace those of ``base/`` (null takes one away); or, for
what no spec can bring about, ``never``, the title of an item in ``never_emit/cases.py``, or ``adds``, files of objects
that are added to the sound province there. And ``says``: the diagnostics as text.
"""

from __future__ import annotations

import re
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from compiling import compile_spec, read_files, spoken
from never_emit.cases import CASES
from never_emit.province import flux

FOLDER = Path(__file__).parent
_SAYS = re.compile(r"^says:", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """One document of a file: the text before ``says`` as it stands, what it holds, and what is expected."""

    text: str
    holds: dict[str, Any]
    says: str

    def said(self) -> str:
        """What is said about it now."""
        if "never" in self.holds:
            return _said_of_broken_province(str(self.holds["never"]))
        if "adds" in self.holds:
            return _said_of_added_objects(self.holds["adds"])
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            _write(root, dict(read_files(FOLDER / "base")) | self.holds.get("spec", {}))
            return compile_spec(root).said


def _write(root: Path, files: dict[str, str | bytes | None]) -> None:
    for path, content in files.items():
        if content is not None:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content.encode() if isinstance(content, str) else content)


def _said_of_broken_province(title: str) -> str:
    (break_it, make), *others = [case[4:] for case in CASES if case[2] == title]
    assert not others, f"several items are titled {title}"
    province = make()
    break_it(province)
    return "".join(spoken(d) for d in province.diagnostics())


def _said_of_added_objects(files: dict[str, str]) -> str:
    province = flux()
    for path, text in files.items():
        province.add(path, *yaml.load_all(text, yaml.CSafeLoader))
    return "".join(spoken(d) for d in province.diagnostics())


def paths() -> list[Path]:
    return sorted(FOLDER.glob("MP*.yaml"))


def read(path: Path) -> list[Example]:
    return list(_examples(path.read_text(encoding="utf-8")))


def _examples(text: str) -> Iterator[Example]:
    for part in re.split(r"^---\n", text, flags=re.MULTILINE):
        before = _SAYS.split(part)[0]
        holds = yaml.load(part, yaml.CSafeLoader)
        yield Example(before, holds, holds.get("says") or "")


def write(path: Path, examples: list[Example], says: list[str]) -> None:
    """Write what is said now behind each example."""
    parts = [
        example.text + "says: |\n" + textwrap.indent(said, "  ")
        for example, said in zip(examples, says, strict=True)
    ]
    path.write_text("---\n".join(parts), encoding="utf-8")
