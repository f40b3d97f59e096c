"""Management traffic: the model's arithmetic, the intervals that are chosen from it, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edge.fleets import configs, edge_fleet, only
from milepost.model.edge_traffic import ManagementIntervals
from milepost.plan.edge.intervals import ladder
from milepost.plan.edge.traffic_model import (
    CONSTANTS,
    MONTH,
    NodeLoad,
    TrafficConstants,
    idle,
    month,
    new_pod,
    node_traffic,
)

USUAL = ManagementIntervals(40, 300)
IDLE = NodeLoad(5, 15, 0, 0)


def test_every_constant_names_its_source() -> None:
    """And is some amount."""
    assert all(constant.source and constant.value > 0 for constant in CONSTANTS)


def test_an_idle_node_of_before_carries_what_was_measured() -> None:
    """1.70 KB/s with five pods, and about 150 MB a day (KubeEdge issue 6179)."""
    assert sum(node_traffic(IDLE, USUAL, "1.22.2")) == pytest.approx(1700)
    assert month(node_traffic(IDLE, USUAL, "1.22.2")) / 30 == pytest.approx(147e6, rel=0.01)


def test_newer_versions_carry_less() -> None:
    """EdgeCore reads its own Node from its database since 1.23."""
    old, new = (sum(node_traffic(IDLE, USUAL, release)) for release in ("1.22.2", "1.23.1"))
    assert new < old / 5


@pytest.mark.parametrize(
    ("constant", "bytes_a_second"),
    [
        # A lease is renewed every 10 s and comes back; a status goes every 300 s; a heartbeat every 15 s.
        ("lease", 2 / 10),
        ("node_status", 1 / 300),
        ("heartbeat", 1 / 15),
        ("pod_status", 5 * 4 / 3600),
        ("framing", 2 / 10 + 2 / 300 + 2 / 15 + 2 * 5 * 4 / 3600),
        ("envelope", 2 / 10 + 2 / 300 + 2 / 15 + 2 * 5 * 4 / 3600),
        ("endpoints", 100 * 2 * 4 / MONTH),
    ],
)
def test_the_sum_moves_by_what_a_constant_moves(constant: str, bytes_a_second: float) -> None:
    """One byte more of it, and the traffic is more by as many as messages go."""
    load = IDLE._replace(served=100)
    own: Any = getattr(CONSTANTS, constant)
    more = TrafficConstants()._replace(**{constant: own._replace(value=own.value + 1)})
    before, after = sum(node_traffic(load, USUAL, "1.23.1")), sum(node_traffic(load, USUAL, "1.23.1", more))
    per_change = 100 * 2 * 4 / MONTH if constant in ("framing", "envelope") else 0
    assert after - before == pytest.approx(bytes_a_second + per_change)


def test_by_hand() -> None:
    """Recorded arithmetic of the default intervals."""
    message = 120 + 300
    up = (message + 200) / 10 + (message + 1000) / 300 + (message + 20) / 15 + 5 * 4 * (message + 1500) / 3600
    down = (message + 200) / 10 + message / 300 + message / 15 + message * 5 * 4 / 3600
    assert idle(IDLE, USUAL) == pytest.approx((up, down))
    assert new_pod(1000) == round(2 * (message + 4000) + message + 1000 + 4 * (message + 1500))


def test_telemetry_goes_up_alone() -> None:
    """As it is declared."""
    quiet, told = (node_traffic(IDLE._replace(telemetry=rate), USUAL, "1.23.1") for rate in (0, 8000))
    assert (told.up - quiet.up, told.down - quiet.down) == (1000, 0)


@pytest.mark.parametrize("grace", [10, 40, 50, 120, 200, 3600])
def test_no_lease_outlives_the_grace_period(grace: int) -> None:
    """So four renewals fall into it; the default is the first wherever it is allowed."""
    found = list(ladder(grace))
    assert all(4 * every.renewal <= grace for every in found)
    assert found[0].lease_duration == min(40, grace)
    assert [e.renewal for e in found] == sorted(e.renewal for e in found)


def edgecore(tmp_path: Path, **more: Any) -> Any:
    made = edge_fleet(tmp_path, **more)
    assert not made.diagnostics, made.said
    return only(configs(made, "edgecore"))["modules"]["edged"]["tailoredKubeletConfig"]


def test_a_wide_line_keeps_the_defaults(tmp_path: Path) -> None:
    """40 s and 5 min, which are the kubelet's own."""
    kubelet = edgecore(tmp_path)
    assert (kubelet["nodeLeaseDurationSeconds"], kubelet["nodeStatusReportFrequency"]) == (40, "300s")


def test_a_narrow_line_is_given_longer_intervals_within_the_grace_period(tmp_path: Path) -> None:
    """The shortest that fit: the next shorter ones would not."""
    access = {"up": "64kbit/s", "down": "64kbit/s", "managementShare": 0.02}
    kubelet = edgecore(tmp_path, access=access, cloudcore={"gracePeriod": "200s"})
    assert 40 < kubelet["nodeLeaseDurationSeconds"] <= 200


def test_a_line_that_nothing_fits_is_refused_with_what_would_help(tmp_path: Path) -> None:
    """And what is told does help."""
    access = {"up": "64kbit/s", "down": "64kbit/s", "managementShare": 0.02}
    made = edge_fleet(tmp_path / "refused", access=access)
    assert made.codes == ["MP4123"]
    hint = made.diagnostics[0].hint or ""
    grace = hint.split("gracePeriod of ")[1].split(",")[0]
    edgecore(tmp_path / "longer", access=access, cloudcore={"gracePeriod": grace})
    share = float(hint.split("managementShare of ")[1].split(",")[0])
    edgecore(tmp_path / "wider", access=access | {"managementShare": share})
    times = float(hint.split("rates ")[1].split(" times")[0])
    rate = f"{64 * (times + 0.1):.0f}kbit/s"
    edgecore(tmp_path / "faster", access=access | {"up": rate, "down": rate})


def test_a_metered_line_has_its_volume(tmp_path: Path) -> None:
    """Two nodes carry more than a tenth of 2 GiB in 30 days."""
    made = edge_fleet(tmp_path / "refused", access={"monthlyVolume": "2Gi"})
    assert made.codes == ["MP4124"]
    share = float((made.diagnostics[0].hint or "").split("managementShare of ")[1].split(",")[0])
    if share <= 1:
        edgecore(tmp_path / "wider", access={"monthlyVolume": "2Gi", "managementShare": share})
    edgecore(tmp_path / "more", access={"monthlyVolume": "100Gi"})


def test_more_nodes_behind_one_line_carry_more(tmp_path: Path) -> None:
    """Linearly; a node with a line of its own is not among them."""

    def line(name: str, rows: str) -> Any:
        made = edge_fleet(tmp_path / name, nodes=f"name,station,profile,roles\n{rows}")
        return made.provinces["north"].plan.traffic.by_access["line"]

    two = line("two", "a1,a,box,server\na2,a,box,server\n")
    four = line("four", "".join(f"a{n},a,box,server\n" for n in range(4)))
    assert (two.nodes, four.nodes) == (2, 4)
    assert four.up > 1.9 * two.up
