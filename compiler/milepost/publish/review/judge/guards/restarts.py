"""Guard of restarts at once: pods that run now and would all be restarted by one commit, by ``guards.restarts``."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.publish.review.classify.effect import Effect
from milepost.publish.review.judge.blast_radius import BlastRadius
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, finding
from milepost.publish.review.read.file_location import LISTING
from milepost.publish.review.show.summary_line import SummaryLine
from milepost.publish.review.show.words import counted

ORDER = 60
MP7008 = Code(
    "MP7008",
    "too many restarts at once",
    "One commit would restart the pods of more stations than `guards.restarts` lets restart at once, in more than one station "
    "group: a line of config, a value, a probe reaches every lane in the same minutes. Cut it: make it a version and let a "
    "Release move it wave by wave, or set it for one province, section or station after the other. Pods that start for the "
    "first time do not count, nor do versions that move by the waves of a Release.",
    "guards:\n  restarts: {stations: 20, groups: 1}\n",
)
_CUT = (
    "cut it: a Release moves versions in waves, and values, env and files can be set for a province, a station group or a "
    "station first"
)


def judge(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    """Exact by the nodes that run the pods before the change."""
    radius = BlastRadius.together(r for line in change.lines if line.restarts for r in _moved(line, change))
    most = rules.guards.restarts
    if len(radius.stations_now) > most.stations and len(radius.groups_now) > most.groups:
        message = (
            f"pods on {counted(len(radius.now), 'node')} of {counted(len(radius.stations_now), 'station')} in "
            f"{counted(len(radius.groups_now), 'station group')} would restart at once; one change may restart "
            f"{counted(most.stations, 'station')}, or {counted(most.groups, 'station group')}"
        )
        entry = f"allows: restarts-{change.id}"
        yield finding(MP7008, message, change, rules, [entry], ("restarts",), _CUT)


def _moved(line: SummaryLine, change: GuardedChange) -> Iterator[BlastRadius]:
    """Where the line restarts pods, but for what moves by the waves of a release."""
    key = line.found.key
    waves = key.role == LISTING and key.field.startswith("components[")
    application = key.field.partition("[")[2].rstrip("]")
    for province, radius in line.reach.items():
        if not (waves and line.effect is Effect.RESTARTS and (province, application) in change.released):
            yield radius
