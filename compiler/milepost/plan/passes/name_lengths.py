"""Object name lengths against Kubernetes' limits, computed once per workload over the longest station name."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code, Related, Sink
from milepost.model.fleet import Component, Fleet, Station
from milepost.model.kinds import JOB, SERVICE, named
from milepost.model.origin import DocumentOrigin
from milepost.model.plan import CloudPlacement, Placement, Workload
from milepost.model.record import by_value
from milepost.plan.pass_order import Role

MP4040 = Code(
    "MP4040",
    "object name too long",
    "Objects are named application-component-station. A Service and a label value hold 63 characters; a StatefulSet's "
    "name and a Job's at most 52, since Kubernetes or Milepost puts a hash behind it.",
    "# application tolling-and-clearing, component transaction-archive-writer, station hunan-g4-beijing-hongkong-macau-yueyang\n",
)
_HASH = len("-0123456789")
"""Characters that follow the name of what is named after its content."""


ROLE = Role.CHECKS


def run(fleet: Fleet, placement: Placement, cloud: CloudPlacement, sink: Sink) -> None:
    worst: dict[tuple[str, str], ObjectName] = {}
    named = (*_of_stations(fleet, placement), *_of_groups(fleet, placement), *_of_cloud(fleet, cloud))
    for found in (*named, *_of_volumes(fleet)):
        if found.excess > 0:
            # Name breaks ties, so that the message does not depend on the order of classes.
            known = worst.setdefault(found.owner, found)
            worst[found.owner] = max(known, found, key=lambda name: (name.excess, name.name))
    for found in worst.values():
        _report(found, sink)


@by_value
class ObjectName:
    """A name that a component gives to an object, and how many characters it may have."""

    name: str
    limit: int
    component: Component
    at: DocumentOrigin
    station: Station | None = None

    @property
    def excess(self) -> int:
        return len(self.name) - self.limit

    @property
    def owner(self) -> tuple[str, str]:
        """One message for each component, since the part of its names that is too long is common to all of them."""
        return self.component.application, self.component.name


def _of_stations(fleet: Fleet, placement: Placement) -> Iterator[ObjectName]:
    for station_class in placement.station_classes:
        longest = max(station_class.stations, key=lambda s: (len(s.name), s.name))
        for workload in station_class.workloads:
            for stem, component in _stems(workload, fleet):
                # Only the workload's own name is held to the limit of its kind; what its other
                # components make are Services and ConfigMaps.
                limit = _longest(workload.kind) if stem == workload.stem else SERVICE.longest_name
                yield ObjectName(
                    f"{stem}-{longest.name}", limit, component, component.origin.of("name"), longest
                )


def _of_groups(fleet: Fleet, placement: Placement) -> Iterator[ObjectName]:
    for group_class in placement.group_classes:
        for workload in group_class.workloads:
            for stem, component in _stems(workload, fleet):
                yield ObjectName(stem, SERVICE.longest_name, component, component.origin.of("name"))


def _of_cloud(fleet: Fleet, cloud: CloudPlacement) -> Iterator[ObjectName]:
    for workload in cloud.workloads:
        for stem, component in _stems(workload, fleet):
            limit = _longest(workload.kind) if stem == workload.stem else SERVICE.longest_name
            yield ObjectName(stem, limit, component, component.origin.of("name"))


def _longest(kind: str) -> int:
    """For a workload, whose pods carry its name as a label."""
    row = named(kind)
    return min(row.longest_name, SERVICE.longest_name) - (_HASH if row is JOB else 0)


def _stems(workload: Workload, fleet: Fleet) -> Iterator[tuple[str, Component]]:
    """Every name that a workload gives to objects, the station aside."""
    members = fleet.members(workload.edition, workload.members)
    yield workload.stem, members[0]
    yield from ((f"{c.application}-{c.name}", c) for c in members)


def _of_volumes(fleet: Fleet) -> Iterator[ObjectName]:
    for component in fleet.components.values():
        for name, at in _volumes(component):
            yield ObjectName(f"{component.name}-{name}", SERVICE.longest_name, component, at.of("name"))


def _volumes(component: Component) -> Iterator[tuple[str, DocumentOrigin]]:
    """What becomes a volume of the pod, but for the config files, whose volume has a short name."""
    for index, volume in enumerate(component.settings.volumes):
        yield volume.name, component.origin.of("volumes", index)
    for index, secret in enumerate(component.settings.secrets):
        if secret.path is not None:
            yield secret.name, component.origin.of("secrets", index)


def _report(found: ObjectName, sink: Sink) -> None:
    station = found.station
    sink.report(
        MP4040,
        f'"{found.name}" has {len(found.name)} characters, more than {found.limit}',
        found.at.span,
        related=[Related("the station's name", station.origin.of("name").span)] if station else [],
        hint="shorten one of the names that it is made of",
    )
