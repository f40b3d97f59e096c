"""The fleet's guards and acknowledgements, as the guards of a review take them."""

from __future__ import annotations

from datetime import UTC, datetime

from milepost.model.spec import Fleet
from milepost.model.written import Written
from milepost.publish.review.guards import Rules


def rules(fleet: Written[Fleet] | None, now: datetime | None) -> Rules:
    """Those of a fleet that says nothing where there is none."""
    if fleet is None:
        return Rules(now=now)
    spec = fleet.model.spec
    return Rules(
        spec.guards,
        {entry.removes.strip("/"): entry.reason for entry in spec.acknowledge if entry.removes is not None},
        {entry.allows: entry.reason for entry in spec.acknowledge if entry.allows is not None},
        now,
        fleet.at,
    )


def moment_of(text: str) -> datetime:
    """A time in ISO 8601; one without a distance to UTC is UTC's. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
