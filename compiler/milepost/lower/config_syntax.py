"""Syntax of config files: whether a rendered text is what the name of its file says. One parse per distinct shape."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable
from hashlib import sha256

from milepost.model.record import record


@record
class SyntaxFault:
    """What a parser says, and the line of the text, from 1, where it says so; None where it does not know."""

    message: str
    line: int | None


class SyntaxChecks:
    """Parses texts; one of a shape that was well-formed before is not parsed again, in whichever province it is."""

    def __init__(self) -> None:
        self._sound: set[bytes] = set()

    def fault(self, form: str, text: str) -> SyntaxFault | None:
        """What is wrong with ``text``, a file of the format ``form``; None for formats that nothing here parses."""
        parse = _PARSERS.get(form)
        if parse is None:
            return None
        if form not in _SHAPES:
            return parse(text)
        # By digest, and not too many of them: a process may compile any number of provinces.
        key = sha256(form.encode() + _SHAPES[form](text)).digest()
        if key in self._sound:
            return None
        found = parse(text)
        if found is None and len(self._sound) < _MOST:
            self._sound.add(key)
        return found


_MOST = 2**16
SYNTAX = SyntaxChecks()
"""Of this process."""


# Thousands of stations have one file each, which differ in names, numbers and titles. Which letters and digits stand in
# a scalar makes no difference to YAML, so texts that are equal but for these are parsed once.
_LETTERS = bytes.maketrans(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", b"a" * 53 + b"0" * 9 + b"a"
)
_MATTERS = re.compile(rb"[\\&*!%]|[|>][-+]?[0a]")
"""Where letters do matter: escapes, anchors, tags, directives, and the indentation that a block scalar announces."""
_TOML_TEXT = re.compile(r'(= ?)"[^"\\\n]*"')


def _other_letters(error: UnicodeError) -> tuple[str, int]:
    """Any other character is a letter: the loader lets no character through that YAML cannot hold."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "a" * (error.end - error.start), error.end


codecs.register_error("milepost-letters", _other_letters)


def _toml_shape(text: str) -> bytes:
    return _TOML_TEXT.sub(r'\1""', text).encode("utf-8", "surrogatepass")


def _yaml_shape(text: str) -> bytes:
    shape = text.encode("ascii", "milepost-letters").translate(_LETTERS)
    if _MATTERS.search(shape):
        return text.encode("utf-8", "surrogatepass")
    for run in (b"aaaa", b"aa", b"aa", b"0000", b"00", b"00"):
        shape = shape.replace(run, run[:1])
    return shape


def _yaml(text: str) -> SyntaxFault | None:
    import yaml

    try:
        # Events need no constructors, so that a tag of the application's own is no fault.
        for _ in yaml.parse(text, Loader=yaml.CSafeLoader):
            pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return SyntaxFault(error.problem or "it cannot be read", mark.line + 1 if mark else None)
    except yaml.YAMLError as error:
        return SyntaxFault(str(error).partition("\n")[0], None)
    return None


def _json(text: str) -> SyntaxFault | None:
    try:
        json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        return SyntaxFault(error.msg[:1].lower() + error.msg[1:], error.lineno)
    except (ValueError, RecursionError) as error:
        return SyntaxFault(str(error), None)
    return None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")


def _toml(text: str) -> SyntaxFault | None:
    import tomllib

    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, _, place = str(error).partition(" (at line ")
        line = place.partition(",")[0]
        return SyntaxFault(message[:1].lower() + message[1:], int(line) if line.isdigit() else None)
    except RecursionError:
        return SyntaxFault("it is nested too deep", None)
    return None


_INI_LINE = re.compile(r"\s*(?:[;#].*|\[[^\]]+\]\s*(?:[;#].*)?|[^=:\[]+[=:].*|[^\s=:\[]+)?")


def _ini(text: str) -> SyntaxFault | None:
    """What no dialect reads: a section whose bracket does not close, and several words that nothing gives a value to."""
    key = False
    for number, line in enumerate(text.splitlines(), start=1):
        # A line that is indented goes on with the value of the one before.
        if not (key and line[:1] in " \t") and not _INI_LINE.fullmatch(line):
            return SyntaxFault("neither a section, a key with a value, nor a comment", number)
        key = bool(line.strip()) and not line.lstrip().startswith("[")
    return None


_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u(?![0-9a-fA-F]{4})")


def _properties(text: str) -> SyntaxFault | None:
    """Java reads anything but an escape that is cut short."""
    found = next((n for n, line in enumerate(text.splitlines(), start=1) if _ESCAPE.search(line)), None)
    return None if found is None else SyntaxFault(r"\u without four hexadecimal digits", found)


_PARSERS: dict[str, Callable[[str], SyntaxFault | None]] = {
    "yaml": _yaml,
    "json": _json,
    "toml": _toml,
    "ini": _ini,
    "properties": _properties,
}
_SHAPES: dict[str, Callable[[str], bytes]] = {"yaml": _yaml_shape, "toml": _toml_shape}
"""Where parsing takes much longer than finding the shape."""
