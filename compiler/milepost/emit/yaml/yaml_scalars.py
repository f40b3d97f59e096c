"""YAML scalars: one text as plain, double-quoted or ``|`` literal, read back as the same string by every reader.

The readers meant: YAML 1.1 (PyYAML, go-yaml as in kubectl) and YAML 1.2 (ruamel.yaml, kustomize). A double-quoted
scalar is also a JSON string. Refuses to fold lines, to guess, and to leave anything plain that some reader would take
for a boolean, a number, a date or null.
"""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./@-]*(?::[A-Za-z0-9_./@-]+)*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})

_UNPRINTABLE = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"
"""What YAML calls not printable, and what YAML 1.1 alone takes for a line break (NEL, LS, PS)."""

_BIDI = "\u202a-\u202e\u2066-\u2069"
"""Marks that turn the direction of text around: readers keep them, but a reviewer would not see them."""

_ESCAPED = re.compile(f'["\\\\\t\n{_UNPRINTABLE}{_BIDI}]')
_NOT_LITERAL = re.compile(f"[\t{_UNPRINTABLE}{_BIDI}]")
_ASCII_OF_LITERALS = bytes(range(ord(" "), 0x7F)) + b"\n"
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}

STEP = 2
"""Columns of one level of indentation."""


def scalar(text: str) -> str:
    """``text`` on one line: plain if every reader takes it for a string, otherwise in double quotes."""
    # Most texts are names; with digits for hyphens these are identifiers, which Python knows faster than a pattern.
    plain = (text.isascii() and text.replace("-", "0").isidentifier()) or _PLAIN.fullmatch(text)
    # "false" is the longest of the words, so longer texts need not be lowered and looked up.
    if plain and (len(text) > 5 or text.lower() not in _WORDS):
        return text
    return f'"{_ESCAPED.sub(_escape, text)}"'


def value(text: str, indent: int) -> str:
    """``text`` as a mapping's value or a sequence's item; lines of a literal start at column ``indent``."""
    if "\n" in text and not text.isspace() and _fits_literal(text):
        return _literal(text, indent)
    return scalar(text)


def _fits_literal(text: str) -> bool:
    """Python's own notion of printable is narrower and much faster to ask for."""
    if text.isascii():
        return not text.encode().translate(None, _ASCII_OF_LITERALS)
    return text.replace("\n", "").isprintable() or not _NOT_LITERAL.search(text)


def _literal(text: str, indent: int) -> str:
    """A ``|`` block without its last line break, which the layout adds as it does after every scalar."""
    # A literal that begins with a space or an empty line must say its indentation (YAML 1.2.2, 8.1.1.1).
    indentation = str(STEP) if text[0] in " \n" else ""
    # "-" strips the last line break, "+" keeps all of them, none keeps one (YAML 1.2.2, 8.1.1.2).
    if not text.endswith("\n"):
        chomping, body = "-", text
    else:
        chomping, body = ("+" if text.endswith("\n\n") else ""), text[:-1]
    return f"|{indentation}{chomping}\n{_indented(body, ' ' * indent)}"


def _indented(text: str, pad: str) -> str:
    """Every line but empty ones moved to the right; the second replacement is for runs of empty lines."""
    moved = text.replace("\n", "\n" + pad)
    if "\n\n" in text:
        moved = moved.replace(f"\n{pad}\n", "\n\n").replace(f"\n{pad}\n", "\n\n")
    if text[-1] == "\n":
        moved = moved[: -len(pad)]
    return moved if text[0] == "\n" else pad + moved


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    # Only characters below U+10000 are escaped. `json.dumps` would write an emoji as a
    # surrogate pair, which go-yaml and libyaml refuse.
    return _SHORT.get(character) or f"\\u{ord(character):04x}"
