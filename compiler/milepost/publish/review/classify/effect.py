"""Effects: what a change does to a running cluster, how bad that is, and what a revert gives back."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class _Facts(NamedTuple):
    severity: int
    word: str
    undo: str


class Effect(Enum):
    """The effect of a change on a cluster.

    ``severity`` ranks; ``word`` is what the cluster does; ``undo`` says what a revert gives back.
    """

    DELETES_STATE = _Facts(
        100, "deletes state", "a revert starts it anew and empty, unless its data is on the host"
    )
    HIDES_DATA = _Facts(
        98, "starts on other data", "a revert goes back to the old data, without what was written meanwhile"
    )
    REDIRECTS = _Facts(
        96, "changes who delivers what", "a cluster that follows another source does not see a revert here"
    )
    PRIVILEGE = _Facts(94, "raises privilege", "a revert takes it back, not what was done with it")
    DELETES = _Facts(90, "stops pods", "a revert starts them again")
    ORPHANS = _Facts(85, "leaves running, unmanaged", "a revert manages it again")
    RACES = _Facts(80, "moves between units", "a revert runs the same race back")
    REPULLS = _Facts(75, "pulls other bytes behind the same tag", "a revert pulls the old ones again")
    RECREATES = _Facts(70, "recreates", "a revert recreates once more")
    UNKNOWN = _Facts(
        68, "has an effect that Milepost does not know", "nobody can say what a revert gives back"
    )
    EVICTS = _Facts(60, "moves pods to other nodes", "a revert moves them back")
    CUTS = _Facts(58, "opens or cuts traffic", "a revert takes it back")
    OPENS = _Facts(56, "changes who may do what", "a revert takes it back")
    WEAKENS = _Facts(54, "makes less available", "a revert takes it back")
    RESTARTS = _Facts(50, "restarts pods", "a revert restarts them once more")
    SYNCS = _Facts(35, "changes how the tree is applied", "a revert takes it back")
    RUNS = _Facts(25, "runs a job", "what the job did stays")
    CREATES = _Facts(20, "creates", "a revert removes it")
    CONFIGURES = _Facts(10, "changes configuration", "a revert takes it back")
    FOLLOWS = _Facts(0, "changes nothing that runs", "a revert takes it back")

    @property
    def severity(self) -> int:
        return self.value.severity

    @property
    def word(self) -> str:
        return self.value.word

    @property
    def undo(self) -> str:
        return self.value.undo


RESTARTING = frozenset(
    {Effect.HIDES_DATA, Effect.REPULLS, Effect.EVICTS, Effect.WEAKENS, Effect.RESTARTS, Effect.PRIVILEGE}
)
"""Effects of fields of a pod template, all of which restart its pods as well."""


def worst(effects: list[Effect]) -> Effect:
    """The one of the highest severity; FOLLOWS of none."""
    return max(effects, key=lambda effect: effect.severity, default=Effect.FOLLOWS)
