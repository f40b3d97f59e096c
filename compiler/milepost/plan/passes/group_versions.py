"""Versions of station groups: the release's cursor, turned into the version of each application in each group."""

from __future__ import annotations

from milepost.diagnostics import Code, Related, Sink
from milepost.model.fleet import NO_VERSION, Application, Fleet, Release
from milepost.model.plan import RunningVersions
from milepost.plan.pass_order import Role

MP4030 = Code(
    "MP4030",
    "release does not start from the current version",
    "A release moves an application from one version to the next: what it starts from must be what the application "
    "runs. A rollback goes back to what the application runs. When every wave has switched, set the application's "
    "version to the new one and remove the release (`milepost release finish`).",
    "kind: Application\nspec: {version: 1.4.1}\n---\nkind: Release\nspec: {application: tolling, from: 1.4.2}\n",
)


ROLE = Role.DECIDES


def run(fleet: Fleet, sink: Sink) -> RunningVersions:
    moving = {release.application: release for release in fleet.catalog.releases}
    of_group: dict[str, dict[str, str]] = {}
    for application in fleet.catalog.applications:
        release = moving.get(application.name)
        if release is not None:
            _check_start(release, application, sink)
        for group in fleet.province.groups:
            running = of_group.setdefault(group.name, {})
            version = application.version if release is None else release.version(group.name)
            if version != NO_VERSION:
                running[application.name] = version
    return RunningVersions(of_group)


def _check_start(release: Release, application: Application, sink: Sink) -> None:
    # A rollback is the same release read the other way: what the application runs is then where
    # it goes back to. Where that is nothing, it is what the other end runs.
    at_end = release.rollback != (release.base == NO_VERSION)
    key, version = ("to", release.to) if at_end else ("from", release.start)
    if version != application.version:
        does = "goes back to" if release.rollback and at_end else "goes to" if at_end else "starts from"
        sink.report(
            MP4030,
            f'release "{release.name}" {does} {version}, but the application runs {application.version}',
            release.origin.of("spec", key).span,
            related=[Related("the application says so here", application.origin.of("spec", "version").span)],
        )
