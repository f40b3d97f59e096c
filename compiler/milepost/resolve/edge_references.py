"""References of edge settings: the roles that modules of EdgeCore are for, and the images that EdgeCore needs itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from milepost.diagnostics import Code, Sink
from milepost.model import spec
from milepost.model.fleet import Image
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedDocument, ParsedSpec
from milepost.resolve.references import find

MP3031 = Code(
    "MP3031",
    "image of EdgeCore is not multi-arch",
    "Nodes of all architectures name one image for their sandboxes, and `keadm` one installation package. So each is one "
    "repository whose tags are multi-architecture indexes.",
    "kind: Fleet\nspec:\n  edge: {sandbox: {image: plate-recognition, version: 5.2.0}}\n",
)
MP3032 = Code(
    "MP3032",
    "installation package of another KubeEdge",
    "`keadm join` unpacks EdgeCore from the repository's `installation-package` with the tag of its version: a repository "
    "that ends otherwise, or another version than the cluster's, is never asked for.",
    "cluster: {kubeedge: 1.23.1}\nedge: {installation: {image: installation-package, version: v1.22.0}}\n",
)
MP3033 = Code(
    "MP3033",
    "station group in two waves of a node upgrade",
    "Its nodes would be upgraded twice: KubeEdge's jobs are not aware of each other, and the second finds nothing to do or "
    "interrupts the first.",
    "nodeUpgrade:\n  waves: [{name: first, groups: [hn-g4]}, {name: rest, groups: [hn-g4]}]\n",
)
PACKAGE = "/installation-package"


def check_edge(spec_: ParsedSpec, images: Mapping[str, Image], sink: Sink) -> None:
    """Every ``edge`` block of the fleet and its provinces."""
    roles = dict.fromkeys(spec_.fleet.model.spec.roles, True)
    for at, edge in _blocks(spec_):
        modules = edge.modules
        for name, field in type(modules).model_fields.items():
            module = getattr(modules, name)
            for index, role in enumerate(module.roles if module else ()):
                find("role", role, roles, at.of("modules", str(field.alias), "roles", index), sink)
        for key in ("sandbox", "installation"):
            reference = getattr(edge, key)
            if reference is not None:
                _check_image(reference, images, at.of(key), sink)
    for province in spec_.provinces.values():
        own, fleet = province.model.spec, spec_.fleet
        block, at = (own.edge, province.at) if own.edge is not None else (fleet.model.spec.edge, fleet.at)
        if own.cloudcore is not None and block.installation is not None:
            _check_package(
                block.installation, own.cluster.kubeedge, images, at.of("spec", "edge", "installation"), sink
            )
        if own.node_upgrade is not None:
            _check_upgrade(own.node_upgrade, province, spec_, images, sink)


def _check_upgrade(
    upgrade: spec.edge_settings.NodeUpgradeEntry,
    province: ParsedDocument[spec.ProvinceDocument],
    spec_: ParsedSpec,
    images: Mapping[str, Image],
    sink: Sink,
) -> None:
    at = province.at.of("spec", "nodeUpgrade")
    seen: dict[str, str] = {}
    for number, wave in enumerate(upgrade.waves):
        for index, group in enumerate(wave.groups):
            here = at.of("waves", number, "groups", index)
            find("station group", group, spec_.groups_of.get(province.name, {}), here, sink)
            if group in seen:
                message = f'station group "{group}" is in wave "{seen[group]}" already'
                sink.report(MP3033, message, here.span, hint="remove one of them")
            seen.setdefault(group, wave.name)
    _check_image(upgrade.installation, images, at.of("installation"), sink)
    _check_package(upgrade.installation, upgrade.to, images, at.of("installation"), sink)


def _blocks(spec_: ParsedSpec) -> Iterator[tuple[DocumentOrigin, spec.edge_settings.EdgeEntry]]:
    yield spec_.fleet.at.of("spec", "edge"), spec_.fleet.model.spec.edge
    for province in spec_.provinces.values():
        if province.model.spec.edge is not None:
            yield province.at.of("spec", "edge"), province.model.spec.edge


def _check_image(
    reference: spec.edge_settings.EdgeImage, images: Mapping[str, Image], at: DocumentOrigin, sink: Sink
) -> None:
    image = find("image", reference.image, images, at.of("image"), sink)
    if image is None:
        return
    find("version", reference.version, dict.fromkeys(image.versions, True), at.of("version"), sink)
    if "" not in image.repositories:
        message = f'image "{image.name}" has a repository per architecture, and EdgeCore names one for all'
        sink.report(MP3031, message, at.of("image").span, hint="give it `repository`, with multi-arch tags")


def _check_package(
    reference: spec.edge_settings.EdgeImage,
    kubeedge: str,
    images: Mapping[str, Image],
    at: DocumentOrigin,
    sink: Sink,
) -> None:
    image = images.get(reference.image)
    repository = image.repositories.get("") if image else None
    if repository is not None and not repository.endswith(PACKAGE):
        message = f"keadm joins from a repository that ends in {PACKAGE}, not from {repository}"
        sink.report(
            MP3032, message, at.of("image").span, hint=f"name an Image whose repository ends in {PACKAGE}"
        )
    if reference.version != f"v{kubeedge}":
        message = f"the cluster runs KubeEdge {kubeedge}, and nodes would install {reference.version}"
        sink.report(MP3032, message, at.of("version").span, hint=f"take version v{kubeedge}")
