"""``milepost bundle``: what a technician takes to a site whose line cannot carry a first installation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from milepost.cli import console, exits

if TYPE_CHECKING:
    from milepost.diagnostics import Sink
    from milepost.pipeline import Compiled, SharedSpec


@click.command()
@click.argument("site", metavar="STATION|SECTION")
@console.spec_option
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where it goes; bundle-SITE by default.",
)
@click.option(
    "--without-images", is_flag=True, help="Bootstrap files and check lists alone; asks no registry."
)
@click.option(
    "--mirror",
    metavar="URL",
    help="Registry to fetch from instead of those that images name: https://, or http:// on this machine.",
)
@console.registry_options
def command(
    site: str,
    spec: Path,
    output: Path | None,
    without_images: bool,
    mirror: str | None,
    docker_config: Path | None,
    ca: Path | None,
) -> int:
    """Write a folder with all that the nodes of a site need to join: nothing of it is secret.

    EdgeCore configurations, hosts.toml, join script, the locked images that run there for its architectures as an OCI layout,
    checksums, and a check list for each node. Run again, it fetches only what is missing.
    """
    from milepost import pipeline, registry
    from milepost.bundle.oci_layout import OciLayout
    from milepost.bundle.site import bundle_site
    from milepost.bundle.site_images import site_images
    from milepost.bundle.write_bundle import bundle_files, write_bundle
    from milepost.diagnostics import Sink
    from milepost.registry.errors import RegistryError

    sink = Sink()
    compiled = _compiled(spec, site, sink)
    if compiled is None:
        console.show(sink, spec, "text")
        return exits.SPEC_WRONG
    chosen = bundle_site(compiled.plan, site)
    assert chosen is not None
    if not compiled.plan.routes.by_access:
        raise click.ClickException(
            f"province {compiled.plan.fleet.province.name} has no cloudcore, so nodes cannot join"
        )
    folder = output or Path(f"bundle-{site}")
    images, layout = site_images(compiled.plan, chosen), None
    try:
        if not without_images:
            credentials = registry.Credentials.read(docker_config)
            client = registry.RegistryClient(registry.HttpPool(ca), credentials)
            layout = OciLayout(folder / "images", client, mirror)
        files = bundle_files(compiled.plan, pipeline.render(compiled), chosen)
        write_bundle(folder, files, images, layout)
    except (RegistryError, registry.CredentialsError) as error:
        raise click.ClickException(f"{error}; what came so far is kept, and a further run goes on") from None
    nodes = sum(1 for _ in chosen.nodes())
    fetched = f", {layout.fetched:,} bytes fetched" if layout else ", without images"
    click.echo(f"{folder}: {nodes} nodes, {len(images)} images{fetched}")
    return exits.FINE


def _compiled(spec: Path, site: str, sink: Sink) -> Compiled | None:
    from milepost import pipeline

    shared = pipeline.read(spec, sink)
    if shared is None:
        return None
    province = _province(shared, site, sink)
    return None if province is None else pipeline.compile_province(shared, province, sink)


def _province(shared: SharedSpec, site: str, sink: Sink) -> str | None:
    """The province of a section or a station; stations stand in tables, which are read one province after the other."""
    from milepost import pipeline

    for province in shared.provinces:
        if site in shared.spec.groups_of.get(province, ()):
            return province
    for province in shared.provinces:
        fleet = pipeline.fleet(shared, province, sink)
        if fleet is None:
            return None
        if any(station.name == site for group in fleet.province.groups for station in group.stations):
            return province
    raise click.UsageError(f"there is no section and no station {site} in {', '.join(shared.provinces)}")
