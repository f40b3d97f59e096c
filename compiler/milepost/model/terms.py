"""Where pods and pulls may go, in Kubernetes' words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NodeTerms:
    """Labels that must be equal, and labels that must be in a list."""

    equal: tuple[tuple[str, str], ...] = ()
    within: tuple[tuple[str, tuple[str, ...]], ...] = ()
