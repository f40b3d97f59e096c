"""Shared wording of messages: how they count what they do not name."""

from __future__ import annotations


def and_more(others: int, thing: str) -> str:
    """`` and 2 more stations``; nothing where there are none."""
    return f" and {others} more {thing}{'' if others == 1 else 's'}" if others else ""
