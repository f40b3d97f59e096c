"""What people read is bounded, whatever is wrong and however often."""

from __future__ import annotations

import json

from milepost.diagnostics import Code, Diagnostic, Severity, Span
from milepost.diagnostics.folding import ALIKE, MOST, folded
from milepost.diagnostics.formats import get

WRONG = Code("MP9001", "Wrong", "It is wrong.", "x")
ODD = Code("MP9002", "Odd", "It is odd.", "x", Severity.WARNING)


def text(diagnostics: list[Diagnostic], form: str = "text") -> str:
    return get(form).render(diagnostics, lambda _path: None)


def test_equal_messages_are_one_with_several_places() -> None:
    found = [Diagnostic(WRONG, "should be text", Span("a.yaml", line)) for line in range(1, 6)]
    assert text(found) == (
        "a.yaml:1:1: error MP9001: should be text\n"
        "  = the same at a.yaml:2:1, a.yaml:3:1, a.yaml:4:1 and 1 more place\n\n5 errors\n"
    )


def test_of_messages_that_are_alike_the_first_stand_for_all() -> None:
    """Alike are those that differ in names, numbers and paths of data; nothing else is left out."""
    found = [
        Diagnostic(WRONG, f'spec.list[{n}]: there is no "name-{n}"', Span("a.yaml", n + 1))
        for n in range(5000)
    ]
    found.append(Diagnostic(WRONG, "something else altogether", Span("b.yaml")))
    said = text(found)
    assert said.count("MP9001") == ALIKE + 1 and "something else altogether" in said
    assert f"and {5000 - ALIKE:,} more like this" in said and said.endswith("5001 errors\n")
    assert len(said) < 2000


def test_where_everything_is_different_errors_come_first() -> None:
    words = [f"{a}{b}{c}" for a in "abcdefgh" for b in "abcdefgh" for c in "abcdefgh"]
    found = [Diagnostic(ODD, f"odd is {word}", Span("a.yaml", 1)) for word in words[:100]]
    found += [Diagnostic(WRONG, f"wrong is {word}", Span("a.yaml", 2)) for word in words[: MOST - 1]]
    shown, left = folded(found)
    assert (len(shown), left) == (MOST, 99)
    assert [one.diagnostic for one in shown] == [found[0], *found[100:]]
    assert "(99 of them not shown; " in text(found)


def test_every_diagnostic_is_counted_once() -> None:
    found = [Diagnostic(WRONG, f"wrong {n % 40}", Span("a.yaml", n + 1)) for n in range(1000)]
    shown, left = folded(found)
    assert sum(1 + len(one.places) + one.alike for one in shown) + left == len(found)


def test_the_log_of_a_workflow_is_bounded_as_well_and_json_is_not() -> None:
    found = [Diagnostic(WRONG, f"wrong {n}", Span("a.yaml", n + 1)) for n in range(5000)]
    assert len(text(found, "github")) < 4000
    assert len(json.loads(text(found, "json"))["diagnostics"]) == 5000
