"""Transitions: what may go wrong while a change is rolled out, between a state that holds and the next that does."""

from __future__ import annotations

from typing import NamedTuple


class WaitingPod(NamedTuple):
    """A pod that may wait for ever in some order of a rollout, at ``stations`` alike; named is the first of them."""

    province: str
    station: str
    stations: int
    node: str
    pods: tuple[str, ...]
    """Labels of the pods that may meet on the node; where a port is short, who wants it and who has it still."""
    short: str
    """``memory``, ``CPU``, or ``port 8080/TCP``."""
    asked: int = 0
    """Millicores, or bytes; nothing of a port."""
    free: int = 0
