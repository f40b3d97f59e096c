"""``milepost comment``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from milepost.cli import exits


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option(
    "--number", type=click.IntRange(1), metavar="N", help="The request's number; in CI, its own by default."
)
def command(file: Path, number: int | None) -> int:
    """Put a text under the pull request or merge request that a CI job runs for, in one comment that is edited in place.

    FILE holds the text (- is standard input); its first line must be a comment of HTML, as `milepost diff --format
    markdown` writes it. Works in GitHub Actions with GITHUB_TOKEN and in GitLab CI with GITLAB_TOKEN; a job that belongs
    to no request changes nothing.
    """
    from milepost.publish.forges import ForgeError, conversation
    from milepost.publish.pull_request_comment import UnmarkedError, put

    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    try:
        found = conversation(os.environ, number)
        if found is None:
            click.echo("no pull request and no merge request to comment on", err=True)
            return exits.FINE
        click.echo(f"comment {put(text, found)}", err=True)
    except (UnmarkedError, ForgeError) as error:
        raise click.ClickException(str(error)) from None
    return exits.FINE
