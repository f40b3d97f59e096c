"""Broken syntax and broken encodings: each a diagnostic on a real character of the file."""

from __future__ import annotations

import pytest

from load.reading import assert_inside, documents, ids

BROKEN = [
    ("a:\n\tb: 1\n", 2, 1, "indent with spaces; YAML does not allow tabs there"),
    ("a: b: c\n", 1, 5, "put quotes around a text that holds a colon and a space"),
    ("a: 1\n b: 2\n", 2, 3, "put quotes around a text that holds a colon and a space"),
    ("a: @x\n", 1, 4, "put quotes around a text that starts with @"),
    ("a: %x\n", 1, 4, "put quotes around a text that starts with %"),
    ("a:\n  - x\n y: 1\n", 3, 2, "look at the indentation here and on the line before"),
    ("a: 'b' c\n", 1, 8, "look at the quotes, commas and brackets before this"),
    ("a: 'b\nc: d\n", 2, 4, "something that was opened is not closed"),
    ("a: 1\nb\nc: 2\n", 2, 1, "a key is followed by a colon and a space"),
]


@pytest.mark.parametrize(("text", "line", "column", "hint"), BROKEN)
def test_common_slips_are_shown_with_something_to_do(text: str, line: int, column: int, hint: str) -> None:
    """The place is libyaml's, moved onto a character; the hint is for the slip behind it."""
    _, faults = documents(text)
    assert ids(faults) == ["MP1010"]
    assert faults[0].span is not None
    assert (faults[0].span.line, faults[0].span.column) == (line, column)
    assert faults[0].hint == hint


@pytest.mark.parametrize(
    "text", ["[", "{a: ", '"', "a: >\n b\nc", "? [", "- - - [\n\n\n\n", "a: &", "%YAML 3.0\n---\n", "\n\n\n'"]
)
def test_a_place_is_inside_the_file_also_where_it_ends_too_early(text: str) -> None:
    """libyaml marks the line after the last one; the last real character is shown instead."""
    _, faults = documents(text)
    assert ids(faults) == ["MP1010"]
    assert_inside(faults[0].span, text)


def test_what_was_opened_is_a_related_place() -> None:
    """An unclosed quote is noticed at the end and shown where it starts, too."""
    _, faults = documents("a: 'b\nc: d\n")
    assert [str(r.span) for r in faults[0].related] == ["spec.yaml:1:4"]


def test_documents_before_a_broken_one_are_read() -> None:
    """They can still be checked for faults of their own."""
    found, faults = documents("a: 1\n---\nb: [\n")
    assert [d.value for d in found] == [{"a": 1}]
    assert ids(faults) == ["MP1010"]


@pytest.mark.parametrize("data", [b"\xef\xbb\xbfa: 1\n", b"a: 1\r\n", b"\xef\xbb\xbf a: 1\r\n"])
def test_a_byte_order_mark_and_windows_line_ends_are_accepted(data: bytes) -> None:
    """Columns count behind the mark."""
    found, faults = documents(data)
    assert found[0].value == {"a": 1}
    assert found[0].span("a").column in (4, 5)
    assert not faults


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        ("a: 1\nb: 长潭\n".encode("gb18030"), 2, 4),
        ("a: 1\n".encode("utf-16"), 1, 1),
        (b"a: 1\nb: \xe9\n", 2, 4),
        ("长: ".encode() + b"\xff", 1, 4),
    ],
)
def test_other_encodings_are_refused_with_the_place_of_the_first_byte(
    data: bytes, line: int, column: int
) -> None:
    """GB18030, UTF-16 and Latin-1 are not guessed. Columns count characters, not bytes."""
    found, faults = documents(data)
    assert found == ()
    assert ids(faults) == ["MP1001"]
    assert faults[0].span is not None
    assert (faults[0].span.line, faults[0].span.column) == (line, column)


@pytest.mark.parametrize(
    "character",
    ["\0", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\ue000", "\ue001", "\ufeff", "\uffff", "\r"],
)
def test_characters_that_tools_disagree_about_are_refused(character: str) -> None:
    """Control characters, odd line ends, the compiler's own marks; nothing of YAML is read then."""
    _, faults = documents(f"a: 1\nb: x{character}y\n")
    assert ids(faults) == ["MP1002"]
    assert str(faults[0].span) == "spec.yaml:2:5"


@pytest.mark.parametrize("escape", [r"\0", r"\x07", r"\ue000", r"\L", r"\N", r"\uFFFF"])
def test_escapes_cannot_bring_them_in(escape: str) -> None:
    """A double-quoted scalar may spell any character, so its value is looked at."""
    _, faults = documents(f'b: "x{escape}y"\n')
    assert ids(faults) == ["MP1002"]


def test_ordinary_text_of_the_world_is_fine() -> None:
    """Chinese, typographic quotes, emoji, tabs inside a text."""
    text = 'a: "长潭（西）收费站 “北” – 🚦 \t x"\n'
    found, faults = documents(text)
    assert found[0].value["a"].startswith("长潭")
    assert not faults
