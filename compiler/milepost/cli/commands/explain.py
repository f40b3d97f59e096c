"""``milepost explain``."""

from __future__ import annotations

import re
from pathlib import Path

import click

from milepost.cli import console, exits


@click.command()
@click.argument("name")
@click.argument("spec", type=click.Path(path_type=Path), default=Path("fleet-spec"), required=False)
@console.province_option
def command(name: str, spec: Path, provinces: tuple[str, ...]) -> int:
    """Say why something is as it is, back to the lines of the spec.

    NAME is a station, a node, a station group, an object (Kind/name or Kind/namespace/name), a path of the rendered
    tree, a line (PATH:LINE) of it or of the spec, or the code of a diagnostic.
    """
    if re.fullmatch(r"MP[0-9]{4}", name, re.IGNORECASE):
        return _explain_code(name.upper())
    return _explain_name(name, console.existing(spec), provinces)


def _explain_code(name: str) -> int:
    from milepost.diagnostic_codes import codes
    from milepost.diagnostics import did_you_mean

    code = codes().get(name)
    if code is None:
        raise click.UsageError(f"there is no code {name}; {did_you_mean(name, codes()) or ''}".rstrip("; "))
    click.echo(f"{code.id} ({code.severity}): {code.title}\n\n{code.explanation}\n\nFor example:\n")
    click.echo("".join(f"    {line}\n" for line in code.example.splitlines()), nl=False)
    return exits.FINE


def _explain_name(name: str, spec: Path, provinces: tuple[str, ...]) -> int:
    from milepost import pipeline
    from milepost.diagnostics import Sink
    from milepost.explain import explain

    sink = Sink()
    shared = pipeline.read(spec, sink)
    asked = name.removeprefix(f"{spec.as_posix()}/")
    found = False
    for province in () if shared is None else pipeline.choose(shared, provinces):
        assert shared is not None
        compiled = pipeline.compile_province(shared, province, sink)
        for answer in [] if compiled is None else explain(compiled, asked):
            found = True
            place = f"  {(spec / answer.span.path).as_posix()}:{answer.span.line}" if answer.span else ""
            click.echo(f"{'  ' * answer.depth}{answer.text}{place}")
    if sink.failed:
        console.show(sink, spec, "text")
        return exits.SPEC_WRONG
    if not found:
        if re.fullmatch(r".+:[1-9][0-9]*", name):
            raise click.UsageError(f'nothing stands at "{name}", and nothing is rendered because of it')
        raise click.UsageError(f'nothing is named "{name}"')
    return exits.FINE
