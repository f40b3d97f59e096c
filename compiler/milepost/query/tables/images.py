"""The table ``images``."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.model.instances import Instances
from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, STATION_GROUP, QueryColumn

MEANING = "An image that a station group runs, for one architecture, as the lock file pins it."
COLUMNS = (
    PROVINCE,
    STATION_GROUP,
    QueryColumn("application", "VARCHAR", "The application that runs it."),
    QueryColumn("version", "VARCHAR", "Version of the application in this station group."),
    QueryColumn("image", "VARCHAR", "The Image by name."),
    QueryColumn("tag", "VARCHAR", "Version of the image."),
    QueryColumn("repository", "VARCHAR", "Where it is pulled from."),
    QueryColumn("digest", "VARCHAR", "Digest that pods name: of the index, or of the single manifest."),
    QueryColumn("architecture", "VARCHAR", "amd64, arm64 …"),
    QueryColumn("size", "BIGINT", "Compressed bytes of all its layers for this architecture."),
)


def rows(compiled: Compiled) -> Iterator[tuple[str | int, ...]]:
    plan, instances = compiled.plan, Instances(compiled.plan)
    known: dict[tuple[str, str], list[tuple[str | int, ...]]] = {}
    for group in plan.fleet.province.groups:
        for application in instances.applications(group):
            version = plan.running.of_group[group.name][application]
            if (application, version) not in known:
                known[application, version] = list(_pinned(compiled, application, version))
            for row in known[application, version]:
                yield plan.fleet.province.name, group.name, application, version, *row


def _pinned(compiled: Compiled, name: str, version: str) -> Iterator[tuple[str | int, ...]]:
    application = compiled.plan.fleet.edition(name, version)
    images = {component.image.name: component.image for component in application.components}
    for image in (images[key] for key in sorted(images)):
        tag = application.versions[version][image.name]
        for entry in image.locked[tag]:
            for architecture, platform in sorted(entry.platforms.items()):
                yield image.name, tag, entry.repository, entry.digest, str(architecture), platform.size
