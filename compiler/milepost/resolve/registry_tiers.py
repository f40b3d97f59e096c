"""Registry tiers resolved: parents, places, the image that a mirror runs."""

from __future__ import annotations

from collections.abc import Mapping

from milepost.diagnostics import Code, Related, Sink, did_you_mean
from milepost.model import spec
from milepost.model.fleet import Image, Tier
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedDocument, ParsedSpec
from milepost.resolve import settings
from milepost.resolve.references import MP3001, find, loops
from milepost.resolve.selectors import chain, check_node_selector

MP3008 = Code(
    "MP3008",
    "mirror image is not multi-arch",
    "A mirror's image also puts hosts.toml on every node of a site, whatever its architecture, and runs in a cluster "
    "whose nodes are in no inventory. So it is one repository whose tags are multi-architecture indexes.",
    "kind: Image\nmetadata: {name: registry}\nspec: {repositories: {amd64: registry.example/registry-x86}, versions: [2.8.3]}\n",
)


def registry_tiers(spec_: ParsedSpec, images: Mapping[str, Image], sink: Sink) -> tuple[Tier, ...]:
    """Every tier, sorted by name; what dangles or goes round in a loop is in ``sink``."""
    tiers = spec_.registry_tiers
    for parsed in tiers.values():
        _check_places(parsed, spec_, sink)
    loops(
        "registry tiers",
        tiers,
        lambda name: tiers[name].model.spec.parent,
        lambda name: tiers[name].at.of("spec", "parent"),
        sink,
    )
    return tuple(_tier(parsed, spec_, images, sink) for parsed in tiers.values())


def _check_places(parsed: ParsedDocument[spec.RegistryTierDocument], spec_: ParsedSpec, sink: Sink) -> None:
    body, at = parsed.model.spec, parsed.at.of("spec")
    if body.parent is not None:
        find("registry tier", body.parent, spec_.registry_tiers, at.of("parent"), sink)
    for index, name in enumerate(body.provinces):
        find("province", name, spec_.provinces, at.of("provinces", index), sink)
    for index, name in enumerate(body.groups):
        find("station group", name, spec_.station_groups, at.of("groups", index), sink)
    for index, name in enumerate(body.station_types):
        find("station type", name, spec_.fleet.model.spec.station_types, at.of("stationTypes", index), sink)


def _tier(
    parsed: ParsedDocument[spec.RegistryTierDocument],
    spec_: ParsedSpec,
    images: Mapping[str, Image],
    sink: Sink,
) -> Tier:
    body, mirror = parsed.model.spec, parsed.model.spec.mirror
    if mirror is None:
        return Tier(parsed.name, settings.tier(body), None, (), parsed.at)
    at = parsed.at.of("spec", "mirror")
    check_node_selector(mirror.nodes, at.of("nodes"), spec_, sink)
    image = _image(mirror, images, at, sink)
    return Tier(parsed.name, settings.tier(body), image, chain(mirror.nodes, spec_), parsed.at)


def _image(
    mirror: spec.registry_tier.MirrorEntry, images: Mapping[str, Image], at: DocumentOrigin, sink: Sink
) -> Image | None:
    image = find("image", mirror.image, images, at.of("image"), sink)
    # The mirror's pod and the pods that write hosts.toml are the same on every node, so their
    # image must be one reference for all architectures.
    if image is not None and "" not in image.repositories:
        at_image = at.of("image").span
        related = [Related("its repositories", image.origin.of("spec", "repositories").span)]
        sink.report(
            MP3008, f'image "{image.name}" has a repository per architecture', at_image, related=related
        )
    elif image is not None and mirror.version not in image.versions:
        hint = did_you_mean(mirror.version, image.versions)
        sink.report(
            MP3001, f'image "{image.name}" has no version {mirror.version}', at.of("version").span, hint=hint
        )
    return image
