"""What a person sees of a change: lines of a diff, files and lines by kind."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path


def difference(old: Path, new: Path) -> list[str]:
    """The lines that a diff of two files takes away and adds."""
    return lines(old.read_text(encoding="utf-8"), new.read_text(encoding="utf-8"))


def lines(old: str, new: str) -> list[str]:
    found = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
    return [line for line in found if not line.startswith(("---", "+++", "@@"))]


def of_trees(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> dict[str, list[str]]:
    """Each file that differs, with the lines that were taken away and added."""
    paths = sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))
    return {path: lines(old.get(path, b"").decode(), new.get(path, b"").decode()) for path in paths}
