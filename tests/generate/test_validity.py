"""Generated fleets are fleets that a person could have written: valid, consistent, and using all there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import GenericAlias
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from generate.consistency import all_stations, findings
from generate.reading import Reading, read
from milepost.generate import Partition, generate
from milepost.model.spec import KINDS, NodeRow, StationRow
from milepost.model.spec.node_group import NodeSelector

pytestmark = pytest.mark.slow

EXAMPLE = Path(__file__).parents[2] / "fleet-spec"
LONGEST_NAME = 24
"""Names of stations become part of object names, of which a StatefulSet's may have 52 characters."""


def fleet(
    tmp_path: Path, provinces: int, nodes: int, seed: int = 1, partition: Partition = "station-group"
) -> Reading:
    generate(tmp_path / "fleet", provinces=provinces, nodes=nodes, seed=seed, partition=partition)
    return read(tmp_path / "fleet")


@pytest.mark.parametrize(
    ("provinces", "nodes", "seed"),
    [(1, 6, 1), (1, 10, 2), (1, 15, 3), (2, 60, 1), (3, 1000, 1), (5, 333, 9), (29, 174, 1), (29, 4000, 5)],
)
def test_every_document_and_row_is_valid_and_every_name_known(
    tmp_path: Path, provinces: int, nodes: int, seed: int
) -> None:
    """By the models, and by the references between them."""
    assert findings(fleet(tmp_path, provinces, nodes, seed)) == []


def test_names_stay_short_and_unique_where_one_province_has_many_sections(tmp_path: Path) -> None:
    """A province with several laps over its towns still gives every section a name of its own."""
    reading = fleet(tmp_path, 1, 40_000)
    stations = [row.name for row in all_stations(reading)]
    assert max(map(len, stations)) <= LONGEST_NAME
    assert len(set(stations)) == len(stations)
    assert len(reading.of("StationGroup")) == len({row.group for row in all_stations(reading)}) > 500


def test_station_groups_stay_small(tmp_path: Path) -> None:
    """About two dozen stations, never twice as many."""
    sizes = Counter(row.group for row in all_stations(fleet(tmp_path, 3, 9_000)))
    assert max(sizes.values()) < 48


def test_the_fleet_mixes_hardware_lines_and_ways_to_sync(tmp_path: Path) -> None:
    """Both architectures, private, proxy and public lines, both agents, Git and OCI."""
    reading = fleet(tmp_path, 5, 3_000)
    profiles = Counter(row.profile for rows in reading.nodes.values() for row in rows)
    assert set(profiles) == set(reading.of("HardwareProfile"))
    assert {access.spec.line for access in reading.of("AccessProfile").values()} == {
        "private",
        "proxy",
        "public",
    }
    syncs = [province.spec.sync for province in reading.of("Province").values()]
    assert {sync.engine for sync in syncs if sync} == {"flux", "argocd"}
    assert "OCIRepository" in {sync.source.kind for sync in syncs if sync}
    assert None in syncs


def test_instances_in_the_summary_are_those_that_the_documents_ask_for(tmp_path: Path) -> None:
    """Each component times its matching nodes, or its replicas, at each station of its application."""
    summary = generate(tmp_path / "fleet", provinces=3, nodes=1_500, seed=4)
    assert summary.instances == sum(counted(read(tmp_path / "fleet")))


def counted(reading: Reading) -> Iterator[int]:
    homes = {row.name: row for row in all_stations(reading)}
    nodes: dict[str, list[NodeRow]] = {name: [] for name in homes}
    for rows in reading.nodes.values():
        for row in rows:
            nodes[row.station].append(row)
    for application in reading.of("Application").values():
        chosen = application.spec.stations
        for station in homes.values():
            if (station.type in chosen.types or not chosen.types) and (
                station.group in chosen.groups or not chosen.groups
            ):
                for component in application.spec.components:
                    matching = sum(
                        fits(reading, component.nodes, node, station) for node in nodes[station.name]
                    )
                    yield matching if isinstance(component.replicas, str) else component.replicas


def fits(reading: Reading, selector: NodeSelector, node: NodeRow, station: StationRow) -> bool:
    group = reading.of("NodeGroup").get(selector.group or "")
    profile = reading.of("HardwareProfile")[node.profile].spec
    return (
        (group is None or fits(reading, group.spec.match, node, station))
        and set(selector.roles) <= set(node.roles)
        and profile.architecture in (selector.architectures or [profile.architecture])
        and node.profile in (selector.profiles or [node.profile])
        and station.type in (selector.station_types or [station.type])
        and selector.labels.items() <= node.labels.items()
    )


OF_A_MOMENT = {
    "Acknowledgement": {"allows", "by"},
    "ApplicationSpec": {"objects"},
    "Cluster": {"acknowledged_vulnerabilities"},
    "AccessProfileSpec": {"transport"},
    "CloudCoreEndpointEntry": {"ports"},
    "CloudCoreEntry": {"authorization", "config"},
    "CloudCorePortsEntry": {"certificates", "quic", "stream", "websocket"},
    "ColumnMapping": {"addresses", "devices", "nodes", "stations"},
    "ComponentEntry": {"tolerations"},
    "ConfigFile": {"format"},
    "EdgeEntry": {"cgroup_driver"},
    "EdgeModules": {"device_twin", "meta_server", "service_bus"},
    "EditionDocument": {"api_version", "kind", "metadata", "spec"},
    "EditionSpec": {"application", "definition", "seal", "values", "version"},
    "EditionValues": {"groups", "provinces", "stations"},
    "FailoverEntry": {"secret"},
    "NodeUpgradeEntry": {"concurrency", "failure_tolerate", "installation", "to", "waves"},
    "NodeUpgradeWave": {"groups", "name"},
    "Reconnect": {"rate"},
    "StationRow": {"interface", "vlan"},
    "TopologyRule": {"prefer", "takeover"},
    "FleetSpec": {"approvers", "guards"},
    "Freeze": {"end", "name", "provinces", "start"},
    "ClusterLimitsEntry": {
        *("nodes", "pods", "namespaces", "services", "pods_per_namespace", "services_per_namespace"),
        *("deployments_per_namespace", "backends_per_service", "daemon_set_checks", "etcd_bytes"),
    },
    "Guards": {"frozen", "protect", "provinces_per_change", "removals", "restarts", "watch"},
    "Helper": {"image", "version"},
    "KnownSecret": {"fingerprint", "owner", "reason", "until"},
    "NodeRow": {"slot"},
    "NodeSelector": {"any_role", "may_be_empty"},
    "ObjectsEntry": {"file", "per"},
    "PolicySpec": {"cluster_limits", "known_secrets"},
    "Prepull": {"checks", "engine", "helper", "retry_times"},
    "ProvinceSpec": {"columns", "edge", "node_upgrade", "objects", "readers"},
    "ReleaseSpec": {"rollback", "without_prepull"},
    "Removals": {"objects", "workloads"},
    "Reserved": {"disk"},
    "Restarts": {"groups", "stations"},
    "StationGroupSpec": {"approvers", "objects", "readers"},
    "StationSelector": {"may_be_empty"},
    "TolerationEntry": {"effect", "key", "operator", "value"},
    "WaveEntry": {"attempt", "may_be_empty", "together", "window"},
}
"""Keys that say what one change, one release, one kind of cluster or one asset database needs: tests of those say them."""


def test_every_key_of_the_spec_is_used_somewhere(tmp_path: Path) -> None:
    """Over both partitions and the example, no key is left out by all but those that belong to a moment."""
    readings = [
        fleet(tmp_path / "by-group", 3, 2_000, partition="station-group"),
        fleet(tmp_path / "by-station", 3, 2_000, partition="station"),
        read(EXAMPLE),
    ]
    used: set[tuple[str, str]] = set()
    for reading in readings:
        documents = [one for names in reading.kinds.values() for one in names.values()]
        rows = [row for table in (reading.stations, reading.nodes) for part in table.values() for row in part]
        for one in [*documents, *rows, reading.lock]:
            used |= set(keys_set(one))
    known = {key for model in (*KINDS.values(), NodeRow, StationRow) for key in keys_known(model)}
    momentary = {(model, key) for model, keys in OF_A_MOMENT.items() for key in keys}
    assert known - used == momentary


def keys_set(value: Any) -> Iterator[tuple[str, str]]:
    """Model and field of everything that is said in ``value``."""
    if isinstance(value, BaseModel):
        for name in value.model_fields_set:
            yield type(value).__name__, name
            yield from keys_set(getattr(value, name))
    elif isinstance(value, dict):
        for one in value.values():
            yield from keys_set(one)
    elif isinstance(value, list):
        for one in value:
            yield from keys_set(one)


def keys_known(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Model and field of everything that can be said in ``model``."""
    for name, field in model.model_fields.items():
        yield model.__name__, name
        for inner in models_in(field.annotation):
            yield from keys_known(inner)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if (
        isinstance(annotation, type)
        and not isinstance(annotation, GenericAlias)
        and issubclass(annotation, BaseModel)
    ):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)
