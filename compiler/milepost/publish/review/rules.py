"""The fleet's guards and acknowledgements, as the guards of a review take them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from milepost.model.origin import At
from milepost.model.spec import Fleet
from milepost.model.spec.guards import Guards
from milepost.model.written import Written


@dataclass(frozen=True, slots=True)
class Rules:
    """The fleet's guards; ``removes`` and ``allows`` are what was acknowledged, with the reason."""

    guards: Guards = field(default_factory=Guards)
    removes: Mapping[str, str] = field(default_factory=dict)
    allows: Mapping[str, str] = field(default_factory=dict)
    now: datetime | None = None
    at: At | None = None

    def acknowledged(self, path: str) -> str | None:
        """The reason why a path may go: its own, or that of a folder above it."""
        while path and path not in self.removes:
            path = path.rpartition("/")[0]
        return self.removes.get(path)


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
