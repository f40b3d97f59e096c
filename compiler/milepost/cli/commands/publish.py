"""``milepost publish``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from milepost.cli import exits

if TYPE_CHECKING:
    from milepost.publish.trees import ProvinceTree


@click.command()
@click.argument(
    "rendered", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path("rendered")
)
@click.option("--repository", metavar="URL", help="Git repository that gets a branch per province.")
@click.option(
    "--branch", default="province/{province}", show_default=True, help="Name of a province's branch."
)
@click.option(
    "--oci", metavar="oci://HOST/REPOSITORY", help="OCI repository that gets an artifact per province."
)
@click.option("--tag", default="{province}", show_default=True, help="Tag of a province's artifact.")
@click.option(
    "--province", "provinces", multiple=True, metavar="NAME", help="Only this province; may be repeated."
)
@click.option(
    "--sign",
    is_flag=False,
    flag_value="",
    metavar="[KEY]",
    help="Sign commits, with this key or Git's own choice.",
)
@click.option(
    "--allow-older", is_flag=True, help="Publish over what a later commit of the spec has published."
)
@click.option(
    "--registry-config",
    type=click.Path(path_type=Path, exists=True),
    help="Docker config.json with credentials.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be published, and publish nothing.")
def command(
    rendered: Path,
    repository: str | None,
    branch: str,
    oci: str | None,
    tag: str,
    provinces: tuple[str, ...],
    sign: str | None,
    allow_older: bool,
    registry_config: Path | None,
    dry_run: bool,
) -> int:
    """Bring each province's own tree to where its cluster pulls it from.

    Branches go in one push, all or none; only what changed is published, and an artifact that is there already is not
    pushed again.
    """
    from milepost.publish.git import GitError
    from milepost.publish.oci import PushError
    from milepost.publish.remote import LostRaceError
    from milepost.publish.trees import IncompleteTreeError, trees
    from milepost.registry import CredentialsError
    from milepost.registry.errors import RegistryError

    if repository is None and oci is None:
        raise click.UsageError("name where to publish: --repository, --oci or both")
    try:
        found = trees(rendered, provinces)
        if repository is not None:
            _branches(found, repository, rendered, branch, sign, allow_older, dry_run)
        if oci is not None:
            _artifacts(found, oci, tag, registry_config, dry_run)
    except LostRaceError:
        raise click.ClickException(
            "other publishers were faster every time; nothing was pushed, try again"
        ) from None
    except (GitError, PushError, IncompleteTreeError, RegistryError, CredentialsError) as error:
        raise click.ClickException(str(error)) from None
    return exits.FINE


def _branches(
    found: list[ProvinceTree],
    url: str,
    rendered: Path,
    branch: str,
    sign: str | None,
    allow_older: bool,
    dry_run: bool,
) -> None:
    from milepost.publish.branches import PushOptions, publish
    from milepost.publish.identity import identity
    from milepost.publish.source_commit import source_of

    source = source_of(rendered)
    who = identity(rendered, sign, source)
    options = PushOptions(
        branch, who.sign, dry_run, allow_older, settings=who.settings, environment=who.environment
    )
    for done in publish(found, url, options, source, rendered):
        click.echo(f"{done.province}: {done.state} ({done.branch} {done.commit[:12]})".replace(" )", ")"))


def _artifacts(found: list[ProvinceTree], url: str, tag: str, config: Path | None, dry_run: bool) -> None:
    from milepost.publish.oci import push
    from milepost.registry import Credentials, HttpPool

    for done in push(found, url, tag, HttpPool(), Credentials.read(config), dry_run=dry_run):
        state = ("would be pushed" if dry_run else "pushed") if done.new else "unchanged"
        click.echo(f"{done.province}: {state} ({done.reference} {done.digest[:19]})")
