"""``milepost schema``."""

from __future__ import annotations

from pathlib import Path

import click

from milepost.cli import exits


@click.command()
@click.argument("kind", required=False)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write every schema into this folder instead, one file each.",
)
def command(kind: str | None, output: Path | None) -> int:
    """Print the JSON Schema of a KIND of document, for editors.

    Without KIND, of a document of any kind. Inventory written as YAML has schemas too: `stations` and `nodes`.
    """
    from milepost import spec_schema

    if output is not None:
        return _write(output, (kind.lower(),) if kind else spec_schema.names())
    click.echo(_text((kind or spec_schema.ANY).lower()), nl=False)
    return exits.FINE


def _write(output: Path, names: tuple[str, ...]) -> int:
    texts = {name: _text(name) for name in names}
    output.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (output / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
        click.echo((output / f"{name}.json").as_posix())
    return exits.FINE


def _text(name: str) -> str:
    from milepost import spec_schema
    from milepost.diagnostics import did_you_mean

    try:
        return spec_schema.text(name)
    except KeyError:
        hint = did_you_mean(name, spec_schema.names()) or f"known: {', '.join(spec_schema.names())}"
        raise click.UsageError(f'there is no kind "{name}"; {hint}') from None
