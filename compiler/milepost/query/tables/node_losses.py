"""The table ``node_losses``."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.pipeline import Compiled
from milepost.plan.availability.node_loss import all_loss_counts
from milepost.query.column import PROVINCE, QueryColumn

MEANING = "What becomes of a component when any so many nodes of a station are lost, in the worst case."
COLUMNS = (
    PROVINCE,
    QueryColumn("application", "VARCHAR", "The application."),
    QueryColumn("component", "VARCHAR", "The component."),
    QueryColumn("lost_nodes", "BIGINT", "Nodes of a station that are lost: 1 or 2."),
    QueryColumn("stations", "BIGINT", "Stations where it runs and that have more nodes than that."),
    QueryColumn("stops", "BIGINT", "Of these, stations where no instance may be left."),
    QueryColumn(
        "without", "VARCHAR", "A component of the station that it names and that may be gone while it runs."
    ),
    QueryColumn("without_at", "BIGINT", "Stations where that may be."),
    QueryColumn("because", "VARCHAR", "The text that names it."),
)


def rows(compiled: Compiled) -> Iterator[tuple[str | int | None, ...]]:
    plan = compiled.plan
    for lost, counts in all_loss_counts(plan):
        for (application, component), count in counts.items():
            head = (plan.fleet.province.name, application, component, lost, count.stations, count.stops)
            if not count.without:
                yield (*head, None, None, None)
            for on, (stations, dependency) in sorted(count.without.items()):
                yield (*head, "/".join(on), stations, dependency.reason.words)
