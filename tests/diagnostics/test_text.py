"""Diagnostics for people: what exactly is printed, and that no file can play tricks on the terminal."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.samples import ALL, LOUD, NOWHERE, OLD, TWICE, sources
from milepost.diagnostics import Diagnostic, Span
from milepost.diagnostics.formats.text import render
from milepost.diagnostics.printable import printable, width


def lines(diagnostic: Diagnostic) -> list[str]:
    return render([diagnostic], sources).split("\n")[:-3]


def marked(diagnostic: Diagnostic) -> tuple[str, str]:
    """The shown line, and what stands above the carets, counted in columns of the terminal."""
    shown, carets = lines(diagnostic)[1:3]
    shown, carets = shown.partition(" | ")[2], carets.partition("| ")[2]
    return shown, columns(shown, carets.index("^"), len(carets))


def columns(text: str, start: int, end: int) -> str:
    """The part of a text between two columns of the terminal."""
    starts = [width(text[:i]) for i in range(len(text) + 1)]
    return "".join(c for c, at in zip(text, starts, strict=False) if start <= at < end)


def test_the_whole_output() -> None:
    """Without a place first, each block with its line, the related place and the hint, then the count."""
    assert render(ALL, sources) == (
        "error MP9001: there is no fleet spec here\n"
        "  = help: start with `milepost init`\n"
        "\n"
        'a.yaml:3:1: error MP9001: the key "name" is given twice\n'
        "3 | name: hubei\n"
        "  | ^^^^\n"
        "  = first given here: a.yaml:2:1\n"
        "2 | name: hunan\n"
        "  | ----\n"
        "  = help: keep one of the two\n"
        "\n"
        "长沙/b.yaml:1:8: warning MP9002: the key is old\n"
        "1 | title: 长潭收费站  # west\n"
        "  |        ^^^^^^^^^^\n"
        "\n"
        "2 errors, 1 warning\n"
    )


def test_nothing_to_say_is_nothing_at_all() -> None:
    """Not even a count."""
    assert render([], sources) == ""


@pytest.mark.parametrize(
    ("found", "count"),
    [([TWICE], "1 error"), ([OLD, OLD], "2 warnings"), ([TWICE, TWICE, OLD], "2 errors, 1 warning")],
)
def test_the_count_names_only_what_there_is(found: list[Diagnostic], count: str) -> None:
    """No "0 warnings"."""
    assert render(found, sources).endswith(f"\n\n{count}\n")


def test_wide_characters_take_two_columns() -> None:
    """The carets stand below them."""
    assert marked(OLD)[1] == "长潭收费站"


def test_a_tab_takes_its_width() -> None:
    """It is shown as spaces, and the carets behind it move along."""
    shown, above = marked(Diagnostic(LOUD, "m", Span("长沙/b.yaml", 2, 2, 2, 3)))
    assert shown == "    x: 1"
    assert above == "x"


def test_a_long_line_is_cut_around_the_place() -> None:
    """Dots stand where something is left out; the marked part is there."""
    line = sources("长沙/b.yaml").split("\n")[2]  # type: ignore[union-attr]
    start = line.index("here") + 1
    shown, above = marked(Diagnostic(LOUD, "m", Span("长沙/b.yaml", 3, start, 3, start + 4)))
    assert above == "here"
    assert shown.startswith("…")
    assert len(shown) <= 120
    first = lines(Diagnostic(LOUD, "m", Span("长沙/b.yaml", 3, 1, 3, 2)))[1]
    assert first.endswith("…")


def test_a_place_of_several_lines_shows_the_first() -> None:
    """Marked to its end."""
    assert marked(Diagnostic(LOUD, "m", Span("a.yaml", 1, 7, 3, 5))) == ("kind: Fleet", "Fleet")


def test_a_place_without_width_is_one_caret() -> None:
    """As for a whole file."""
    assert marked(Diagnostic(LOUD, "m", Span("a.yaml")))[1] == "k"


@pytest.mark.parametrize("span", [Span("gone.yaml", 3, 1, 3, 2), Span("a.yaml", 99, 1, 99, 2)])
def test_without_the_line_there_is_no_snippet(span: Span) -> None:
    """A file that is gone or shorter by now."""
    assert len(lines(Diagnostic(LOUD, "m", span))) == 1


def test_a_byte_order_mark_and_windows_line_ends_do_not_shift_the_carets() -> None:
    """Columns count behind the mark."""
    text = render([Diagnostic(LOUD, "m", Span("w.yaml", 1, 1, 1, 2))], lambda _: "\ufeffa: 1\r\nb: 2\r\n")
    assert "1 | a: 1\n  | ^\n" in text


def test_colours_are_around_the_same_text() -> None:
    """Without the escapes it is what is printed without colours."""
    coloured = render(ALL, sources, color=True)
    assert "\x1b[1;31merror MP9001\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(ALL, sources)
    assert "\x1b" not in render(ALL, sources)


def test_each_file_is_read_once() -> None:
    """A thousand faults in a table of a hundred thousand rows."""
    asked: list[str] = []

    def counting(path: str) -> str:
        asked.append(path)
        return "a: 1\n" * 10

    render(
        [Diagnostic(LOUD, f"m{n}", Span("a.yaml", n % 10 + 1, 1, n % 10 + 1, 2)) for n in range(100)],
        counting,
    )
    assert asked == ["a.yaml"]


@given(
    st.text(),
    st.text(),
    st.text(min_size=1).filter(lambda t: "\n" not in t),
    st.integers(1, 9),
    st.integers(1, 9),
)
def test_nothing_from_a_file_reaches_the_terminal_as_a_command(
    message: str, hint: str, line: str, start: int, end: int
) -> None:
    """Messages, hints, paths and source lines: only printable characters and our own line ends come out."""
    found = Diagnostic(LOUD, message, Span(line, 1, start, 1, end), hint)
    for shown in render([found], lambda _: line).split("\n"):
        assert shown == printable(shown)


def test_combining_characters_take_no_column() -> None:
    """An accent stands above the letter before it."""
    assert width("e\u0301x") == 2
    assert NOWHERE.span is None
