"""The return after a cut: the closed form beside the events, lock-step and spread, and the contract."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.fleets import edge_fleet
from fleets import EXAMPLE
from milepost.model.edge_nodes import heartbeat
from milepost.plan.edge.reconnect import (
    READY,
    admitted,
    busiest_second,
    enough_rate,
    fixed_wait,
    longest_queue,
    longest_wait,
    next_try,
    return_bound,
)
from milepost.simulate.reconnect_events import ReturningNode, Storm, play

HANDSHAKE, PATIENCE, WORK = 0.1, 30, 0.02


def province(nodes: int, least: int, most: int) -> list[ReturningNode]:
    """Nodes of 50 sections, named as inventories do."""
    found = []
    for number in range(nodes):
        section = f"g{number % 50}"
        name = f"{section}-k{number // 50}-a"
        found.append(ReturningNode(name, heartbeat(name, section, least, most), HANDSHAKE, PATIENCE))
    return found


def storm(rate: int, cut: float, fixed: bool = True) -> Storm:
    return Storm(cut, rate, workers=8, work=WORK, fixed=fixed)


@pytest.mark.parametrize("cut", [60, 600, 3600, 7200, 86_400])
@pytest.mark.parametrize(
    ("nodes", "rate", "least", "most"), [(3450, 175, 11, 20), (3450, 175, 11, 40), (1000, 100, 15, 15)]
)
def test_the_closed_form_is_within_five_percent_of_the_events(
    cut: int, nodes: int, rate: int, least: int, most: int
) -> None:
    """Written apart from each other: one by a formula over sorted times, one by a queue and a clock."""
    fleet = province(nodes, least, most)
    arrivals = sorted(next_try(node.heartbeat, cut) for node in fleet)
    expected = admitted(arrivals, rate) + WORK + HANDSHAKE + READY
    figures = play(fleet, storm(rate, cut))
    assert len(figures.ready) == nodes and figures.given_up == 0
    assert figures.last == pytest.approx(expected, rel=0.05)


@given(st.lists(st.floats(0, 50), max_size=80), st.integers(1, 30))
@settings(max_examples=100, deadline=None)
def test_the_formula_is_what_letting_in_one_by_one_gives(times: list[float], rate: int) -> None:
    """And nobody waits longer than the last one's queue says."""
    arrivals, let_in = sorted(times), []
    for number, at in enumerate(arrivals):
        let_in.append(at if number < rate else max(at, let_in[number - rate] + 1))
    assert admitted(arrivals, rate) == pytest.approx(let_in[-1] if let_in else 0)
    assert longest_queue(arrivals, rate) == pytest.approx(
        max((i - a for i, a in zip(let_in, arrivals, strict=True)), default=0)
    )


def test_one_heartbeat_comes_back_in_step_and_the_spread_takes_the_peak_away() -> None:
    """All nodes in one second, whatever the cut, and with the spread mostly less than a quarter of them. A cut that many waits
    divide evenly brings more together, which is what the proxy's rate is for.
    """
    cuts = range(7000, 7200, 7)

    def peaks(least: int, most: int) -> list[int]:
        beats = [node.heartbeat for node in province(3450, least, most)]
        return sorted(busiest_second(next_try(beat, cut) for beat in beats) for cut in cuts)

    assert set(peaks(15, 15)) == {3450}
    assert peaks(11, 40)[len(cuts) // 2] < 3450 / 4
    assert peaks(11, 40)[-1] < 3450 / 2
    for beats in ((15, 15), (11, 40)):
        nodes = province(3450, *beats)
        figures = play(nodes, storm(10_000, 7123))
        assert max(figures.tried.values()) == busiest_second(next_try(n.heartbeat, 7123) for n in nodes)


def test_heartbeats_are_even_stable_and_no_two_sections_are_in_step() -> None:
    """A node keeps its own whatever else joins; each value is near its share; sections turn the sequence."""
    nodes = province(5000, 11, 20)
    counts = [sum(node.heartbeat == value for node in nodes) for value in range(11, 21)]
    assert all(400 < count < 600 for count in counts)
    assert nodes[:100] == province(100, 11, 20)
    rows = [tuple(heartbeat(f"k{n}", f"g{s}", 11, 20) for n in range(20)) for s in range(10)]
    assert len(set(rows)) > 5


@pytest.mark.parametrize("beat", [5, 11, 15, 20, 60])
def test_a_node_tries_as_edgehub_does(beat: int) -> None:
    """Against the cycle played second by second: wait twice the heartbeat, five tries five seconds apart, wait again."""
    tries, at = [], 0
    while at < 2000:
        at += 2 * beat
        tries += [at + 5 * number for number in range(5)]
        at += 20
    for cut in range(1, 1500, 7):
        assert next_try(beat, cut) == next(when for when in tries if when >= cut) - cut
        assert next_try(beat, cut) <= longest_wait("1.23.1", beat)


@pytest.mark.parametrize(
    ("release", "fixed"), [("1.22.2", True), ("1.23.1", True), ("1.23.2", False), ("1.24.0", False)]
)
def test_the_wait_is_that_of_the_version(release: str, fixed: bool) -> None:
    """Exponential with jitter after 1.23.1, for 36 seconds at most."""
    assert fixed_wait(release) is fixed
    assert longest_wait(release, 20) == (40 if fixed else 36)


def test_exponential_waits_come_back_in_time_and_apart() -> None:
    """No spread of heartbeats is needed for that."""
    figures = play(province(3450, 15, 15), storm(200, 7200, fixed=False))
    assert len(figures.ready) == 3450
    assert max(figures.tried.values()) < 3450 / 10
    assert figures.last <= 36 + 3450 / 200 + HANDSHAKE + READY + 1


def test_who_waits_too_long_in_the_queue_gives_up_and_comes_back_all_the_same() -> None:
    """At a rate that is too low the events still end, and say how many gave up; the bound says that it is none."""
    figures = play(province(500, 15, 15), storm(10, 60))
    assert figures.given_up > 0
    assert len(figures.ready) == 500
    assert not return_bound(500, 10, "1.23.1", 15, HANDSHAKE, PATIENCE).patient


@given(st.integers(1, 5000), st.integers(60, 900), st.integers(5, 20))
@settings(max_examples=60, deadline=None)
def test_the_rate_that_is_told_holds_the_contract_and_one_less_does_not(
    nodes: int, within: int, most: int
) -> None:
    """By the bound itself."""
    bound = return_bound(nodes, 1, "1.23.1", most, HANDSHAKE, PATIENCE)
    rate = enough_rate(bound, within)
    if rate is None:
        assert bound.wait + HANDSHAKE + READY > within
        return

    def holds(candidate: int) -> bool:
        again = return_bound(nodes, candidate, "1.23.1", most, HANDSHAKE, PATIENCE)
        return again.patient and again.total <= within

    assert holds(rate)
    assert rate == 1 or not holds(max(1, rate // 2))


def test_the_bound_is_never_less_than_what_happens() -> None:
    """Over cuts of every length."""
    nodes = province(800, 11, 20)
    bound = return_bound(800, 60, "1.23.1", 20, HANDSHAKE, PATIENCE)
    for cut in range(30, 400, 37):
        assert play(nodes, storm(60, cut)).last <= bound.total + WORK * 2


def test_a_contract_that_cannot_hold_is_refused_with_what_would(tmp_path: Path) -> None:
    """And that does."""
    reconnect: dict[str, Any] = {"within": "45s"}
    made = edge_fleet(tmp_path / "refused", cloudcore={"reconnect": reconnect})
    assert made.codes == ["MP4125"]
    most = int((made.diagnostics[0].hint or "").split("heartbeat of ")[1].split(" ")[0])
    better = reconnect | {"heartbeat": {"least": 5, "most": most}}
    assert not edge_fleet(tmp_path / "held", cloudcore={"reconnect": better}).diagnostics
    slow = {"within": "10m", "rate": 1}
    rows = "".join(f"n{number},a,box,server\n" for number in range(50))
    nodes = f"name,station,profile,roles\n{rows}"
    made = edge_fleet(tmp_path / "slow", cloudcore={"reconnect": slow}, nodes=nodes)
    assert made.codes == ["MP4125"]
    rate = int((made.diagnostics[0].hint or "").split("rate of ")[1].split(" ")[0])
    assert not edge_fleet(
        tmp_path / "fast", cloudcore={"reconnect": slow | {"rate": rate}}, nodes=nodes
    ).diagnostics


def test_the_rate_is_that_of_the_proxy_layer(tmp_path: Path) -> None:
    """What the spec says, or what CloudCore takes."""
    made = edge_fleet(tmp_path, cloudcore={"servers": ["10.0.0.21"], "reconnect": {"rate": 77}})
    assert b"rate-limit sessions 77\n" in made.files["north/bootstrap/haproxy/haproxy.cfg"]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "milepost", *words], capture_output=True, text=True, timeout=120
    )


@pytest.mark.slow
def test_the_command_plays_a_section_and_a_province() -> None:
    """The last line is one that a spec takes."""
    done = run("simulate", "reconnect", str(EXAMPLE), "--cut", "guangdong", "--format", "json")
    found = json.loads(done.stdout)
    assert (found["province"], found["nodes"], found["gaveUp"]) == ("guangdong", 62, 0)
    section = run("simulate", "reconnect", str(EXAMPLE), "--cut", "hn-g4-changtan", "--for", "5m")
    assert "section hn-g4-changtan: 25 nodes come back after 5m" in section.stdout
    assert "reconnect: {heartbeat:" in section.stdout.splitlines()[-1]
    wrong = run("simulate", "reconnect", str(EXAMPLE), "--cut", "hn-g4-changtann")
    assert wrong.returncode == 2 and "hn-g4-changtan" in wrong.stderr
