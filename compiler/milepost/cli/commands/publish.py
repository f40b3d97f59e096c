"""``milepost publish``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from milepost.cli import console, exits

if TYPE_CHECKING:
    from milepost.publish.standing import Conditions, PushState
    from milepost.publish.trees import ProvinceTree


def place_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Where provinces are published, and which of them are meant."""
    options = (
        click.option("--repository", metavar="URL", help="Git repository with a branch per province."),
        click.option(
            "--branch", default="province/{province}", show_default=True, help="Name of a province's branch."
        ),
        click.option(
            "--oci", metavar="oci://HOST/REPOSITORY", help="OCI repository with an artifact per province."
        ),
        click.option("--tag", default="{province}", show_default=True, help="Tag of a province's artifact."),
        console.province_option,
        click.option(
            "--registry-config",
            type=click.Path(path_type=Path, exists=True),
            help="Docker config.json with credentials.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.command()
@click.argument(
    "rendered", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path("rendered")
)
@place_options
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
    "--over-foreign-commits",
    "over_foreign",
    is_flag=True,
    help="Publish over commits and artifacts that Milepost did not make; the new commit names those that it covers.",
)
@console.timeout_option("All that a remote is asked (1800 s for Git unless given)")
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
    over_foreign: bool,
    timeout: float | None,
    dry_run: bool,
) -> int:
    """Bring each province's own tree to where its cluster pulls it from.

    Branches go in one push, all or none; only what changed is published, and an artifact that is there already is not
    pushed again. What a later commit of the spec has published is left alone, and so is what somebody else put there:
    it may be a hot fix. For that, the exit code is 4; --dry-run shows it, too.
    """
    from milepost.publish.git import GitError
    from milepost.publish.push_registry import PushError
    from milepost.publish.source_commit import source_of
    from milepost.publish.standing import Conditions, LostRaceError, PushState
    from milepost.publish.trees import IncompleteTreeError, trees
    from milepost.registry import CredentialsError
    from milepost.registry.errors import RegistryError

    if repository is None and oci is None:
        raise click.UsageError("name where to publish: --repository, --oci or both")
    states: list[PushState] = []
    try:
        found = trees(rendered, provinces)
        # One set of conditions for both, so that a branch and an artifact of the same province
        # are judged alike.
        rules = Conditions(rendered, source_of(rendered), dry_run, allow_older, over_foreign)
        if repository is not None:
            states += _branches(found, repository, branch, sign, rules, timeout)
        if oci is not None:
            states += _artifacts(found, oci, tag, registry_config, rules, timeout)
    except LostRaceError as error:
        raise click.ClickException(f"other publishers were faster every time; try again ({error})") from None
    except (GitError, PushError, IncompleteTreeError, RegistryError, CredentialsError) as error:
        raise click.ClickException(str(error)) from None
    # Only now: the other provinces are published even where one must wait for a person.
    if PushState.FOREIGN not in states:
        return exits.FINE
    click.echo(
        "bring what somebody else put there into the fleet spec, then publish with --over-foreign-commits",
        err=True,
    )
    return exits.GUARDED


def _branches(
    found: list[ProvinceTree],
    url: str,
    branch: str,
    sign: str | None,
    rules: Conditions,
    timeout: float | None,
) -> list[PushState]:
    from milepost.publish.branches import PushOptions, publish
    from milepost.publish.identity import identity
    from milepost.publish.remote import LONGEST

    who = identity(rules.rendered, sign, rules.source)
    options = PushOptions(
        branch,
        who.sign,
        settings=who.settings,
        environment=who.environment,
        # Never without a limit: a push that hangs would hold a CI job until the CI system ends
        # it.
        timeout=timeout or LONGEST,
        hear=_on_terminal(),
    )
    done = publish(found, url, options, rules)
    for one in done:
        place = f"({one.branch} {one.commit[:12]})".replace(" )", ")")
        click.echo(f"{one.province}: {one.state} {place}")
        for commit in one.foreign:
            click.echo(f"  {'covers' if one.state.goes else 'there is'} {commit}")
    return [one.state for one in done]


def _artifacts(
    found: list[ProvinceTree],
    url: str,
    tag: str,
    config: Path | None,
    rules: Conditions,
    timeout: float | None,
) -> list[PushState]:
    from milepost.publish.oci import push
    from milepost.registry import Credentials, HttpPool

    hear = _on_terminal()
    tell = (lambda line: hear(f"{line}\r")) if hear else (lambda line: None)
    done = push(found, url, tag, HttpPool(within=timeout), Credentials.read(config), rules, tell)
    for one in done:
        click.echo(f"{one.province}: {_PUSHED.get(one.state, one.state)} ({one.reference} {one.digest[:19]})")
    return [one.state for one in done]


_PUSHED = {"published": "pushed", "would be published": "would be pushed"}


def _on_terminal() -> Callable[[str], None] | None:
    """Shows how far it has come, on a terminal alone."""
    # Git's progress lines overwrite each other with carriage returns; in a log they would pile
    # up.
    if not sys.stderr.isatty():
        return None
    return lambda line: click.echo(f"{line.rstrip()}\033[K{line[-1]}", nl=False, err=True)
