"""The table of ``--timings``: seconds of each stage, by province, the longest first; cached provinces took none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from milepost.executors.outcome import Outcome


def lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """A table: a head, a line for each province that was compiled, and the sum; one sentence where none was."""
    worked = sorted((o for o in outcomes if o.stages), key=lambda o: (-o.seconds, o.province))
    if not worked:
        yield "no stage ran: nothing has changed since the last run"
        return
    stages = tuple(dict.fromkeys(stage for outcome in worked for stage in outcome.stages))
    width = max([len("province"), *(len(outcome.province) for outcome in worked)])
    yield " ".join([f"{'province':{width}}", *(f"{stage:>8}" for stage in (*stages, "all"))])
    for outcome in worked:
        yield _line(outcome.province, width, [outcome.stages.get(stage, 0.0) for stage in stages])
    if len(worked) > 1:
        yield _line("all", width, [sum(o.stages.get(stage, 0.0) for o in worked) for stage in stages])


def _line(name: str, width: int, seconds: Sequence[float]) -> str:
    return " ".join([f"{name:{width}}", *(f"{value:8.2f}" for value in (*seconds, sum(seconds)))])
