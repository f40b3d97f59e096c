"""Which version of each application runs in each station group: the release cursor, turned into versions."""

from __future__ import annotations

from milepost.diagnostics import Code, Sink
from milepost.model.fleet import Application, Release
from milepost.model.plan import Plan

MP4030 = Code(
    "MP4030",
    "release does not start where the application is",
    "A release moves an application from one version to the next: what it starts from must be what the application "
    "runs. When every wave has switched, set the application's version to the new one and remove the release.",
    "kind: Application\nspec: {version: 1.4.1}\n---\nkind: Release\nspec: {application: tolling, from: 1.4.2}\n",
)


def run(plan: Plan, sink: Sink) -> None:
    releases = {release.application: release for release in plan.fleet.catalog.releases}
    for application in plan.fleet.catalog.applications:
        release = releases.get(application.name)
        if release is not None and release.start != application.version:
            sink.report(
                MP4030,
                f'release "{release.name}" starts from {release.start}, but the application runs {application.version}',
                release.origin.document.span("spec", "from"),
            )
        for group in plan.fleet.province.groups:
            plan.versions.setdefault(group.name, {})[application.name] = _version(
                application, release, group.name
            )


def _version(application: Application, release: Release | None, group: str) -> str:
    if release is not None and any(group in members for _, members in release.waves[: release.switched]):
        return release.to
    return application.version
