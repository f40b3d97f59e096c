"""Which architectures every version in use has an image for; digests come from the lock file, never the network."""

from __future__ import annotations

from collections.abc import Iterable

from milepost.diagnostics import Code, Sink
from milepost.model.fleet import Application, Component
from milepost.model.plan import Plan

MP4010 = Code(
    "MP4010",
    "image is not locked",
    "`images.lock.yaml` holds the digest of every version that may run. Compile never asks a registry, so that the same "
    "spec gives the same bytes everywhere and what was reviewed is what runs.",
    "kind: Image\nmetadata: {name: redis}\nspec: {repository: registry.example/redis, versions: [7.2.5]}\n# not in the lock\n",
)
MP4011 = Code(
    "MP4011",
    "no architecture in common",
    "The versions of an image that are in use have no architecture in common, so there is no node that can run all "
    "of them.",
    "# 1.4.2 was built for amd64 alone and 1.5.0 for arm64 alone, with a release from one to the other\n",
)


def run(plan: Plan, sink: Sink) -> None:
    for application in plan.fleet.catalog.applications:
        versions = sorted(_in_use(plan, application))
        for component in application.components:
            plan.platforms[application.name, component.name] = _platforms(
                component, application, versions, sink
            )


def _in_use(plan: Plan, application: Application) -> set[str]:
    running = {versions[application.name] for versions in plan.versions.values()} | {application.version}
    moving = {r.to for r in plan.fleet.catalog.releases if r.application == application.name}
    return running | moving


def _platforms(
    component: Component, application: Application, versions: Iterable[str], sink: Sink
) -> tuple[str, ...]:
    common: set[str] | None = None
    for version in versions:
        tag = application.versions[version][component.image.name]
        platforms = _locked(component, tag, sink)
        common = platforms if common is None else common & platforms
    if not common and not sink.failed:
        sink.report(
            MP4011,
            f'versions {", ".join(versions)} of image "{component.image.name}" have no architecture in common',
            component.origin.of("image").span,
        )
    return tuple(sorted(common or ()))


def _locked(component: Component, tag: str, sink: Sink) -> set[str]:
    image = component.image
    entries = {entry.repository: entry for entry in image.locked.get(tag, ())}
    found: set[str] = set()
    for architecture, repository in image.repositories.items():
        entry = entries.get(repository)
        if entry is None:
            at = image.origin.of("spec", "versions", image.versions.index(tag))
            message = f'image "{image.name}" version {tag} of {repository} is not locked'
            sink.report(MP4010, message, at.span, hint="run `milepost images lock`")
        else:
            found |= {str(p) for p in entry.platforms} if architecture == "" else {architecture}
    return found
