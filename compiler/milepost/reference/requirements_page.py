"""The page of requirements, ``docs/reference/requirements.md``, from the table that ``milepost plan`` and the index use."""

from __future__ import annotations

from milepost.model.delivery import names
from milepost.model.delivery.base import engine
from milepost.model.requirements import REQUIREMENTS, Where
from milepost.model.versions import kubeedge, kubernetes
from milepost.reference import markdown_text

_HEAD = f"""{markdown_text.GENERATED}
# What a cluster must have

A rendered tree brings along what it can. The rest must be there before: `milepost plan` lists what the fleet at hand
needs, with the place of the spec that needs it, and `requires` in each `milepost.json` says it to programs.
"""
_HOLES = """
A release of KubeEdge with a known hole is refused until `acknowledgedVulnerabilities` names it
([MP2081](../diagnostics/MP2081.md)); another pair of versions is a warning ([MP2083](../diagnostics/MP2083.md)).
"""

_ENDS = """
`milepost validate --on DATE` warns of provinces whose Kubernetes gets none any more on that day
([MP2084](../diagnostics/MP2084.md)), and `milepost diff` says so of an upgrade, by the date of the change.
"""


def page() -> str:
    """Versions, then a section for each place in which something must be."""
    return _HEAD + _versions() + "".join(map(_section, Where))


def _versions() -> str:
    rows = [
        (minor, ", ".join(made_for), _holes(minor)) for minor, made_for in sorted(kubeedge.MADE_FOR.items())
    ]
    ends = [(minor, str(day)) for minor, day in kubernetes.END_OF_LIFE.items()]
    agents = [(name, engine(name).REQUIRES) for name in names()]
    return (
        "\n## Versions\n\n"
        + markdown_text.table(("KubeEdge", "is made for Kubernetes", "known holes"), rows)
        + _HOLES
        + "\n"
        + markdown_text.table(("Kubernetes", "gets fixes until"), ends)
        + _ENDS
        + "\n"
        + markdown_text.table(("delivery engine", "version"), agents)
    )


def _holes(minor: str) -> str:
    found = [
        f"{hole.name}, " + (f"fixed in {minor}.{hole.fixed[minor]}" if minor in hole.fixed else "not fixed")
        for hole in kubeedge.VULNERABILITIES
        if hole.affects(f"{minor}.0")
    ]
    return "; ".join(found)


def _section(where: Where) -> str:
    rows = [
        (row.name, markdown_text.code(row.wanted) if ":" in row.wanted else row.wanted, row.when, row.without)
        for row in REQUIREMENTS
        if row.where is where
    ]
    title = f"{where.value[0].upper()}{where.value[1:]}"
    return f"\n## {title}\n\n" + markdown_text.table(
        ("what", "version or setting", "needed by", "without it"), rows
    )
