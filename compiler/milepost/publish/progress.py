"""Release progress, as text, JSON or Markdown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from milepost.model.fleet import Release
from milepost.model.release_steps import NoReleaseStepError, advance


def render(releases: Sequence[Release], form: str) -> str:
    """``form`` is ``text``, ``json`` or ``markdown``."""
    found = [_of(release) for release in releases]
    if form == "json":
        return json.dumps({"releases": found}, indent=2, ensure_ascii=False) + "\n"
    write = _markdown if form == "markdown" else _text
    return "\n".join(write(release) for release in found) if found else "no release is under way\n"


def _of(release: Release) -> dict[str, Any]:
    try:
        following = advance(release).said
    except NoReleaseStepError as done:
        # That no step is left is an answer here, not a fault.
        following = str(done)
    return {
        "name": release.name,
        "application": release.application,
        "from": release.start,
        "to": release.to,
        "rollback": release.rollback,
        "withoutPrepull": release.without_prepull,
        "waves": [
            {"name": wave.name, "state": release.state(number), "groups": sorted(wave.groups)}
            for number, wave in enumerate(release.waves)
        ],
        "next": following,
    }


def _head(release: dict[str, Any]) -> str:
    back = ", a rollback" if release["rollback"] else ""
    return f"{release['name']}: {release['application']} {release['from']} -> {release['to']}{back}"


def _text(release: dict[str, Any]) -> str:
    width = max(len(wave["name"]) for wave in release["waves"])
    lines = [_head(release)]
    for wave in release["waves"]:
        lines.append(f"  {wave['name']:<{width}}  {wave['state']:<10}  {_groups(wave)}")
    return "\n".join([*lines, f"  next: {release['next']}", ""])


def _markdown(release: dict[str, Any]) -> str:
    rows = [f"| {wave['name']} | {wave['state']} | {_groups(wave)} |" for wave in release["waves"]]
    head = ["| wave | state | station groups |", "|---|---|---|"]
    return "\n".join([f"**{_head(release)}**", "", *head, *rows, "", f"Next: {release['next']}", ""])


def _groups(wave: dict[str, Any]) -> str:
    groups = wave["groups"]
    named = ", ".join(groups) if len(groups) <= 4 else f"{', '.join(groups[:3])} and {len(groups) - 3} more"
    return f"{len(groups)} station groups: {named}" if len(groups) > 1 else f"1 station group: {named}"
