"""Requirement texts: what clusters and nodes must have, why, and what does not work without it, for ``milepost plan``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from milepost.model.requirements import Need

_MOST = 1
"""Reasons that a text shows; JSON has all."""


def requirement(province: str, need: Need) -> dict[str, Any]:
    """Plain data of one province's need; places of the spec are looked up here."""
    row = need.requirement
    return {
        "name": row.name,
        "where": row.where.value,
        "wanted": need.wanted,
        "without": row.without,
        "provinces": [province],
        "reasons": [
            {"reason": reason.words, "place": str(reason.origin.span) if reason.origin else None}
            for reason in need.reasons
        ],
    }


def together(needs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The requirements of several provinces; what they have in common is listed once."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for need in needs:
        same = found.setdefault((need["name"], need["wanted"]), need | {"provinces": [], "reasons": []})
        same["provinces"] += need["provinces"]
        same["reasons"] += [reason for reason in need["reasons"] if reason not in same["reasons"]]
    return list(found.values())


def requirement_lines(needs: Sequence[dict[str, Any]]) -> Iterator[str]:
    """As text, two lines each."""
    if needs:
        yield "clusters must have"
    for need in needs:
        yield f"  {need['name']} ({need['where']} of {', '.join(need['provinces'])}): {need['wanted']}"
        yield f"    {_why(need)}; without it {need['without']}"


def requirement_table(needs: Sequence[dict[str, Any]]) -> Iterator[str]:
    """As a table of Markdown."""
    yield "| must have | where | provinces | why | without it |"
    yield "|---|---|---|---|---|"
    for need in needs:
        cells = (f"{need['name']}: {need['wanted']}", need["where"], ", ".join(need["provinces"]))
        yield "| " + " | ".join((*cells, _why(need), need["without"])) + " |"


def _why(need: dict[str, Any]) -> str:
    told = [
        each["reason"] + (f" ({each['place']})" if each["place"] else "") for each in need["reasons"][:_MOST]
    ]
    more = len(need["reasons"]) - len(told)
    return "; ".join(told) + (f" and {more} more" if more else "")
