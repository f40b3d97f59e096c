"""Versions in use: those of an application that nodes may have to run, and the locked entries behind them."""

from __future__ import annotations

from milepost.diagnostics import Code, Sink
from milepost.model.fleet import Application, Fleet, Image
from milepost.model.locked_images import LockedImage
from milepost.model.plan import RunningVersions

MP4010 = Code(
    "MP4010",
    "image is not locked",
    "`images.lock.yaml` holds the digest of every version that may run. Compile never asks a registry, so that the same "
    "spec gives the same bytes everywhere and what was reviewed is what runs.",
    "kind: Image\nmetadata: {name: redis}\nspec: {repository: registry.example/redis, versions: [7.2.5]}\n# not in the lock\n",
)
MP4014 = Code(
    "MP4014",
    "repository holds a different architecture",
    "An image with a repository per architecture names, for each, the repository that was built for it. The lock says "
    "that what is published there was built for another one, so nodes would get programs that they cannot run.",
    "spec:\n  repositories: {arm64: registry.example/plate-x86}\n# and the lock has amd64 alone for it\n",
)


def versions_in_use(application: Application, fleet: Fleet, running: RunningVersions) -> tuple[str, ...]:
    """The versions that run by this edition or are released to, sorted."""
    if application.frozen is not None:
        return (application.frozen,)
    # The application's own version counts even where no group runs it: a new group, or a
    # release that is taken out, starts from it without another lock.
    now = {v[application.name] for v in running.of_group.values() if application.name in v}
    now.add(application.version)
    moving = {v for r in fleet.catalog.releases if r.application == application.name for v in r.versions}
    frozen = {edition.frozen for edition in fleet.catalog.editions if edition.name == application.name}
    # Nothing runs by the edited definition while its release has not begun; its own version
    # still says what it can be built for.
    return tuple(sorted((now | moving) - frozen)) or (application.version,)


def locked(image: Image, tag: str, sink: Sink) -> dict[str, LockedImage]:
    """The entry of each architecture that ``tag`` has an image for; what is missing or wrong is in ``sink``."""
    entries = {entry.repository: entry for entry in image.locked.get(tag, ())}
    found: dict[str, LockedImage] = {}
    for architecture, repository in image.repositories.items():
        entry = entries.get(repository)
        if entry is None:
            at = image.origin.of("spec", "versions", image.versions.index(tag))
            message = f'image "{image.name}" version {tag} of {repository} is not locked'
            sink.report(MP4010, message, at.span, hint="run `milepost images lock`")
        elif architecture == "":
            found |= {str(platform): entry for platform in entry.platforms}
        elif architecture in entry.platforms:
            found[architecture] = entry
        else:
            at = image.origin.of("spec", "repositories", architecture)
            there = ", ".join(sorted(map(str, entry.platforms)))
            message = f'image "{image.name}" version {tag} for {architecture} is locked as {there}'
            sink.report(
                MP4014, message, at.span, hint="name the repository that was built for it, and lock again"
            )
    return found
