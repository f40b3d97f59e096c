"""Guard rules: the fleet's guards, policies and acknowledgements, as a review takes them; those of the base beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import UTC, datetime

from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedDocument
from milepost.model.record import by_value
from milepost.model.spec import FleetDocument, PolicyDocument
from milepost.model.spec.guard_settings import Guards
from milepost.model.spec.policy import KnownSecret, PolicySpec


@by_value
class GuardRules:
    """The guard rules of a review.

    The fleet's guards; ``removes`` and ``allows`` are what was acknowledged, with the reason, ``acknowledged_by`` the team
    that did so where one is named. ``owners`` own the fleet, or are asked about changes of it. ``base`` are the rules that
    held before the change, with the acknowledgements of the change.
    """

    guards: Guards = field(default_factory=Guards)
    removes: Mapping[str, str] = field(default_factory=dict)
    allows: Mapping[str, str] = field(default_factory=dict)
    now: datetime | None = None
    at: DocumentOrigin | None = None
    known_secrets: tuple[tuple[KnownSecret, DocumentOrigin], ...] = ()
    policies: Mapping[str, PolicySpec] = field(default_factory=dict)
    acknowledged_by: Mapping[str, str] = field(default_factory=dict)
    owners: tuple[str, ...] = ()
    base: GuardRules | None = None

    def acknowledged(self, path: str) -> str | None:
        """The reason why a path may go: its own, or that of a folder above it."""
        while path and path not in self.removes:
            path = path.rpartition("/")[0]
        return self.removes.get(path)


def rules(
    fleet: ParsedDocument[FleetDocument] | None,
    now: datetime | None,
    policies: Iterable[ParsedDocument[PolicyDocument]] = (),
) -> GuardRules:
    """The default guards where there is no Fleet."""
    if fleet is None:
        return GuardRules(now=now)
    every = list(policies)
    known = [
        (secret, policy.at.of("spec", "knownSecrets", index))
        for policy in every
        for index, secret in enumerate(policy.model.spec.known_secrets)
    ]
    spec = fleet.model.spec
    return GuardRules(
        spec.guards,
        {entry.removes.strip("/"): entry.reason for entry in spec.acknowledge if entry.removes is not None},
        {entry.allows: entry.reason for entry in spec.acknowledge if entry.allows is not None},
        now,
        fleet.at,
        tuple(known),
        {policy.name: policy.model.spec for policy in every},
        {entry.allows: entry.by for entry in spec.acknowledge if entry.allows and entry.by},
        tuple(dict.fromkeys((*spec.owners, *spec.approvers))),
    )


def moment_of(text: str) -> datetime:
    """A time in ISO 8601; one without a distance to UTC is UTC's. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
