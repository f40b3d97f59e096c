"""``milepost what-if``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from milepost.cli import console, exits

if TYPE_CHECKING:
    from milepost.pipeline import SharedSpec
    from milepost.plan.availability.lost_nodes import StationLoss


@click.command()
@console.spec_argument
@click.option(
    "--lose",
    "nodes",
    metavar="NODE",
    multiple=True,
    required=True,
    help="A node, or a station: all of its nodes.",
)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
def command(spec: Path, nodes: tuple[str, ...], form: str) -> int:
    """Say what still runs at their stations when nodes are lost. Nothing is written.

    Counted in the worst case: of instances that may stand on several nodes, as many as possible stood on the lost ones.
    What a component names is evidence that it needs it, and no proof.
    """
    from milepost import pipeline
    from milepost.diagnostics import Sink
    from milepost.plan.availability.lost_nodes import station_losses

    sink = Sink()
    shared = pipeline.read(spec, sink)
    found: list[StationLoss] = []
    wanted = set(nodes)
    for province in _provinces(shared, nodes) if shared is not None else ():
        assert shared is not None
        plan = pipeline.plan_province(shared, province, sink)
        if plan is not None:
            stations = [s for group in plan.fleet.province.groups for s in group.stations]
            every = {n.name for s in stations if s.name in wanted for n in s.nodes} | wanted
            found += station_losses(plan, every)
    named = {name for loss in found for name in (loss.station.name, *loss.lost)}
    if shared is not None and not sink.failed and (unknown := sorted(wanted - named)):
        raise click.UsageError(f'there is no node and no station "{unknown[0]}" in {spec.as_posix()}')
    if form == "json":
        click.echo(json.dumps([_as_json(loss) for loss in found], indent=2, ensure_ascii=False))
    else:
        click.echo("".join(f"{line}\n" for loss in found for line in _lines(loss)), nl=False)
    console.show(sink, spec, "text")
    return exits.SPEC_WRONG if sink.failed else exits.FINE


def _provinces(shared: SharedSpec, names: tuple[str, ...]) -> list[str]:
    """Those in whose files one of the names stands: planning all of a country for one node would take minutes."""
    found = []
    for name, parsed in shared.spec.provinces.items():
        paths = {*parsed.model.spec.stations, *parsed.model.spec.nodes}
        texts = [(shared.root / path).read_bytes() for path in paths if (shared.root / path).is_file()]
        if any(wanted.encode() in text for wanted in names for text in texts):
            found.append(name)
    return found


def _lines(loss: StationLoss) -> list[str]:
    lines = [f"{loss.station.name} without {', '.join(loss.lost)}"]
    for (application, component), outcome in loss.components.items():
        if outcome.left == outcome.instances and not outcome.without:
            continue
        state = f"{outcome.left} of {outcome.instances} instances left"
        lines.append(f"  {application}/{component}: {'stops' if outcome.stops else state}")
        if not outcome.stops:
            lines += [f"    without {'/'.join(d.on)}: {d.reason.cited}" for d in outcome.without]
    lines += [
        f"  address {name}: " + (f"moves to {node}" if node else "leads nowhere")
        for name, node in loss.addresses
    ]
    return lines if len(lines) > 1 else [*lines, "  everything goes on as it is"]


def _as_json(loss: StationLoss) -> dict[str, Any]:
    return {
        "station": loss.station.name,
        "lost": list(loss.lost),
        "components": [
            {
                "application": application,
                "component": component,
                "instances": outcome.instances,
                "left": outcome.left,
                "without": [
                    {"component": "/".join(d.on), "because": d.reason.words} for d in outcome.without
                ],
            }
            for (application, component), outcome in loss.components.items()
        ],
        "addresses": [{"name": name, "movesTo": node} for name, node in loss.addresses],
    }
