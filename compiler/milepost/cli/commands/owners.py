"""``milepost owners``."""

from __future__ import annotations

from pathlib import Path

import click

from milepost.cli import console, exits


@click.command()
@console.spec_argument
@click.option(
    "--rendered",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("rendered"),
    show_default=True,
    help="Folder of the rendered trees, as the repository has it.",
)
@click.option("--organization", metavar="NAME", help="What stands before a team's name: @NAME/team.")
@click.option("--gitattributes", is_flag=True, help="Print the line for .gitattributes instead.")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Write it into this file."
)
@click.option("--check", is_flag=True, help="Write nothing; exit 3 if the file is not what would be written.")
@console.jobs_option
def command(
    spec: Path,
    rendered: Path,
    organization: str | None,
    gitattributes: bool,
    output: Path | None,
    check: bool,
    jobs: int | None,
) -> int:
    """Print CODEOWNERS for the spec and the rendered trees, from the owners of the fleet.

    Run it at the root of the repository: the lines name the folders as they are given.
    """
    from milepost.publish import codeowners

    if check and output is None:
        raise click.UsageError("--check compares with a file; name it with --output")
    if gitattributes:
        return _give(codeowners.gitattributes(rendered.as_posix()), output, check)
    text = _codeowners(spec, rendered, organization, jobs)
    return exits.SPEC_WRONG if text is None else _give(text, output, check)


def _codeowners(spec: Path, rendered: Path, organization: str | None, jobs: int | None) -> str | None:
    """None where the spec is wrong, which was said."""
    from milepost import pipeline
    from milepost.diagnostics import Sink
    from milepost.driver.gather import gather
    from milepost.model.fleet import Rights
    from milepost.publish.codeowners import NoHandleError, codeowners, handle_in, of_province

    sink = Sink()
    shared = pipeline.read(spec, sink)
    if shared is None:
        console.show(sink, spec, "text")
        return None
    source = shared.spec.source
    documents = sorted({*(document.path for document in source.documents), *source.files, *source.manifests})
    fleet = shared.spec.fleet.model.spec
    owners = Rights(tuple(fleet.owners), tuple(fleet.approvers)).asked
    seen = gather(shared, shared.provinces, pipeline.fleet, lambda f: of_province(f.province, owners), jobs)
    provinces = [each.value for each in seen if each.value is not None]
    if len(provinces) < len(seen):
        for each in seen:
            sink.extend(each.diagnostics)
        console.show(sink, spec, "text")
        return None
    folders = (spec.as_posix(), rendered.as_posix())
    try:
        return codeowners(owners, provinces, documents, folders, handle_in(organization))
    except NoHandleError as error:
        raise click.ClickException(
            f'owner "{error}" is no name that a forge could ask: letters, digits, dots, dashes and underscores; '
            "call the team in the fleet spec as the forge does, or write its handle: @organization/team"
        ) from None


def _give(text: str, output: Path | None, check: bool) -> int:
    from milepost.staging import replace_file

    if output is None:
        click.echo(text, nl=False)
    elif check:
        same = output.is_file() and output.read_text(encoding="utf-8") == text
        return exits.FINE if same else exits.DIFFERENT
    else:
        replace_file(output, text.encode())
    return exits.FINE
