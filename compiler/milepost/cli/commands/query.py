"""``milepost query``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from milepost.cli import console, exits

if TYPE_CHECKING:
    from milepost.query import QueryResult

_FORMS = ("table", "json", "csv", "parquet")


@click.command()
@click.argument("arguments", nargs=-1, metavar="[SPEC] SQL")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMS),
    default="table",
    show_default=True,
    help="Form of the answer.",
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Write it into this file."
)
@click.option(
    "--tables", "list_tables", is_flag=True, help="Say which tables and columns there are, and end."
)
@console.jobs_option
def command(
    arguments: tuple[str, ...], form: str, output: Path | None, list_tables: bool, jobs: int | None
) -> int:
    """Ask the compiled fleet a question in SQL (DuckDB's dialect).

    SPEC is the folder of the fleet spec, fleet-spec by default; SQL - is read from standard input. The first question
    compiles the fleet; later ones are answered at once until the spec changes.

    \b
    Which stations run an image on Arm behind less than 4 Mbit/s?
      SELECT province, station, component, tag, down
      FROM components JOIN links USING (province, station_group, station)
      WHERE image = 'gantry-core' AND list_contains(architectures, 'arm64') AND down < 4_000_000
    """
    if list_tables:
        return _list_tables()
    if not 1 <= len(arguments) <= 2:
        raise click.UsageError("say what to ask: milepost query [SPEC] SQL")
    if form == "parquet" and output is None:
        raise click.UsageError("parquet is not text; name a file with --output")
    spec = console.existing(Path(arguments[0] if len(arguments) == 2 else "fleet-spec"))
    sql = sys.stdin.read() if arguments[-1] == "-" else arguments[-1]
    from milepost import query

    try:
        return _answer(spec, sql, form, output, jobs)
    except (query.SqlError, query.DatabaseError) as error:
        raise click.ClickException(str(error)) from None
    except ModuleNotFoundError as error:
        # Any other missing module is a bug or a broken installation, which this advice would
        # hide.
        if error.name != "duckdb":
            raise
        raise click.ClickException("query needs DuckDB: pip install 'milepost[query]'") from None


def _answer(spec: Path, sql: str, form: str, output: Path | None, jobs: int | None) -> int:
    from milepost import query
    from milepost.diagnostics import Sink

    sink = Sink()
    with query.database(spec, sink, jobs) as database:
        if database is None:
            console.show(sink, spec, "text")
            return exits.SPEC_WRONG
        if form == "parquet":
            assert output is not None
            _say(query.write_parquet(database, sql, output))
        else:
            with query.ask(database, sql) as answer:
                _write(answer, form, output)
    return exits.FINE


def _write(answer: QueryResult, form: str, output: Path | None) -> None:
    from milepost.query import forms
    from milepost.staging import replacing

    pieces = forms.get(form).render(answer)
    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
    else:
        # Moved into place when complete: an error while rows are read must not leave half an
        # answer in the file.
        with replacing(output) as made, made.open("w", encoding="utf-8", newline="") as opened:
            opened.writelines(pieces)
    if form == "table" or output is not None:
        _say(answer.number)


def _say(number: int) -> None:
    # On stderr, so that a pipe gets rows and nothing else.
    click.echo(f"{number:,} {'row' if number == 1 else 'rows'}", err=True)


def _list_tables() -> int:
    from milepost.query import tables

    for table in tables():
        click.echo(f"{table.name}: {table.meaning}")
        width = max(len(f"{column.name} {column.type}") for column in table.columns)
        for column in table.columns:
            click.echo(f"  {f'{column.name} {column.type}':{width}}  {column.meaning}")
    return exits.FINE
