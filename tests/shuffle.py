"""The same fleet spec, written in another order: documents in other files, files under other names, rows mixed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random

_DOCUMENT = re.compile(r"^---\n", re.MULTILINE)
_MARK = re.compile(r"^apiVersion: milepost\.dev/", re.MULTILINE)
LOCK = "images.lock.yaml"


def shuffled(files: Mapping[str, str], random: Random) -> dict[str, str]:
    """``files`` of a fleet spec with everything moved that has no meaning."""
    made: dict[str, str] = {}
    documents: list[str] = []
    for path, text in files.items():
        if path != LOCK and (_MARK.search(text) or '"apiVersion": "milepost.dev/' in text):
            documents += [part for part in _DOCUMENT.split(text) if part.strip()]
        elif path.endswith(".csv"):
            made[path] = _rows(text, random)
        elif path.endswith((".yaml", ".yml")) and text.lstrip("#").startswith("- "):
            made[path] = _items(text, random)
        else:
            made[path] = text
    random.shuffle(documents)
    for number, document in enumerate(documents):
        folder = random.choice(("", "a/", "z/deep/"))
        path = f"{folder}{random.randrange(10**6):06}-{number}.yaml"
        made[path] = document if document.endswith("\n") else document + "\n"
    return made


def _rows(text: str, random: Random) -> str:
    header, *rows = text.splitlines()
    random.shuffle(rows)
    return "\n".join([header, *rows]) + "\n"


def _items(text: str, random: Random) -> str:
    head, *items = re.split(r"^- ", text if text.endswith("\n") else text + "\n", flags=re.MULTILINE)
    random.shuffle(items)
    return head + "".join(f"- {item}" for item in items)
