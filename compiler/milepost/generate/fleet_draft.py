"""A generated fleet spec: every file as text, and a count of what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from milepost.generate.accepted_limits import cluster_limits
from milepost.generate.addresses import blocks, lans
from milepost.generate.dice import Dice
from milepost.generate.file_writer import csv_text, standing_files, yaml_text
from milepost.generate.fleet_size import ProvinceSize, fleet_size, split
from milepost.generate.geography import PROVINCES, SampleProvince
from milepost.generate.instance_count import instances
from milepost.generate.level_documents import province_document, section_document
from milepost.generate.release_documents import release_documents
from milepost.generate.sample_images import image_documents, lock_document
from milepost.generate.section_inventory import (
    ADDRESS_COLUMNS,
    NODE_COLUMNS,
    STATION_COLUMNS,
    SectionInventory,
)
from milepost.generate.sections import RoadSection, sections
from milepost.model.record import by_value

Partition = Literal["station-group", "station"]


@by_value
class GeneratedSummary:
    """What was written. ``instances`` counts each container of a component."""

    provinces: int
    groups: int
    stations: int
    gantries: int
    toll_stations: int
    nodes: int
    instances: int
    files: int
    bytes: int


@dataclass(slots=True)
class FleetDraft:
    """A fleet spec in the making."""

    files: dict[str, str] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    instances: int = 0
    largest: int = 0
    """Nodes of the largest province."""

    @property
    def guided(self) -> str:
        return next(iter(self.groups.values()))[0]


def draft(provinces: int, nodes: int, seed: int, partition: Partition) -> tuple[FleetDraft, GeneratedSummary]:
    """Everything in memory. Raises ValueError for a number of provinces or nodes that cannot be."""
    if not 1 <= provinces <= len(PROVINCES):
        raise ValueError(f"there are 1 to {len(PROVINCES)} provinces to take")
    # Everything is computed before anything is written, so a refused number leaves no folder
    # behind.
    size, made = fleet_size(nodes, provinces), FleetDraft()
    taken = PROVINCES[:provinces]
    block = 0
    for number, part in enumerate(split(size, [province.weight for province in taken], 1)):
        _add_province(made, taken[number], number, part, block, Dice(seed, taken[number].name))
        block += blocks(part.stations)
    _add_shared(made, partition)
    return made, _summary(made, size, provinces)


def _add_province(
    made: FleetDraft, province: SampleProvince, number: int, size: ProvinceSize, block: int, dice: Dice
) -> None:
    parts, lan = sections(province, size, dice), lans(block)
    made.largest = max(made.largest, size.nodes)
    made.groups[province.name] = [section.name for section in parts]
    built = [SectionInventory(province, section, lan, dice) for section in parts]
    made.instances += sum(
        instances(b.nodes, s.name == made.guided) for s, b in zip(parts, built, strict=True)
    )
    # One section of the first province is in YAML, so that every generated fleet exercises both
    # forms of inventory.
    by_hand = 1 if number == 0 and len(parts) > 1 else 0
    folder = f"provinces/{province.name}"
    tables = dict(_tables(folder, built, len(built) - by_hand))
    made.files |= tables
    stations = [path for path in tables if "stations" in path]
    nodes = [path for path in tables if "nodes" in path]
    addresses = [path for path in tables if "addresses" in path]
    made.files[f"{folder}/province.yaml"] = province_document(province, number, stations, nodes, addresses)
    made.files[f"{folder}/sections.yaml"] = _section_documents(made, province, parts)


def _tables(folder: str, built: list[SectionInventory], cut: int) -> Iterator[tuple[str, str]]:
    """CSV for the sections before ``cut``, YAML for those after it."""
    for suffix, text, part in (("csv", csv_text, built[:cut]), ("yaml", yaml_text, built[cut:])):
        if part:
            yield (
                f"{folder}/stations.{suffix}",
                text(STATION_COLUMNS, [row for one in part for row in one.stations]),
            )
            yield f"{folder}/nodes.{suffix}", text(NODE_COLUMNS, [row for one in part for row in one.nodes])
            addresses = [row for one in part for row in one.addresses]
            yield f"{folder}/addresses.{suffix}", text(ADDRESS_COLUMNS, addresses)


def _section_documents(made: FleetDraft, province: SampleProvince, parts: list[RoadSection]) -> str:
    return "---\n".join(section_document(province, section, section.name == made.guided) for section in parts)


def _add_shared(made: FleetDraft, partition: Partition) -> None:
    """KubeEdge takes an EdgeApplication apart by its partition, so per-station ones need the partition ``station``."""
    for path, text in standing_files().items():
        text = text.replace("FIRST_PROVINCE", next(iter(made.groups))).replace("FIRST_GROUP", made.guided)
        text = text.replace("EDGE_APPLICATION", str(partition == "station").lower())
        text = text.replace("CLUSTER_LIMITS", cluster_limits(made.largest))
        made.files[path] = text.replace("PARTITION", partition)
    made.files["images.yaml"] = image_documents()
    made.files["images.lock.yaml"] = lock_document()
    made.files["releases.yaml"] = release_documents(made.groups)


def _summary(made: FleetDraft, size: ProvinceSize, provinces: int) -> GeneratedSummary:
    return GeneratedSummary(
        provinces=provinces,
        groups=sum(len(groups) for groups in made.groups.values()),
        stations=size.stations,
        gantries=size.gantries,
        toll_stations=size.tolls,
        nodes=size.nodes,
        instances=made.instances,
        files=len(made.files),
        bytes=sum(len(text.encode()) for text in made.files.values()),
    )
