"""Layout of a tree: what is written with a row of the table is read back by it, whatever the names are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.model import layout
from milepost.model.layout import LAYOUT, FilePurpose, FileRole

NAMES = st.from_regex(r"[a-z]([-a-z0-9]{0,12}[a-z0-9])?", fullmatch=True)
ROWS = [(role, pattern) for role, patterns in LAYOUT.items() for pattern in patterns]


@given(st.sampled_from(ROWS), st.data())
def test_a_path_is_read_as_it_was_written(
    row: tuple[FileRole, layout.PathPattern], data: st.DataObject
) -> None:
    """With any names that a group and a station may have; those that are taken are refused by MP2025."""
    role, pattern = row
    holes = re.findall(r"\{([a-z]+)\}", pattern)
    names = {hole: data.draw(NAMES, label=hole) for hole in holes}
    for hole in ("group", "station"):
        if names.get(hole, "") in layout.taken(hole) | {"kustomization"} or names.get(hole, "").startswith(
            "milepost"
        ):
            return
    if pattern in (
        "{unit}/kustomization.yaml",
        "bootstrap/{engine}/{part}",
        "registry/{tier}.yaml",
        "cloud/{application}.yaml",
    ):
        return  # rows for what no row with a name fits: nothing depends on their names
    found = layout.reader({"layout": layout.record()}).purpose(pattern.path(**names))
    assert found == FilePurpose(role, *(names.get(hole, "") for hole in ("group", "station", "release")))


def test_another_version_is_read_by_its_own_record() -> None:
    """A tree of a later version, with folders by road, and a role that this one does not know."""
    rows = {"roads/{road}/{group}/{station}.yaml": "station-objects", "new/{thing}.yaml": "something-new"}
    read = layout.reader({"layout": rows})
    assert read.purpose("roads/g4/hn-g4/a.yaml") == FilePurpose(FileRole.STATION, "hn-g4", "a")
    assert read.purpose("new/x.yaml") == FilePurpose(FileRole.PROVINCE)
    assert read.purpose("groups/hn-g4/a.yaml") == FilePurpose(FileRole.PROVINCE)


@pytest.mark.parametrize("index", [None, [], {}, {"layout": 1}, {"layout": {"a": 1}}])
def test_a_tree_without_a_record_has_the_first_layout(index: object) -> None:
    assert layout.reader(index).purpose("groups/g4/a.yaml") == FilePurpose(FileRole.STATION, "g4", "a")


def test_names_of_other_files_are_taken() -> None:
    assert layout.taken("station") == {"kustomization", "shared", "empty"}
    assert {"cluster", "prepull", "source", "identity", "project"} <= layout.taken("group")


def test_the_parts_of_a_station_and_of_a_group_are_told_apart() -> None:
    """hosts.toml and mirrors of a group stand beside its stations, and are of none."""
    read = layout.reader(None)
    assert read.purpose("groups/g4/shared.hosts.yaml") == FilePurpose(FileRole.SHARED, "g4")
    assert read.purpose("groups/g4/a.hosts.yaml") == FilePurpose(FileRole.STATION, "g4", "a")
    assert read.purpose("bootstrap/hosts/g4/a/registry.example/hosts.toml") == FilePurpose(
        FileRole.HOSTS, "g4", "a"
    )
