"""``milepost images lock`` and ``milepost images verify``: the only commands that ask registries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from milepost.cli import console, exits

if TYPE_CHECKING:
    from milepost.diagnostics import Sink
    from milepost.model.parsed import ParsedSpec
    from milepost.registry import RegistryClient


@click.group()
def command() -> None:
    """Lock the digests of images, or check them against registries."""


def _options(function: Callable[..., Any]) -> Callable[..., Any]:
    """What both commands take."""
    options = (
        console.spec_argument,
        click.option(
            "--image", "images", multiple=True, metavar="NAME", help="Only this Image; may be repeated."
        ),
        console.registry_options,
        console.timeout_option("All questions to registries together"),
        console.format_option,
        console.color_option,
    )
    for option in reversed(options):
        function = option(function)
    return function


@command.command()
@_options
@click.option(
    "--frozen", is_flag=True, help="Write nothing, and exit 1 where anything would be written: for CI."
)
def lock(
    spec: Path,
    images: tuple[str, ...],
    docker_config: Path | None,
    ca: Path | None,
    timeout: float | None,
    form: str,
    no_color: bool,
    frozen: bool,
) -> int:
    """Write images.lock.yaml: what stands behind each version today.

    The digest, and for every platform the digest, the layers and their compressed size. Entries that were not asked
    for stay as they are; nothing is written unless every registry answered.
    """
    from milepost import registry

    def work(read: ParsedSpec, client: RegistryClient, sink: Sink) -> str:
        if frozen:
            return f"{registry.frozen(read, client, images, sink)} locked versions are what registries have"
        made = registry.lock(read, client, images, sink)
        if made is None:
            return "images.lock.yaml is as it was"
        versions = sum(len(tags) for tags in made.images.values())
        changed = registry.write_lock(spec, made)
        return f"images.lock.yaml {'written' if changed else 'unchanged'}: {len(made.images)} images, {versions} versions"

    return _run(work, spec, images, _client(docker_config, ca, timeout), form, console.wants_color(no_color))


@command.command()
@_options
def verify(
    spec: Path,
    images: tuple[str, ...],
    docker_config: Path | None,
    ca: Path | None,
    timeout: float | None,
    form: str,
    no_color: bool,
) -> int:
    """Check images.lock.yaml against registries; change nothing.

    Exits 1 where a version has another content than was locked, and 2 where a registry gives no answer.
    """
    from milepost import registry

    def work(read: ParsedSpec, client: RegistryClient, sink: Sink) -> str:
        return f"{registry.verify(read, client, images, sink)} locked versions are what registries have"

    return _run(work, spec, images, _client(docker_config, ca, timeout), form, console.wants_color(no_color))


def _run(
    work: Callable[[ParsedSpec, RegistryClient, Sink], str],
    root: Path,
    images: tuple[str, ...],
    client: RegistryClient,
    form: str,
    color: bool,
) -> int:
    from milepost import pipeline, registry
    from milepost.diagnostics import Sink

    sink = Sink()
    shared = pipeline.read(root, sink)
    said = None
    if shared is not None:
        _check_names(images, shared.spec)
        said = work(shared.spec, client, sink)
    console.show(sink, root, form, color=color)
    if said is not None:
        click.echo(said, err=True)
    if any(d.code.id in registry.UNKNOWN for d in sink):
        return exits.CANNOT_RUN
    return exits.SPEC_WRONG if sink.failed else exits.FINE


def _client(docker_config: Path | None, ca: Path | None, timeout: float | None) -> RegistryClient:
    from milepost.registry import Credentials, CredentialsError, HttpPool, RegistryClient

    try:
        return RegistryClient(HttpPool(ca, within=timeout), Credentials.read(docker_config))
    except CredentialsError as fault:
        raise click.ClickException(str(fault)) from None
    except OSError as error:
        raise click.ClickException(f"{ca} holds no certificates: {error}") from None


def _check_names(images: tuple[str, ...], spec: ParsedSpec) -> None:
    from milepost.diagnostics import did_you_mean

    for name in images:
        if name not in spec.images:
            hint = did_you_mean(name, spec.images) or ""
            raise click.UsageError(f'there is no image "{name}" {hint}'.strip())
