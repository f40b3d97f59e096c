"""Text decoding: UTF-8 only; characters that readers disagree about are refused, never repaired."""

from __future__ import annotations

import codecs
import re

from milepost.diagnostics import Code, Severity, Sink, Span
from milepost.diagnostics.wording import and_more
from milepost.model.merge_marks import conflict

MP1001 = Code(
    "MP1001",
    "file is not UTF-8",
    "Every file of a fleet spec is UTF-8, with or without a byte order mark. Text in GB18030, UTF-16 or another "
    "encoding would be read differently on different machines, so it is refused instead of guessed.",
    "a stations.csv that a spreadsheet saved in GB18030",
)
MP1002 = Code(
    "MP1002",
    "forbidden character",
    "Control characters, the line separators U+0085, U+2028 and U+2029, a carriage return without a line feed, "
    "U+FFFE and U+FFFF are read or written differently by the tools that the rendered tree passes through. The marks "
    "U+202A to U+202E and U+2066 to U+2069 let a text show in another order than it has, so that a reviewer reads "
    "something else than the machine. "
    "U+E000 and U+E001 mark holes inside the compiler.",
    'title: "Changtan\\0"',
)
MP1024 = Code(
    "MP1024",
    "invisible character",
    "Characters without a width, such as U+200B, come along when a text is copied from a web page or a document. Two names "
    "or codes that look alike are then two, and no search finds the one that is meant.",
    'title: "Chang\u200btan"',
    Severity.WARNING,
)
MP1032 = Code(
    "MP1032",
    "Git LFS pointer instead of the file",
    "A clone without Git LFS has a pointer of three lines where a large file should be.",
    "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146...\nsize 12345\n",
)
_POINTER = b"version https://git-lfs.github.com/spec/"

MP1025 = Code(
    "MP1025",
    "merge conflict in the file",
    "Git could not merge two changes of the same lines, and left both in the file between marks of seven signs. Somebody "
    "has to say which holds. In `rendered/` nobody has to: a compile writes every file anew, those with marks among them.",
    "<<<<<<< HEAD\n  version: 1.4.2\n=======\n  version: 1.5.0\n>>>>>>> bump\n",
)

_ODD = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ue000\ue001\ufeff\ufffe\uffff"
ODD_CHARACTER = re.compile(f"[{_ODD}]")
_ODD_IN_STRUCTURE = re.compile(f"[{_ODD}]|\r(?!\n)")
_ODD_IN_TEXT = re.compile("[\x00\u202a-\u202e\u2066-\u2069\ue000\ue001]")
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2064]")
_BOM = b"\xef\xbb\xbf"
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_ZEROS = {"x0x0": "UTF-16LE", "0x0x": "UTF-16BE", "x000": "UTF-32LE", "000x": "UTF-32BE"}
_SUSPECT_BYTES = bytes({*range(0x20), 0x7F, 0xC2, 0xE2, 0xEE, 0xEF} - set(b"\t\n"))
"""Odd ASCII, and the first bytes of all other odd characters."""


def decode(data: bytes, path: str, sink: Sink, *, free_text: bool = False) -> str | None:
    """The text without its byte order mark, or None after a diagnostic.

    ``free_text`` is for templates, which are copied and not parsed: only what the compiler itself cannot carry
    is refused there.
    """
    # Before decoding: spreadsheets write the mark, and as a character it would become part of
    # the first column's name.
    data = data.removeprefix(_BOM)
    # As a fault of its own: what a parser says of the marks leads nowhere.
    if (at := conflict(data)) is not None:
        message = "a merge left its marks: both sides of a conflict stand in the file"
        hint = "keep what is meant, remove the lines with the marks, then run `milepost compile`"
        sink.report(MP1025, message, _byte_span(data, path, at), hint=hint)
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        _report_encoding(data, _byte_span(data, path, error.start), sink)
        return None
    if data.startswith(_POINTER):
        message = "this is a pointer of Git LFS, and not the file itself"
        sink.report(
            MP1032, message, Span(path, 1, 1, 1, 2), hint="fetch the file: git lfs install && git lfs pull"
        )
        return None
    found = _find_odd(data, text, free_text)
    if found is None:
        _warn_of_invisible(text, path, sink)
        return text
    # ASCII in UTF-16 is valid UTF-8 with zeros in between; "forbidden character" would not tell
    # anybody what to do.
    if found[0] == "\0" and _wide_encoding(data):
        _report_encoding(data, Span(path, 1, 1, 1, 2), sink)
        return None
    sink.report(
        MP1002,
        f"{name_character(found[0])} may not stand in a fleet spec",
        span_at(text, path, found.start()),
    )
    return None


def _warn_of_invisible(text: str, path: str, sink: Sink) -> None:
    if text.isascii() or (first := _INVISIBLE.search(text)) is None:
        return
    more = and_more(len(_INVISIBLE.findall(text)) - 1, "such character")
    message = f"{name_character(first[0])}{more} cannot be seen"
    sink.report(MP1024, message, span_at(text, path, first.start()), hint="write the text anew")


def _find_odd(data: bytes, text: str, free_text: bool) -> re.Match[str] | None:
    """Bytes are looked through first: that takes a tenth of the time of the expression, and most large files pass."""
    if free_text:
        return _ODD_IN_TEXT.search(text)
    suspect = len(data.translate(None, _SUSPECT_BYTES)) < len(data)
    return _ODD_IN_STRUCTURE.search(text) if suspect else None


def name_character(character: str) -> str:
    """What to call a character that cannot be shown."""
    if character == "\r":
        return "a carriage return without a line feed"
    return f"the character U+{ord(character):04X}"


def span_at(text: str, path: str, index: int) -> Span:
    """The place of one character of a text."""
    line = text.count("\n", 0, index) + 1
    column = index - (text.rfind("\n", 0, index) + 1) + 1
    return Span(path, line, column, line, column + 1)


def _byte_span(data: bytes, path: str, offset: int) -> Span:
    before = data[:offset].decode("utf-8")
    return span_at(before + "\ufffd", path, len(before))


def _report_encoding(data: bytes, span: Span, sink: Sink) -> None:
    encoding = _wide_encoding(data) or _chinese_encoding(data)
    message = f"this file is {encoding}, not UTF-8" if encoding else "this file is not UTF-8"
    hint = (
        "save it as UTF-8 (spreadsheets call it CSV UTF-8)"
        if span.path.endswith(".csv")
        else "save it as UTF-8"
    )
    if encoding:
        hint += f", or convert it: iconv -f {encoding} -t UTF-8"
    sink.report(MP1001, message, span, hint=hint)


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32, by the mark in front or by the zeros that a text in ASCII letters has there."""
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if marked is not None or b"\0" not in data[:4]:
        return marked
    zeros = "".join("0" if byte == 0 else "x" for byte in data[:4])
    return _ZEROS.get(zeros)


def _chinese_encoding(data: bytes) -> str | None:
    """GB18030, where everything beyond ASCII is in its oldest and most used part: Latin letters hardly ever are."""
    try:
        data.decode("gb2312")
    except UnicodeDecodeError:
        return None
    return "GB18030"
