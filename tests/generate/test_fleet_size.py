"""A number of nodes, cut into provinces, station groups and stations."""

from __future__ import annotations

import pytest

from milepost.generate.fleet_draft import draft
from milepost.generate.fleet_size import SMALLEST_PROVINCE, apportion, fleet_size, split

SIZES = [(1, 6), (1, 10), (1, 11), (1, 15), (2, 13), (3, 100), (7, 999), (29, 174), (29, 2900)]


@pytest.mark.parametrize(
    ("total", "weights", "least"), [(10, [1, 1, 1], 0), (7, [5, 1], 1), (3, [9, 1, 1], 1)]
)
def test_parts_add_up_and_none_is_below_the_least(total: int, weights: list[int], least: int) -> None:
    """Nothing is lost to rounding."""
    parts = apportion(total, weights, least)
    assert sum(parts) == total
    assert min(parts) >= least


@pytest.mark.parametrize(("provinces", "nodes"), SIZES)
def test_a_fleet_has_exactly_as_many_nodes_as_asked_for(provinces: int, nodes: int) -> None:
    """Whatever the size, and with two lanes at every toll station at least."""
    size = fleet_size(nodes, provinces)
    parts = split(size, range(1, provinces + 1), 1)
    assert size.nodes == nodes
    assert sum(part.nodes for part in parts) == nodes
    assert all(part.lanes >= 2 * part.tolls and part.gantries >= 1 for part in parts)


@pytest.mark.parametrize(("provinces", "nodes"), [*SIZES, (3, 5000)])
def test_the_summary_counts_the_rows_that_are_written(provinces: int, nodes: int) -> None:
    """Lines of the tables, header lines aside."""
    made, summary = draft(provinces, nodes, 1, "station-group")
    tables = {path: text for path, text in made.files.items() if path.rpartition("/")[2].startswith("nodes.")}
    lines = sum(
        t.count("\n- name:") + t.startswith("- name:") for p, t in tables.items() if p.endswith(".yaml")
    )
    lines += sum(text.count("\n") - 1 for path, text in tables.items() if path.endswith(".csv"))
    assert (lines, summary.nodes, summary.provinces) == (nodes, nodes, provinces)


def test_the_reference_fleet_has_the_sizes_that_are_written_about_it() -> None:
    """29 provinces, 34,000 stations, 100,000 nodes; about 1,450 groups and 500,000 instances."""
    made, summary = draft(29, 100_000, 1, "station-group")
    assert (summary.nodes, summary.stations, summary.gantries, summary.toll_stations) == (
        100_000,
        34_000,
        24_600,
        9_400,
    )
    assert summary.groups == pytest.approx(1450, rel=0.02)
    assert summary.instances == pytest.approx(500_000, rel=0.05)
    largest = max(len(groups) for groups in made.groups.values())
    assert largest / (summary.groups / 29) == pytest.approx(3, rel=0.1)


def test_growth_keeps_the_proportions() -> None:
    """Twice the nodes are twice the stations, groups and instances."""
    _, small = draft(5, 5_000, 1, "station-group")
    _, large = draft(5, 10_000, 1, "station-group")
    for name in ("stations", "gantries", "toll_stations", "groups", "instances"):
        assert getattr(large, name) == pytest.approx(2 * getattr(small, name), rel=0.05)


@pytest.mark.parametrize(("provinces", "nodes"), [(0, 100), (30, 100_000), (2, 2 * SMALLEST_PROVINCE - 1)])
def test_a_fleet_that_cannot_be_is_refused(provinces: int, nodes: int) -> None:
    """With the number that would do."""
    with pytest.raises(ValueError, match=r"\d+"):
        draft(provinces, nodes, 1, "station-group")
