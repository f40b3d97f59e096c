"""``milepost schema``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from milepost.cli import console, exits


@click.command()
@click.argument("kind", required=False)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write every schema into this folder instead, one file each.",
)
@click.option(
    "--fleet",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A fleet spec, whose `valuesSchema` says what may stand in `values`.",
)
def command(kind: str | None, output: Path | None, fleet: Path | None) -> int:
    """Print the JSON Schema of a KIND of document, for editors.

    Without KIND, of a document of any kind. Inventory written as YAML has schemas too: `stations` and `nodes`.
    """
    from milepost import spec_schema

    text = spec_schema.text if fleet is None else _of_fleet(fleet)
    if text is None:
        return exits.SPEC_WRONG
    if output is not None:
        return _write(output, (kind.lower(),) if kind else spec_schema.names(), text)
    click.echo(_text((kind or spec_schema.ANY).lower(), text), nl=False)
    return exits.FINE


def _of_fleet(root: Path) -> Callable[[str], str] | None:
    """The text of a schema by name; None where the spec is wrong, which was said."""
    from functools import partial

    from milepost import fleet_schema, pipeline
    from milepost.diagnostics import Sink

    sink = Sink()
    shared = pipeline.read(root, sink)
    if shared is None:
        console.show(sink, root, "text")
        return None
    return partial(fleet_schema.text, spec=shared.spec)


def _write(output: Path, names: tuple[str, ...], text: Callable[[str], str]) -> int:
    from milepost.staging import replace_file

    texts = {name: _text(name, text) for name in names}
    output.mkdir(parents=True, exist_ok=True)
    for name, body in texts.items():
        replace_file(output / f"{name}.json", body.encode())
        click.echo((output / f"{name}.json").as_posix())
    return exits.FINE


def _text(name: str, text: Callable[[str], str]) -> str:
    from milepost import spec_schema
    from milepost.diagnostics import did_you_mean

    try:
        return text(name)
    except KeyError:
        hint = did_you_mean(name, spec_schema.names()) or f"known: {', '.join(spec_schema.names())}"
        raise click.UsageError(f'there is no kind "{name}"; {hint}') from None
