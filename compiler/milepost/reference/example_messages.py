"""Example messages for the pages of codes: the first example of each file in ``tests/messages``, which a test holds.

Read as text: an example is what stands before ``says: |``, and the message what is indented below it.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

_SAYS = re.compile(r"^says: \|\d?\n", re.MULTILINE)
_NEXT = re.compile(r"^---$", re.MULTILINE)
_LONGEST = 40
"""Lines of a fleet spec that a page shows."""


@dataclass(frozen=True)
class ExampleMessage:
    """An example message of a code.

    ``spec`` are the files that raise the code, by name, as YAML; empty where they are too long to show.
    """

    spec: str
    says: str


def by_code(root: Path) -> dict[str, ExampleMessage]:
    """Code to its first example below ``root``, for those that have one."""
    files = sorted((root / "tests" / "messages").glob("MP*.yaml"))
    shown = {file.stem: _example(file.read_text(encoding="utf-8")) for file in files}
    return {code: found for code, found in shown.items() if found is not None}


def _example(text: str) -> ExampleMessage | None:
    example, *says = _SAYS.split(_NEXT.split(text)[0])
    if not says:
        return None
    spec = textwrap.dedent(example.removeprefix("spec:\n")) if example.startswith("spec:\n") else ""
    return ExampleMessage(spec if spec.count("\n") <= _LONGEST else "", textwrap.dedent(says[0]))
