"""Explanation of a name: finds what it means in one compiled province."""

from __future__ import annotations

import re
from collections.abc import Iterator

from milepost.diagnostics import Span
from milepost.explain.explain_line import explain_line
from milepost.explain.explain_object import find_objects
from milepost.explain.explain_place import explain_group, explain_node, explain_station
from milepost.model.record import by_value
from milepost.pipeline import Compiled


@by_value
class ExplanationLine:
    """One line of an answer: what is so, and the place that says so."""

    text: str
    span: Span | None = None
    depth: int = 0


def explain(compiled: Compiled, name: str) -> list[ExplanationLine]:
    """Everything that ``name`` means in the province: station, node, station group, object; nothing if unknown.

    Objects are named ``Kind/name`` or ``Kind/namespace/name``; a path of the rendered tree means all its objects, and
    ``path:line``, in the tree or in the spec, what stands there or is rendered because of it.
    """
    return [ExplanationLine(text, span, depth) for text, span, depth in _lines(compiled, name)]


def _lines(compiled: Compiled, name: str) -> Iterator[tuple[str, Span | None, int]]:
    plan = compiled.plan
    path = _in_tree(name, plan.fleet.province.name)
    # The last colon, since a path may hold others; nothing else that has a name in a fleet ends
    # in a colon and a number.
    if place := re.fullmatch(r"(.+):([1-9][0-9]*)", name):
        tree = _in_tree(place[1], plan.fleet.province.name)
        yield from explain_line(compiled, place[1], tree, int(place[2]))
        return
    for group in plan.fleet.province.groups:
        if group.name == name:
            yield from explain_group(plan, group)
        for station in group.stations:
            if station.name == name:
                yield from explain_station(plan, station)
            for node in station.nodes:
                if node.name == name:
                    yield from explain_node(plan, station, node)
    yield from find_objects(compiled, path)


def _in_tree(path: str, province: str) -> str:
    """A path as below the province's folder, wherever it was said to begin."""
    return path.partition(f"/{province}/")[2] or path.removeprefix(f"{province}/")
