"""Rollout texts: what the waves of releases move in each province, as text, JSON or Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from milepost.model.cluster_cost import ClusterCost
from milepost.model.duration import span
from milepost.model.edge_traffic import StepObjects
from milepost.model.plan import Plan
from milepost.model.record import by_value
from milepost.model.rollout import Gate, Interruption, LineLoad, PullStage, WavePull
from milepost.publish import loss_text
from milepost.publish.cost_text import cost_lines, cost_rows, cost_table
from milepost.publish.loss_text import loss_lines
from milepost.publish.requirement_text import requirement, requirement_lines, requirement_table, together
from milepost.publish.review.show.words import counted

_STAGES = {
    "province": "province mirror",
    "station-group": "section mirrors",
    "station": "station mirrors",
    "": "all nodes",
}


@by_value
class ProvinceRollout:
    """What the waves move in one province; plain data, so that any process may have planned it."""

    waves: tuple[tuple[int, dict[str, Any]], ...]
    """With the number of each in its release."""
    interruptions: tuple[dict[str, Any], ...]
    requirements: tuple[dict[str, Any], ...]
    """What the province's cluster and nodes must have."""
    costs: tuple[dict[str, Any], ...] = ()
    """What its tree costs the cluster."""
    losses: tuple[dict[str, Any], ...] = ()
    """What becomes of components when nodes are lost."""


def of_province(
    plan: Plan, cost: ClusterCost | None = None, losses: tuple[dict[str, Any], ...] = ()
) -> ProvinceRollout:
    """What is to be said of a plan."""
    name = plan.fleet.province.name
    steps, gates = plan.traffic.steps, plan.prepulls.gates
    waves = tuple(
        [
            (
                pull.number,
                _wave(name, pull, _waiting(pull, gates))
                | _objects(steps.get((pull.release.name, pull.number))),
            )
            for pull in plan.prepulls.waves
        ]
    )
    needs = tuple([requirement(name, need) for need in plan.requirements.needs])
    costs = () if cost is None else tuple(cost_rows(cost))
    away = tuple(map(_away, plan.interruptions.longest))
    return ProvinceRollout(waves, away, needs, costs, losses)


def render(provinces: Sequence[ProvinceRollout], form: str) -> str:
    """Several provinces together; ``form`` is ``text``, ``json`` or ``markdown``."""
    found = {
        "waves": _waves(provinces),
        "interruptions": _gaps(provinces),
        "losses": loss_text.together(row for province in provinces for row in province.losses),
        "requirements": together(need for province in provinces for need in province.requirements),
        "costs": [row for province in provinces for row in province.costs],
    }
    if form == "json":
        return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    return _markdown(found) if form == "markdown" else _text(found)


def _waves(provinces: Iterable[ProvinceRollout]) -> list[dict[str, Any]]:
    waves = [wave for province in provinces for wave in province.waves]
    waves.sort(key=lambda item: (item[1]["release"], item[0], item[1]["province"]))
    return [wave for _, wave in waves]


def _waiting(pull: WavePull, gates: Iterable[Gate]) -> list[str]:
    """The station groups of a wave whose part of the release waits for its pre-pull."""
    return [g.group for g in gates if g.application == pull.release.application and g.group in pull.groups]


def _wave(province: str, pull: WavePull, waiting: list[str]) -> dict[str, Any]:
    return {
        "release": pull.release.name,
        "application": pull.release.application,
        "from": pull.release.start,
        "to": pull.release.to,
        "wave": pull.wave.name,
        "state": pull.state,
        "province": province,
        "groups": list(pull.groups),
        "stations": pull.stations,
        "nodes": pull.nodes,
        "images": list(pull.images),
        "bytesPerNode": pull.most,
        "seconds": round(pull.seconds),
        "window": pull.window,
        "fits": pull.seconds <= pull.window,
        # JSON has no infinity, and `json.dumps` would write a word that no other reader takes.
        "disk": round(pull.fullest, 4) if pull.fullest != float("inf") else None,
        "stages": [_stage(stage) for stage in pull.stages],
        "waiting": waiting,
    }


def _objects(step: StepObjects | None) -> dict[str, Any]:
    """Nothing where the province does not say how its nodes are reached."""
    if step is None:
        return {}
    return {"objects": {"station": step.station, "bytes": step.most, "bytesOfAll": step.total}}


def _stage(stage: PullStage) -> dict[str, Any]:
    return {
        "name": _STAGES[stage.level],
        "unit": stage.unit or "with the workloads of each station group",
        "jobs": len(stage.jobs),
        "nodes": stage.nodes,
        "seconds": round(stage.seconds),
        "timeout": stage.timeout,
        "lines": [_load(load) for load in stage.loads],
    }


def _load(load: LineLoad) -> dict[str, Any]:
    return {
        "to": load.sort,
        "slowest": load.line,
        "bitsPerSecond": round(load.rate),
        "bytes": load.size,
        "seconds": round(load.seconds),
        "lines": load.lines,
        "bytesOfAll": load.total,
    }


def _away(interruption: Interruption) -> dict[str, Any]:
    return {
        "application": interruption.component.application,
        "component": interruption.component.name,
        "seconds": interruption.seconds,
        "limit": interruption.limit,
        "parts": dict(interruption.parts),
        "cut": interruption.cut,
    }


def _gaps(provinces: Iterable[ProvinceRollout]) -> list[dict[str, Any]]:
    longest: dict[tuple[str, str], dict[str, Any]] = {}
    for interruption in (interruption for province in provinces for interruption in province.interruptions):
        key = (interruption["application"], interruption["component"])
        if key not in longest or longest[key]["seconds"] < interruption["seconds"]:
            longest[key] = interruption
    return [longest[key] for key in sorted(longest)]


def _text(found: dict[str, Any]) -> str:
    lines: list[str] = []
    above = None
    for wave in found["waves"]:
        here = (wave["release"], wave["wave"])
        if here != above:
            lines += [
                f"{wave['release']}, wave {wave['wave']}: {wave['state']}",
                f"  {', '.join(wave['images'])}",
            ]
        above = here
        lines.append(f"  {wave['province']}: {_counts(wave)}; {_time(wave)}; {_disk(wave)}")
        lines += [f"    {_row(stage)}" for stage in wave["stages"]]
        if carried := wave.get("objects"):
            lines.append(
                f"    objects of the switch: {carried['bytes'] / 1000:.0f} kB over the line of {carried['station']}"
            )
        lines += [f"    {_waits(wave)}"] if wave["waiting"] else []
    if found["interruptions"]:
        lines.append("interruptions")
        lines += [f"  {_gap(interruption)}" for interruption in found["interruptions"]]
    lines = lines or ["no wave pulls anything"]
    lines += loss_lines(found["losses"])
    lines += [*requirement_lines(found["requirements"]), *cost_lines(found["costs"])]
    return "\n".join(lines) + "\n"


def _markdown(found: dict[str, Any]) -> str:
    lines = ["| release | wave | state | province | nodes | a node fetches | takes | window | disks |"]
    lines.append("|---|---|---|---|---:|---:|---:|---:|---:|")
    for wave in found["waves"]:
        cells = (
            wave["release"],
            wave["wave"],
            wave["state"],
            wave["province"],
            wave["nodes"],
            f"{_mb(wave['bytesPerNode'])} MB",
            span(wave["seconds"]) + ("" if wave["fits"] else " (**too long**)"),
            span(wave["window"]),
            _part(wave["disk"]),
        )
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    lines += ["", *(f"- {_gap(interruption)}" for interruption in found["interruptions"])]
    lines += [
        "",
        *(f"- {line}" if line[0] != " " else f"  - {line.strip()}" for line in loss_lines(found["losses"])),
    ]
    lines += ["", *requirement_table(found["requirements"]), "", *cost_table(found["costs"])]
    return "\n".join(lines).rstrip("\n") + "\n"


def _counts(wave: dict[str, Any]) -> str:
    numbers = (len(wave["groups"]), "station group"), (wave["stations"], "station"), (wave["nodes"], "node")
    said = ", ".join(counted(number, thing) for number, thing in numbers)
    return f"{said}, at most {_mb(wave['bytesPerNode'])} MB a node"


def _waits(wave: dict[str, Any]) -> str:
    last = wave["stages"][-1]["unit"].removeprefix("prepull/")
    groups = counted(len(wave["waiting"]), "station group")
    return f"{wave['application']} of {groups} waits for pre-pull {last} before it switches"


def _time(wave: dict[str, Any]) -> str:
    over = "" if wave["fits"] else ", too long"
    return f"{span(wave['seconds'])} of {span(wave['window'])}{over}"


def _disk(wave: dict[str, Any]) -> str:
    return f"images fill {_part(wave['disk'])} of their room on a disk at most"


def _part(disk: float | None) -> str:
    return "more than all" if disk is None else f"{disk:.0%}"


def _row(stage: dict[str, Any]) -> str:
    name = f"{stage['name']:<16} {stage['nodes']:>5} nodes  {span(stage['seconds']):>6}"
    if not stage["lines"]:
        return name
    slowest = stage["lines"][0]
    rate = f"{slowest['bitsPerSecond'] / 1e6:g} Mbit/s"
    return f"{name}  {slowest['slowest']}: {_mb(slowest['bytes'])} MB at {rate}"


def _gap(interruption: dict[str, Any]) -> str:
    told = " + ".join(f"{name} {length:g} s" for name, length in interruption["parts"].items())
    return (
        f"{interruption['application']}/{interruption['component']}: {interruption['seconds']:g} s of {interruption['limit']} s"
        + (f": {told}" if told else ", another pod serves meanwhile")
        + (
            ""
            if interruption["cut"] is None
            else f"; if its line is cut meanwhile, until it is back (up to {span(interruption['cut'])})"
        )
    )


def _mb(size: float) -> int:
    return -int(-size // 1_000_000)
