"""``milepost status``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from milepost.cli import console, exits
from milepost.cli.commands.publish import place_options

if TYPE_CHECKING:
    from milepost.publish.published import PublishedProvince


@click.command()
@click.argument("rendered", type=click.Path(path_type=Path, file_okay=False), default=Path("rendered"))
@place_options
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option(
    "--check",
    is_flag=True,
    help="Exit 3 unless what every cluster pulls is the tree here.",
)
@console.timeout_option("All that a remote is asked (1800 s for Git unless given)")
def command(
    rendered: Path,
    repository: str | None,
    branch: str,
    oci: str | None,
    tag: str,
    provinces: tuple[str, ...],
    registry_config: Path | None,
    form: str,
    check: bool,
    timeout: float | None,
) -> int:
    """Show what each province's cluster pulls, and whether that is the tree here.

    For each branch or artifact: its commit, the commit of the spec that it was made from, and commits on top that
    Milepost did not make, such as a hot fix, with author and subject. RENDERED may be missing: then only what is
    published is shown. Remotes are read and not changed.
    """
    from milepost.publish.published import PublishedState
    from milepost.publish.published_text import as_json, as_text

    if repository is None and oci is None:
        raise click.UsageError("name where it is published: --repository, --oci or both")
    found = _found(rendered, repository, branch, oci, tag, provinces, registry_config, timeout)
    click.echo(as_json(found) if form == "json" else as_text(found), nl=False)
    differs = any(one.state is not PublishedState.CURRENT for one in found)
    return exits.DIFFERENT if check and differs else exits.FINE


def _found(
    rendered: Path,
    repository: str | None,
    branch: str,
    oci: str | None,
    tag: str,
    provinces: tuple[str, ...],
    config: Path | None,
    timeout: float | None,
) -> list[PublishedProvince]:
    from milepost.publish.git import GitError
    from milepost.publish.network import TimeLimit
    from milepost.publish.published import in_artifacts, in_branches, local_trees
    from milepost.publish.push_registry import PushError
    from milepost.publish.remote import LONGEST
    from milepost.publish.source_commit import source_of
    from milepost.publish.standing import Conditions
    from milepost.publish.trees import IncompleteTreeError
    from milepost.registry import Credentials, CredentialsError, HttpPool
    from milepost.registry.errors import RegistryError

    found: list[PublishedProvince] = []
    try:
        here = local_trees(rendered, provinces)
        # As a dry run of a publish: both judge alike.
        rules = Conditions(rendered, source_of(rendered), dry_run=True)
        if repository is not None:
            limit = TimeLimit(timeout or LONGEST)
            found += in_branches(here, provinces, repository, branch, rules, limit)
        if oci is not None:
            http, credentials = HttpPool(within=timeout), Credentials.read(config)
            found += in_artifacts(here, provinces, oci, tag, http, credentials, rules)
    except (GitError, PushError, IncompleteTreeError, RegistryError, CredentialsError) as error:
        raise click.ClickException(str(error)) from None
    if not found:
        raise click.ClickException(f"{rendered} holds no province's tree, and none is published there")
    _check_names(provinces, rendered, found)
    return found


def _check_names(provinces: tuple[str, ...], rendered: Path, found: list[PublishedProvince]) -> None:
    """A usage error for a name that is known neither here nor there."""
    from milepost.diagnostics import did_you_mean
    from milepost.publish.published import names_here

    known = names_here(rendered) | {one.province for one in found if one.id}
    for name in provinces:
        if name not in known:
            hint = did_you_mean(name, sorted(known)) or ""
            raise click.UsageError(f'province "{name}" has no tree here and is not published {hint}'.strip())
