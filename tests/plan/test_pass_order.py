"""The order of passes is checked from what each says it reads and writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

import pytest

from milepost.diagnostics import Code, Sink
from milepost.model.fleet import Fleet
from milepost.plan import PASSES, STEPS
from milepost.plan.pass_order import Pass, PassOrderError, Role, in_order
from small import compile_components, component

WRONG = Code("MP4999", "wrong", "Of these tests alone.", "# none\n")


@dataclass(frozen=True)
class Route:
    """What a pass of these tests decides."""

    stops: tuple[str, ...]


@dataclass(frozen=True)
class Timetable:
    """What is decided from a route."""

    route: Route


@dataclass(frozen=True)
class Declared:
    """A pass that stands in no file."""

    ROLE: Role
    run: Callable[..., object]


def route(fleet: Fleet, sink: Sink) -> Route:
    return Route(("here", "there"))


def timetable(route: Route, sink: Sink) -> Timetable:
    return Timetable(route)


def complaint(route: Route, sink: Sink) -> None:
    sink.report(WRONG, "the route is too long")


def broken_route(fleet: Fleet, sink: Sink) -> Route:
    sink.report(WRONG, "there is no way")
    return Route(())


def decides(run: Callable[..., object]) -> Pass:
    return Declared(Role.DECIDES, run)


def checks(run: Callable[..., object]) -> Pass:
    return Declared(Role.CHECKS, run)


def test_the_passes_of_the_compiler_can_run_in_their_order() -> None:
    """Every one finds what it reads; the first has the fleet alone."""
    assert [step.run for step in STEPS] == [module.run for module in PASSES]
    assert set(STEPS[0].reads.values()) == {Fleet}


def test_any_two_passes_exchanged_are_refused_where_one_reads_the_other() -> None:
    """For every pair in which the later one reads what the earlier one writes, and for those alone."""
    wanted = [step.writes for step in STEPS if step.writes is not None]
    for first in range(len(STEPS)):
        for second in range(first + 1, len(STEPS)):
            order = list(PASSES)
            order[first], order[second] = order[second], order[first]
            between = STEPS[first : second + 1]
            starved = any(STEPS[first].writes in step.reads.values() for step in between[1:]) or any(
                step.writes is not None and step.writes in STEPS[second].reads.values()
                for step in between[:-1]
            )
            if starved:
                with pytest.raises(PassOrderError, match="which no pass before it writes"):
                    in_order(order, Fleet, wanted)
            else:
                in_order(order, Fleet, wanted)


def test_a_pass_that_reads_what_comes_later_is_named_with_the_one_that_writes_it() -> None:
    with pytest.raises(PassOrderError) as caught:
        in_order([decides(timetable), decides(route)], Fleet, [Timetable])
    assert str(caught.value) == (
        'pass "test_pass_order" reads Route, which no pass before it writes: "test_pass_order", which comes after it, '
        "does"
    )


def test_a_pass_that_reads_what_nobody_writes_is_refused() -> None:
    with pytest.raises(PassOrderError, match=r"reads Route, .*: no pass does"):
        in_order([decides(timetable)], Fleet, [Timetable])


def test_a_second_writer_is_refused() -> None:
    """One noun, one owner."""
    with pytest.raises(PassOrderError, match="writes Route, which is there already"):
        in_order([decides(route), decides(route)], Fleet, [Route])


def test_what_nobody_reads_is_refused() -> None:
    """A decision that reaches neither a pass nor the plan has no effect."""
    with pytest.raises(PassOrderError, match="writes Timetable, which nobody reads"):
        in_order([decides(route), decides(timetable)], Fleet, [Route])


def test_what_the_plan_needs_is_written_by_some_pass() -> None:
    with pytest.raises(PassOrderError, match="no pass writes Timetable"):
        in_order([decides(route)], Fleet, [Route, Timetable])


def test_a_pass_that_decides_writes_something() -> None:
    with pytest.raises(PassOrderError, match="decides, and writes nothing"):
        in_order([decides(route), decides(complaint)], Fleet, [Route])


def test_after_a_fault_of_a_check_the_others_go_on_and_after_one_of_a_decision_they_do_not() -> None:
    """So that all that can be known is told in one run, and nothing that only follows from another fault."""
    fine, bad = (in_order(order, Fleet, [Route]) for order in _orders())
    sink, known = Sink(), {Fleet: object()}
    assert [step.apply(known, sink) for step in fine] == [True, True]
    assert known[Route] == Route(("here", "there")) and [d.message for d in sink] == ["the route is too long"]
    assert bad[0].apply({Fleet: object()}, Sink()) is False


def _orders() -> tuple[list[Pass], list[Pass]]:
    return [decides(route), checks(complaint)], [decides(broken_route), checks(complaint)]


def test_an_earlier_fault_does_not_stop_a_decision_that_is_sound() -> None:
    """Each pass is judged by its own faults: what a check has refused before is not told again as one of its own."""
    (step,) = in_order([decides(route)], Fleet, [Route])
    sink = Sink()
    sink.report(WRONG, "said before")
    assert step.apply({Fleet: object()}, sink) is True


def test_a_plan_cannot_be_changed(tmp_path: Path) -> None:
    """Neither the plan, nor what a pass gave, nor a shape or class within."""
    plan = compile_components(tmp_path, component("lane")).provinces["north"].plan
    parts = [plan, *(getattr(plan, field.name) for field in fields(plan))]
    parts += [*plan.placement.signatures, *plan.placement.station_classes, *plan.placement.group_classes]
    named = [(part, _fields(part)) for part in parts]
    found = [(part, names[0]) for part, names in named if names]
    assert len(found) > 8
    for part, name in found:
        with pytest.raises(AttributeError):
            setattr(part, name, None)


def _fields(part: object) -> tuple[str, ...]:
    if is_dataclass(part):
        return tuple(field.name for field in fields(part))
    return getattr(part, "_fields", ())
