"""Site images: every image that nodes of a site start, in the versions that run there now, for their architectures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from milepost.bundle.site import BundleSite
from milepost.model.locked_images import LockedImage
from milepost.model.plan import Plan, PodLoad


class SiteImage(NamedTuple):
    """One locked image, and the digests of its manifests by architecture; those that the site has."""

    repository: str
    version: str
    digest: str
    platforms: tuple[tuple[str, str], ...]
    size: int
    """Compressed bytes of all of them."""


def site_images(plan: Plan, site: BundleSite) -> list[SiteImage]:
    """Each once, by repository and digest; sorted."""
    here = site.architectures()
    found = {}
    for image, version in _wanted(plan, site):
        for locked in plan.fleet.catalog.images[image].locked.get(version, ()):
            builds = {arch: build for arch, build in sorted(locked.platforms.items()) if arch in here}
            if builds:
                found[locked.repository, locked.digest] = _image(locked, version, builds)
    return [found[key] for key in sorted(found)]


def _image(locked: LockedImage, version: str, builds: Mapping[str, object]) -> SiteImage:
    platforms = tuple((arch, locked.platforms[arch].digest) for arch in builds)
    size = sum(locked.platforms[arch].size for arch in builds)
    return SiteImage(locked.repository, version, locked.digest, platforms, size)


def _wanted(plan: Plan, site: BundleSite) -> Iterator[tuple[str, str]]:
    """Image and version: EdgeCore's own, those of mirrors of the site, and those of the pods that are placed there."""
    edge = plan.fleet.province.edge
    for own in (edge.installation, edge.sandbox):
        if own is not None:
            yield own.image, own.version
    for tier in plan.fleet.catalog.tiers:
        if tier.settings.mirror is not None and tier.image is not None and tier.settings.level != "province":
            yield tier.image.name, tier.settings.mirror.version
    names = {station.name for station in site.stations}
    for signature in plan.placement.signatures:
        if any(station.name in names for station in signature.stations):
            for load in signature.loads:
                yield from _of_pod(plan, site, load)
    daemon = plan.fleet.catalog.failover
    if daemon is not None and any(station.name in plan.failovers.led for station in site.stations):
        yield daemon.image.name, daemon.version


def _of_pod(plan: Plan, site: BundleSite, load: PodLoad) -> Iterator[tuple[str, str]]:
    found = plan.fleet.of_key(load.edition)
    running = plan.running.of_group.get(site.group.name, {}).get(load.application, found.version)
    for component in plan.fleet.members(load.edition, load.members):
        yield component.image.name, found.versions[running][component.image.name]
