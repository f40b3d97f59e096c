"""A reader of the ``kustomization.yaml`` files that Milepost writes: flat keys, lists of texts, lists of flat maps,
maps as JSON in one line, comments.

No YAML reader: what this does not understand, Milepost must not write into such a file.
"""

from __future__ import annotations

import json
import re
from typing import Any

_TOP = re.compile(r"([A-Za-z]+):(?: (\S.*))?")
_ITEM = re.compile(r" *- (?:([A-Za-z]+): )?(\S.*)")
_MORE = re.compile(r" +([A-Za-z]+): (\S.*)")
_IGNORED = re.compile(r"\s*(#.*)?|---")


def read_kustomization(text: str) -> dict[str, Any]:
    """The file as data; a line that cannot be read stands under the key ``line N``, which no schema allows."""
    body: dict[str, Any] = {}
    items: list[Any] = []
    for number, line in enumerate(text.splitlines(), 1):
        item = line.removeprefix("  - ")
        if item != line and item.replace("-", "").replace(".", "").isalnum():  # most lines name a file
            items.append(item)
        elif match := _ITEM.fullmatch(line):
            key, item = match.groups()
            items.append({key: _scalar(item)} if key else _scalar(item))
        elif _IGNORED.fullmatch(line):
            continue
        elif match := _TOP.fullmatch(line):
            items = []
            body[match[1]] = items if match[2] is None else _scalar(match[2])
        elif (match := _MORE.fullmatch(line)) and items and isinstance(items[-1], dict):
            items[-1][match[1]] = _scalar(match[2])
        else:
            # Kept under a key that no schema allows, so that the check reports the line instead
            # of passing over it.
            body[f"line {number}"] = line
    return body


def _scalar(text: str) -> Any:
    if text.startswith("'") and text.endswith("'"):
        return text[1:-1].replace("''", "'")
    try:
        return json.loads(text) if text.startswith(('"', "{")) else text
    except ValueError:
        return text
