"""The sink collects, sorts and says whether to stop; a near name is offered."""

from __future__ import annotations

from diagnostics.samples import LOUD, NOWHERE, OLD, QUIET, TWICE
from milepost.diagnostics import Diagnostic, Sink, Span, did_you_mean


def test_diagnostics_come_sorted_whatever_the_order_of_reports() -> None:
    """Without a place first, then by file, line, column, code."""
    at = [
        Diagnostic(LOUD, "m", Span(path, line, column))
        for path in "ab"
        for line in (2, 10)
        for column in (1, 3)
    ]
    expected = [NOWHERE, *at]
    sink = Sink()
    sink.extend(reversed(expected))
    assert list(sink) == expected


def test_the_same_fault_is_collected_once() -> None:
    """Two ways to one cause are one diagnostic."""
    sink = Sink()
    for _ in range(3):
        sink.add(TWICE)
    assert len(sink) == 1


def test_only_errors_stop() -> None:
    """Warnings do not."""
    sink = Sink()
    assert not sink.failed
    sink.report(QUIET, "old")
    assert not sink.failed
    sink.add(OLD)
    sink.report(LOUD, "no")
    assert sink.failed


def test_a_near_name_is_offered() -> None:
    """Or all of them when they are few, or nothing."""
    assert did_you_mean("gantri", ["lane", "gantry"]) == 'did you mean "gantry"?'
    assert did_you_mean("x", ["lane", "gantry"]) == "known here: gantry, lane"
    assert did_you_mean("x", []) is None
    assert did_you_mean("x", [f"name-{n}" for n in range(9)]) is None
