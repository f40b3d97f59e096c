"""Real messages for the pages of codes: what the tests under ``tests/messages`` and ``tests/cases`` expect, word by word."""

from __future__ import annotations

import re
from pathlib import Path

_MESSAGE = re.compile(r"^\S+.*?\b(?:error|warning)[ \[](MP\d{4})")


def by_code(root: Path) -> dict[str, str]:
    """Code to the first message that some test expects of it, as text; in order of path, so always the same one."""
    found: dict[str, str] = {}
    for file in sorted((root / "tests" / "cases").glob("*/diagnostics.txt")):
        for id_, message in _split(file.read_text(encoding="utf-8")):
            found.setdefault(id_, message)
    return found


def _split(text: str) -> list[tuple[str, str]]:
    """The messages of one file; each begins at the left margin with a code in its first line."""
    messages: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if match := _MESSAGE.match(line):
            messages.append((match[1], [line]))
        elif messages:
            messages[-1][1].append(line)
    return [(id_, "\n".join(lines).rstrip()) for id_, lines in messages]
