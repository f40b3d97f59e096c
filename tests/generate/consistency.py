"""What must hold between the documents and rows of a fleet spec; each finding is one sentence."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from generate.reading import Reading
from milepost.model.spec import NodeRow, StationRow

STATEFULSET_NAME = 52
"""A StatefulSet's pods carry its name and a hash of at most eleven characters as a label value of 63."""


def findings(reading: Reading) -> list[str]:
    """Empty when every name is known and unique and every table fits its neighbours."""
    checks = (fleet, inventory, addresses, parents, databases, groups, releases, applications, images)
    return [finding for check in checks for finding in check(reading)]


def all_stations(reading: Reading) -> list[StationRow]:
    return [row for rows in reading.stations.values() for row in rows]


def all_nodes(reading: Reading) -> list[NodeRow]:
    return [row for rows in reading.nodes.values() for row in rows]


def unknown(what: str, names: Iterable[str | None], known: Iterable[str]) -> Iterator[str]:
    for name in sorted({name for name in names if name is not None} - set(known)):
        yield f"{what} {name!r} is not known"


def twice(what: str, names: Iterable[str]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{what} {name!r} stands {count} times"


def fleet(reading: Reading) -> Iterator[str]:
    if len(reading.of("Fleet")) != 1:
        yield "there is not exactly one Fleet"
    (document,) = reading.of("Fleet").values()
    levels = document.spec.levels
    yield from unknown("level", (kind.level for kind in document.spec.station_types.values()), levels)
    tiers = reading.of("RegistryTier")
    yield from unknown("registry tier", (tier.spec.parent for tier in tiers.values()), tiers)
    inheriting = [document, *reading.of("Province").values(), *reading.of("StationGroup").values()]
    yield from unknown("access", (one.spec.access for one in inheriting), reading.of("AccessProfile"))


def inventory(reading: Reading) -> Iterator[str]:
    (document,) = reading.of("Fleet").values()
    stations, nodes = all_stations(reading), all_nodes(reading)
    yield from twice("station", (row.name for row in stations))
    yield from twice("node", (row.name for row in nodes))
    yield from unknown("station group", (row.group for row in stations), reading.of("StationGroup"))
    yield from unknown("station type", (row.type for row in stations), document.spec.station_types)
    yield from unknown("profile", (row.profile for row in nodes), reading.of("HardwareProfile"))
    yield from unknown("role", (role for row in nodes for role in row.roles), document.spec.roles)
    yield from unknown("access", (row.access for row in [*stations, *nodes]), reading.of("AccessProfile"))
    for province, rows in reading.nodes.items():
        yield from unknown(
            "station", (row.station for row in rows), [row.name for row in reading.stations[province]]
        )


def addresses(reading: Reading) -> Iterator[str]:
    nodes = [row for row in all_nodes(reading) if row.address is not None]
    yield from twice("address", (str(row.address) for row in nodes))
    for row in nodes:
        if ipaddress.IPv4Address(row.address) not in ipaddress.IPv4Network("10.0.0.0/8"):
            yield f"{row.name} is outside 10.0.0.0/8"


def parents(reading: Reading) -> Iterator[str]:
    stations = {row.name: row for row in all_stations(reading)}
    for row in stations.values():
        if row.parent is None:
            continue
        parent = stations.get(row.parent)
        if parent is None or (parent.group, parent.type) != (row.group, "toll-station"):
            yield f"{row.name} has no parent {row.parent!r} among the toll stations of its group"


def databases(reading: Reading) -> Iterator[str]:
    data = Counter(row.station for row in all_nodes(reading) if "data" in row.roles)
    servers = Counter(row.station for row in all_nodes(reading) if "server" in row.roles)
    size = Counter(row.station for row in all_nodes(reading))
    for row in all_stations(reading):
        if row.type == "toll-station" and (data[row.name], servers[row.name] > 1) != (1, True):
            yield f"toll station {row.name} has {data[row.name]} data and {servers[row.name]} server nodes"
        if row.type == "gantry" and size[row.name] != 2:
            yield f"gantry {row.name} is not a pair"


def groups(reading: Reading) -> Iterator[str]:
    home = {name: group.spec.province for name, group in reading.of("StationGroup").items()}
    yield from unknown("province", home.values(), reading.of("Province"))
    for province, rows in reading.stations.items():
        for group in {row.group for row in rows}:
            if home.get(group) != province:
                yield f"stations of {group} are in {province}'s table"
    yield from unknown("station for group", home, {row.group for row in all_stations(reading)})


def moved(wave: Any, home: dict[str, str]) -> list[str]:
    return [*wave.groups, *(group for group, province in home.items() if province in wave.provinces)]


def releases(reading: Reading) -> Iterator[str]:
    home = {name: group.spec.province for name, group in reading.of("StationGroup").items()}
    for name, release in reading.of("Release").items():
        spec = release.spec
        yield from unknown("group", (group for wave in spec.waves for group in wave.groups), home)
        yield from unknown(
            "province", (one for wave in spec.waves for one in wave.provinces), reading.of("Province")
        )
        yield from twice(f"in {name} group", (group for wave in spec.waves for group in moved(wave, home)))
        yield from unknown(f"in {name} wave", [spec.switched], [wave.name for wave in spec.waves])
        versions = reading.of("Application")[spec.application].spec.versions
        yield from unknown(f"in {name} version", [spec.start, spec.to], versions)


def applications(reading: Reading) -> Iterator[str]:
    longest = max(len(row.name) for row in all_stations(reading))
    (document,) = reading.of("Fleet").values()
    for name, application in reading.of("Application").items():
        spec = application.spec
        components = [component.name for component in spec.components]
        yield from twice(f"in {name} component", components)
        yield from unknown(f"in {name} version", [spec.version], spec.versions)
        yield from unknown("station type", spec.stations.types, document.spec.station_types)
        yield from unknown("group", spec.stations.groups, reading.of("StationGroup"))
        for rule in spec.topology:
            active = rule.active.components if rule.active else ()
            named = rule.together or rule.apart or rule.spread or rule.standby or rule.mutual or active
            yield from unknown(f"in {name} component", named, components)
        for component in spec.components:
            yield from one_component(reading, name, component)
            if len(f"{name}-{component.name}-") + longest > STATEFULSET_NAME:
                yield f"{name}-{component.name} leaves no room for a station of {longest} characters"


def one_component(reading: Reading, application: str, component: Any) -> Iterator[str]:
    (document,) = reading.of("Fleet").values()
    files = [file.template for file in component.files if file.template] + [
        component.manifest or component.image
    ]
    for path in files[: None if component.manifest else -1]:
        if not (reading.root / path).is_file():
            yield f"{application}/{component.name} names {path}, which is not there"
    yield from unknown("role", component.nodes.roles, document.spec.roles)
    yield from unknown("node group", [component.nodes.group], reading.of("NodeGroup"))
    yield from unknown("image", [component.image], reading.of("Image"))
    for version, tags in reading.of("Application")[application].spec.versions.items():
        tag, image = tags.get(component.image), reading.of("Image")[component.image]
        if tag not in image.spec.versions:
            yield f"{application} {version} has no known tag for {component.image}"


def images(reading: Reading) -> Iterator[str]:
    assert reading.lock is not None
    locked = reading.lock.images
    digests = [entry.digest for tags in locked.values() for entries in tags.values() for entry in entries]
    yield from twice("digest", digests)
    for name, image in reading.of("Image").items():
        repositories = (
            {image.spec.repository} if image.spec.repository else set(image.spec.repositories.values())
        )
        for tag in image.spec.versions:
            if {entry.repository for entry in locked.get(name, {}).get(tag, [])} != repositories:
                yield f"image {name}:{tag} is not locked"
