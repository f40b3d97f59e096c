"""``milepost simulate reconnect``: all nodes of a province or a section come back at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from milepost.cli import console, exits

if TYPE_CHECKING:
    from milepost.diagnostics import Sink
    from milepost.pipeline import SharedSpec


@click.group()
def command() -> None:
    """Play what happens in the fleet over time."""


@command.command()
@console.spec_argument
@click.option(
    "--cut",
    metavar="NAME",
    help="The province or section that was cut off; may be left out where there is one province.",
)
@click.option(
    "--for", "length", metavar="DURATION", default="2h", show_default=True, help="How long it was cut off."
)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
def reconnect(spec: Path, cut: str | None, length: str, form: str) -> int:
    """Play the return of nodes after a cut: tries, handshakes, queue, and when the last node is Ready.

    The last line is what the spec can adopt. Assumed is that all nodes notice the cut in the same moment, and that a try
    while it lasts fails at once.
    """
    from milepost import pipeline
    from milepost.diagnostics import Sink
    from milepost.model.duration import seconds
    from milepost.simulate.reconnect_report import NoCloudCoreError, as_json, as_text, reconnect_report

    try:
        lasted = seconds(length)
    except ValueError as error:
        raise click.UsageError(f"--for: {error}") from None
    sink = Sink()
    shared = pipeline.read(spec, sink)
    if shared is not None:
        province, section = _place(shared, cut)
        plan = pipeline.plan_province(shared, province, sink)
        if plan is not None:
            try:
                report = reconnect_report(plan, section, lasted)
            except NoCloudCoreError as error:
                raise click.ClickException(str(error)) from None
            text = json.dumps(as_json(report), indent=2) + "\n" if form == "json" else as_text(report)
            click.echo(text, nl=False)
    return _told(sink, spec)


def _told(sink: Sink, spec: Path) -> int:
    console.show(sink, spec, "text")
    return exits.SPEC_WRONG if sink.failed else exits.FINE


def _place(shared: SharedSpec, name: str | None) -> tuple[str, str | None]:
    """Province, and section if it is one."""
    sections = {
        group: province for province in shared.provinces for group in shared.spec.groups_of.get(province, ())
    }
    if name is None and len(shared.provinces) == 1:
        return shared.provinces[0], None
    if name is None:
        raise click.UsageError(
            f"say what was cut off with --cut: {', '.join(shared.provinces)}, or a section"
        )
    if name in shared.provinces:
        return name, None
    if name not in sections:
        from milepost.diagnostics import did_you_mean

        near = did_you_mean(name, [*shared.provinces, *sections]) or ""
        raise click.UsageError(f"there is no province and no section {name} {near}".strip())
    return sections[name], name
