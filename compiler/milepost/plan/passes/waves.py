"""Which version of each application runs in each station group: the release's cursor, turned into versions."""

from __future__ import annotations

from milepost.diagnostics import Code, Related, Sink
from milepost.model.fleet import Application, Release
from milepost.model.plan import Plan

MP4030 = Code(
    "MP4030",
    "release does not start where the application is",
    "A release moves an application from one version to the next: what it starts from must be what the application "
    "runs. A rollback goes back to what the application runs. When every wave has switched, set the application's "
    "version to the new one and remove the release (`milepost release finish`).",
    "kind: Application\nspec: {version: 1.4.1}\n---\nkind: Release\nspec: {application: tolling, from: 1.4.2}\n",
)


def run(plan: Plan, sink: Sink) -> None:
    moving = {release.application: release for release in plan.fleet.catalog.releases}
    for application in plan.fleet.catalog.applications:
        release = moving.get(application.name)
        if release is not None:
            _check_start(release, application, sink)
        for group in plan.fleet.province.groups:
            version = application.version
            if release is not None:
                version = release.version(group.name, otherwise=version)
            plan.versions.setdefault(group.name, {})[application.name] = version


def _check_start(release: Release, application: Application, sink: Sink) -> None:
    key, version = ("to", release.to) if release.rollback else ("from", release.start)
    if version != application.version:
        does = "goes back to" if release.rollback else "starts from"
        sink.report(
            MP4030,
            f'release "{release.name}" {does} {version}, but the application runs {application.version}',
            release.origin.of("spec", key).span,
            related=[Related("the application says so here", application.origin.of("spec", "version").span)],
        )
