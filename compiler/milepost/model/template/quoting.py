"""Quoting filters: a value as YAML, JSON, a word of a shell, or the value of an INI or properties file has it.

Each gives what a reader of the format reads as that very value again, or refuses a value that the format cannot hold.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from milepost.model.template.bad import BadTemplateError

_EASY = re.compile(r"[ !#-\[\]-~]*")
"""Printable ASCII without the quote and the backslash."""
_BARE_INI = re.compile(r"[^\s\"'\\;#=\[\]][^\"'\\;#\x00-\x1f\x7f]*(?<!\s)")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@lru_cache(maxsize=4096)
def quoted(value: str) -> str:
    """A text in double quotes, with escapes that YAML, JSON and TOML read alike."""
    if _EASY.fullmatch(value):
        return f'"{value}"'
    return _NOT_IN_YAML.sub(lambda odd: f"\\u{ord(odd[0]):04x}", json.dumps(value, ensure_ascii=False))


def as_json(value: Any, written: Callable[[Any], str]) -> str:
    """A value as JSON has it, lists and mappings too; YAML and TOML (but for mappings) read it as the same value.

    ``written`` makes text of a number, and refuses what has none.
    """
    if isinstance(value, str):
        return quoted(value)
    if value is None:
        return "null"
    if isinstance(value, dict):
        pairs = (f"{quoted(str(key))}: {as_json(each, written)}" for key, each in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join([as_json(each, written) for each in value]) + "]"
    return written(value)


def as_shell(value: Any, written: Callable[[Any], str]) -> str:
    """One word of a POSIX shell, in single quotes where it needs them."""
    return shlex.quote(written(value))


def as_ini(value: Any, written: Callable[[Any], str]) -> str:
    """The value of an INI file: bare where no reader would take a character of it for a sign, otherwise in double quotes.

    Raises BadTemplateError for line breaks and other control characters, which no INI file can hold.
    """
    text = written(value)
    if _CONTROL.search(text):
        raise BadTemplateError("an INI file cannot hold a value with a line break or a control character")
    if _BARE_INI.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"}


def as_properties(value: Any, written: Callable[[Any], str]) -> str:
    """The value of a Java properties file, in ASCII: every version of Java reads that alike."""
    text = written(value)
    head = "\\" if text.startswith(" ") else ""
    return head + "".join(map(_in_properties, text))


def _in_properties(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if " " <= character <= "~":
        return character
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


QUOTING: dict[str, Callable[[Any, Callable[[Any], str]], str]] = {
    "ini": as_ini,
    "json": as_json,
    "properties": as_properties,
    "shell": as_shell,
    "yaml": as_json,
}
"""By the name of the filter. JSON is YAML: the two differ in name alone, so that a template says which file it is for."""
