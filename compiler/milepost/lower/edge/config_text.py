"""Configuration text: nested mappings as YAML, for files that KubeEdge's programs read.

Block style with the keys in the order given. A text is written plain only where no YAML reader could take it for anything
else; otherwise in double quotes, as JSON has it, which is YAML too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9./_-]*")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
"""What YAML 1.1 reads as something else than text."""


def config_text(body: Mapping[str, Any], *comments: str) -> str:
    """The document, after lines of comment."""
    return "".join(f"{line}\n" for line in [*(f"# {c}" for c in comments), *_mapping(body, "")])


def scalar(value: object) -> str:
    """One value on one line."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)


def _mapping(body: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in body.items():
        head = f"{indent}{scalar(key)}:"
        if value and isinstance(value, Mapping):
            yield head
            yield from _mapping(value, f"{indent}  ")
        elif isinstance(value, str) and "\n" in value:
            yield f"{head} |"
            yield from (f"{indent}  {line}" if line else "" for line in value.removesuffix("\n").split("\n"))
        elif value and isinstance(value, Sequence) and not isinstance(value, str):
            yield head
            yield from _items(value, indent)
        else:
            yield f"{head} {scalar(value)}"


def _items(values: Sequence[Any], indent: str) -> Iterator[str]:
    for value in values:
        if isinstance(value, Mapping):
            first, *rest = _mapping(value, f"{indent}  ")
            yield f"{indent}- {first.removeprefix(indent + '  ')}"
            yield from rest
        else:
            yield f"{indent}- {scalar(value)}"
