"""How deep and how large a document may be, to the last level and the last value: an alias counts as what it stands for."""

from __future__ import annotations

import pytest

from milepost.diagnostics import Sink
from milepost.load.yaml.construct import DEEPEST, construct

FREE = 10_000
"""Values that aliases may add to any file, beside one for each character."""


def refused(text: str) -> bool:
    """Whether it is too deep or too large; nothing else may be wrong with it."""
    sink = Sink()
    construct(text, "a.yaml", sink)
    codes = {d.code.id for d in sink}
    assert codes <= {"MP1017"}
    return bool(codes)


def lists(levels: int, within: str = "") -> str:
    return "[" * levels + within + "]" * levels


def test_the_deepest_level_is_the_last() -> None:
    """Of lists and of mappings; a scalar in the deepest list is no level."""
    assert not refused(lists(DEEPEST))
    assert not refused(lists(DEEPEST, "1"))
    assert not refused("{a: " * DEEPEST + "1" + "}" * DEEPEST)
    assert refused(lists(DEEPEST + 1))


@pytest.mark.parametrize("height", [0, 1, 2, 50, DEEPEST - 2])
def test_an_alias_is_as_high_as_what_it_stands_for(height: int) -> None:
    """The levels around it and those of its target are added up; a scalar has none."""
    target = f"a: &a {lists(height, '1')}\n"
    around = DEEPEST - 1 - height
    assert not refused(target + f"b: {lists(around, '*a')}\n")
    assert refused(target + f"b: {lists(around + 1, '*a')}\n")


def test_an_alias_of_an_alias_is_as_high_as_both() -> None:
    """Also where the higher of two targets comes first, and is not the last thing that was read."""
    targets = f"a: &a {lists(10)}\nb: &b [*a, 1]\nc: &c [&d {lists(20)}, &e [], *b]\n"
    assert not refused(targets + f"f: {lists(DEEPEST - 1 - 11, '*b')}\n")
    assert refused(targets + f"f: {lists(DEEPEST - 11, '*b')}\n")
    assert not refused(targets + f"f: {lists(DEEPEST - 1 - 21, '*c')}\n")
    assert refused(targets + f"f: {lists(DEEPEST - 21, '*c')}\n")


@pytest.mark.parametrize(
    ("text", "added"),
    [
        pytest.param(f"a: &a [{'1,' * 99}]\nb: [{'*a,' * 200}]\n", 200 * 100, id="a list and its items"),
        pytest.param(f"a: &a {{{', '.join(f'k{n}: 1' for n in range(99))}}}\nb: [{'*a,' * 200}]\n", 200 * 100, id="a mapping"),
        pytest.param(
            f"a: &a [{'1,' * 99}]\nb: &b [*a, *a]\nc: [{'*b,' * 100}]\n",
            2 * 100 + 100 * (1 + 2 * (1 + 100)),
            id="aliases of aliases",
        ),
        pytest.param(
            f"a: &a {{{', '.join(f'k{n}: 1' for n in range(99))}}}\nb:\n" + "- {<<: *a}\n" * 100,
            100 * (100 + 99),
            id="a merge copies what the alias brings",
        ),
    ],
)  # fmt: skip
def test_what_aliases_add_is_counted_to_the_last_value(text: str, added: int) -> None:
    """A file may grow by as many values as it has characters, and some for free; a comment makes it long enough."""
    comment = added - FREE - len(text) - len("#\n")
    assert not refused(text + "#" + "x" * comment + "\n")
    assert refused(text + "#" + "x" * (comment - 1) + "\n")
