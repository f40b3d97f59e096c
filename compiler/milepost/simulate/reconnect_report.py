"""The reconnect report of one province: nodes of a plan played through their return, with the closed form beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from milepost.model.duration import span
from milepost.model.edge_nodes import edge_nodes, heartbeat
from milepost.model.edge_settings import ReconnectSettings
from milepost.model.plan import Plan
from milepost.model.record import by_value
from milepost.plan.edge.cloudcore_size import ACCEPTED_BY_CORE, accepted
from milepost.plan.edge.line_timeouts import handshake_seconds
from milepost.plan.edge.province_return import bound_of
from milepost.plan.edge.reconnect import (
    READY,
    ReturnBound,
    admitted,
    busiest_second,
    enough_rate,
    fixed_wait,
    longest_queue,
    next_try,
)
from milepost.simulate.reconnect_events import ReturningNode, Storm, StormFigures, play

_BAR = 50
_ROWS = 30
"""Rows of the picture at most, and characters of its longest bar."""


class NoCloudCoreError(ValueError):
    """The province does not say how its nodes are reached."""


@by_value
class ReconnectReport:
    """One return. ``expected`` is the closed form's time for this cut, ``bound`` that for any."""

    province: str
    section: str | None
    nodes: int
    storm: Storm
    figures: StormFigures
    expected: float | None
    """None where somebody gives up in the queue, or chance decides: then only the events can tell."""
    bound: ReturnBound
    tried_at_once: int
    recommended: dict[str, Any]


def reconnect_report(plan: Plan, section: str | None, cut: int) -> ReconnectReport:
    """Raises NoCloudCoreError for a province without ``cloudcore``."""
    province, sizing = plan.fleet.province, plan.sizing
    if province.cloudcore is None or sizing is None:
        raise NoCloudCoreError(
            f"province {province.name} has no cloudcore, so nobody knows how its nodes come back"
        )
    cores = max(1, sizing.cloudcore.cpu * province.cluster.cloudcore_replicas // 1000)
    fixed = fixed_wait(province.cluster.kubeedge)
    storm = Storm(cut, sizing.rate, cores, 1 / ACCEPTED_BY_CORE, fixed)
    reconnect = province.cloudcore.reconnect
    nodes = list(_nodes(plan, reconnect, section))
    bound = bound_of(plan.fleet, plan.routes, sizing)
    arrivals = sorted(next_try(node.heartbeat, cut) for node in nodes) if fixed else []
    slowest = max((node.handshake for node in nodes), default=0.0)
    patient = longest_queue(arrivals, storm.rate) + slowest + storm.work <= bound.patience
    return ReconnectReport(
        province.name,
        section,
        len(nodes),
        storm,
        play(nodes, storm),
        admitted(arrivals, storm.rate) + storm.work + slowest + READY if fixed and patient else None,
        bound,
        busiest_second(arrivals),
        _recommended(reconnect, sizing.node_limit, bound),
    )


def _nodes(plan: Plan, reconnect: ReconnectSettings, section: str | None) -> Iterator[ReturningNode]:
    for node, station in edge_nodes(plan.fleet.province):
        if section is None or station.group == section:
            assert node.access is not None
            way = plan.routes.by_access[node.access.name]
            every = heartbeat(node.name, station.group, reconnect.least, reconnect.most)
            yield ReturningNode(node.name, every, handshake_seconds(way.access), way.timeouts.handshake)


def _recommended(reconnect: ReconnectSettings, limit: int, bound: ReturnBound) -> dict[str, Any]:
    """What the spec can adopt: the lowest rate with which nobody gives up, and the CloudCores that take it."""
    rate = enough_rate(bound, reconnect.within) or enough_rate(bound, None) or bound.rate
    replicas = max(1, -(-rate // accepted(limit, 1)))
    return {
        "rate": max(rate, accepted(limit, replicas)),
        "replicas": replicas,
        "heartbeat": {"least": reconnect.least, "most": max(reconnect.most, reconnect.least + 9)},
    }


def as_json(report: ReconnectReport) -> dict[str, Any]:
    """Plain data; times in seconds."""
    figures = report.figures
    return {
        "province": report.province,
        "section": report.section,
        "nodes": report.nodes,
        "cut": report.storm.cut,
        "rate": report.storm.rate,
        "lastReady": round(figures.last, 1),
        "expected": None if report.expected is None else round(report.expected, 1),
        "worst": round(report.bound.total, 1) if report.bound.patient else None,
        "triesInBusiestSecond": max(figures.tried.values(), default=0),
        "handshakesInBusiestSecond": max(figures.let_in.values(), default=0),
        "longestQueue": max(figures.queued.values(), default=0),
        "gaveUp": figures.given_up,
        "tries": [figures.tried[second] for second in range(int(figures.last) + 1)],
        "recommended": report.recommended,
    }


def as_text(report: ReconnectReport) -> str:
    """Figures, a picture, and one line for the spec."""
    found = as_json(report)
    whom = f"section {report.section}" if report.section else f"province {report.province}"
    expected = (
        "chance decides" if found["expected"] is None else f"{found['expected']:g} s by the closed form"
    )
    worst = (
        "not bounded: nodes give up in the queue"
        if found["worst"] is None
        else f"{span(found['worst'])} after any cut"
    )
    best = found["recommended"]
    beats = f"{{least: {best['heartbeat']['least']}, most: {best['heartbeat']['most']}}}"
    tried, let_in = found["triesInBusiestSecond"], found["handshakesInBusiestSecond"]
    lines = [
        f"{whom}: {report.nodes} nodes come back after {span(report.storm.cut)}",
        f"  last node Ready  {found['lastReady']:g} s ({expected}; {worst})",
        f"  busiest second   {tried} tries at the proxy; {let_in} let in, of {report.storm.rate} that may be",
        f"  longest queue    {found['longestQueue']} connections, {found['gaveUp']} gave up",
        "",
        *_picture(found["tries"]),
        "",
        f"  reconnect: {{heartbeat: {beats}, rate: {best['rate']}}}  # with cloudcoreReplicas: {best['replicas']}",
    ]
    return "\n".join(lines) + "\n"


def _picture(tries: list[int]) -> Iterator[str]:
    """Tries over time: a bar for every so many seconds."""
    step = max(1, -(-len(tries) // _ROWS))
    rows = [(start, max(tries[start : start + step])) for start in range(0, len(tries), step)]
    most = max((count for _, count in rows), default=0) or 1
    while rows and rows[-1][1] == 0:
        rows.pop()
    for start, count in rows:
        yield f"  {start:>5} s {'#' * -(-count * _BAR // most):<{_BAR}} {count} tries/s".rstrip()
