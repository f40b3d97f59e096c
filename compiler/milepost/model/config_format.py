"""Formats of config files, as far as the name of a file tells them: how text goes into it, and whether it can be parsed."""

from __future__ import annotations

from typing import Literal

FORMATS = {
    "yaml": "yaml",
    "yml": "yaml",
    "json": "json",
    "toml": "toml",
    "ini": "ini",
    "properties": "properties",
    "sh": "shell",
    "bash": "shell",
}
"""By the end of a file's name."""
FormatName = Literal["yaml", "json", "toml", "ini", "properties", "shell", "text"]
TITLES = {
    "yaml": "YAML",
    "json": "JSON",
    "toml": "TOML",
    "ini": "INI",
    "properties": "properties",
    "shell": "a shell script",
}
"""What people call them."""
FILTERS = {**{name: name for name in FORMATS.values()}, "toml": "json"}
"""By format, the filter that quotes a text for it: a string of JSON is one of TOML."""


def format_of(path: str, said: str | None) -> str:
    """The format of the file ``path``, where ``said`` does not name it; ``text`` where nothing tells it."""
    head, dot, end = path.rpartition("/")[2].rpartition(".")
    return said or (FORMATS.get(end.lower(), "text") if dot and head else "text")
