"""How long an instance is away while its version changes, and when that is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compiling import Compilation
from small import compile_components, component, document, image

LANE = {"replicas": "every-node", "grace": "2s", "start": "2s", "interruption": "12s"}
READY = {"readiness": {"tcp": 80, "period": 1}}


def interruptions(made: Compilation) -> dict[str, dict[str, float]]:
    assert not made.errors, made.said
    return {
        interruption.component.name: dict(interruption.parts)
        for interruption in made.provinces["north"].plan.interruptions.longest
    }


def parts(tmp_path: Path, **more: Any) -> dict[str, float]:
    """The sum for one component."""
    (found,) = interruptions(compile_components(tmp_path, component("lane", **(LANE | more)))).values()
    return found


def test_the_old_pod_stops_before_the_new_one_starts(tmp_path: Path) -> None:
    """Grace, start of the pod, start of the program, one period of the probe."""
    assert parts(tmp_path, probes=READY) == {
        "the old pod stops": 2,
        "the line carries it": 0.1,
        "the pod starts": 4.1,
        "lane starts": 2,
        "probes find it ready": 1,
    }


def test_a_startup_probe_is_waited_for_before_the_other_begins(tmp_path: Path) -> None:
    """A period each; and a delay counts where it is longer than the program's own start."""
    probes = {"startup": {"tcp": 80, "period": 1, "delay": 3}, "readiness": {"tcp": 80, "period": 1}}
    found = parts(tmp_path, probes=probes)
    assert (found["lane starts"], found["probes find it ready"]) == (3, 2)


def test_the_slowest_container_of_a_pod_counts(tmp_path: Path) -> None:
    """A pod is ready when all of its containers are, and stops with the longest grace."""
    slow = LANE | {"start": "4s", "grace": "3s", "interruption": "13s"}
    screen = component("screen", **slow, probes=READY)
    lane = component("lane", **(LANE | {"interruption": "13s"}))
    together = {"topology": [{"together": ["lane", "screen"]}]}
    found = interruptions(compile_components(tmp_path, lane, screen, application_fields=together))
    assert found["lane"] == found["screen"]
    assert (found["lane"]["the old pod stops"], found["lane"]["screen starts"]) == (3, 4)


def test_a_sum_above_the_limit_is_refused_and_shown(tmp_path: Path) -> None:
    """With the longest part to shorten."""
    made = compile_components(tmp_path, component("lane", **(LANE | {"grace": "8s"}), probes=READY))
    (error,) = made.errors
    assert error.code.id == "MP4083"
    assert error.message == (
        'an instance of "lane" may be away for 15.2 s, and 12 s are allowed: the old pod stops 8 s + '
        "the line carries it 0.1 s + "
        "the pod starts 4.1 s + lane starts 2 s + probes find it ready 1 s"
    )
    assert error.hint == "shorten grace"


def test_nobody_is_away_where_the_new_pod_starts_first(tmp_path: Path) -> None:
    """A node is free for it, and the old pod goes when the new one is ready."""
    body = component("web", interruption="1s", probes=READY, ports=[{"name": "http", "port": 80}])
    assert interruptions(compile_components(tmp_path, body)) == {"web": {}}


def test_a_pod_that_nobody_asks_counts_as_ready_too_soon(tmp_path: Path) -> None:
    """Without a readiness probe the old pod goes while the new program still starts."""
    body = component("web", interruption="10s", start="4s", ports=[{"name": "http", "port": 80}])
    assert interruptions(compile_components(tmp_path, body)) == {"web": {"its program starts": 4}}


def test_a_twin_behind_the_same_service_serves_meanwhile(tmp_path: Path) -> None:
    """Two instances on the only two nodes: one goes at a time."""
    body = component("web", replicas=2, interruption="1s", probes=READY, ports=[{"name": "http", "port": 80}])
    assert interruptions(compile_components(tmp_path, body)) == {"web": {}}


def test_a_twin_without_a_service_is_no_replacement(tmp_path: Path) -> None:
    """Whoever talks to one instance does not find the other."""
    body = component("web", replicas=2, interruption="10s", grace="2s", probes=READY)
    assert interruptions(compile_components(tmp_path, body))["web"]["the old pod stops"] == 2


@pytest.mark.parametrize(("rollback", "pulls"), [(False, True), (True, False)])
def test_without_a_prepull_the_pull_counts(rollback: bool, pulls: bool, tmp_path: Path) -> None:
    """1 MB at 20 Mbit/s takes 0.4 s; a rollback finds the images on the nodes."""
    versions = {v: {"lane": v} for v in ("1.0.0", "2.0.0")}
    start, to = ("2.0.0", "1.0.0") if rollback else ("1.0.0", "2.0.0")
    body = {"application": "app", "from": start, "to": to, "waves": [{"name": "all", "provinces": ["north"]}]}
    body |= {"withoutPrepull": "small", "rollback": rollback}
    made = compile_components(
        tmp_path,
        component("lane", **LANE, probes=READY),
        images={"lane": image("lane", ("1.0.0", "2.0.0"))},
        application_fields={"versions": versions},
        also=[document("Release", "app-2", body)],
    )
    found = interruptions(made)["lane"].get("the image is pulled")
    assert found == (pytest.approx(0.4) if pulls else None)


def test_a_job_is_never_away(tmp_path: Path) -> None:
    """So it cannot be said how long it may be."""
    made = compile_components(tmp_path, component("load", workload="Job", interruption="10s"))
    assert [e.code.id for e in made.errors] == ["MP4084"]


def test_a_slow_and_lossy_line_counts(tmp_path: Path) -> None:
    """Two round trips, with what is sent again in the slowest of a hundred times."""
    line = {"line": "public", "medium": "wireless", "down": "3Mbit/s", "up": "1Mbit/s"}
    far = document("AccessProfile", "far", line | {"latency": "300ms", "loss": 0.05, "outage": "48h"})
    made = compile_components(
        tmp_path,
        component("lane", **(LANE | {"interruption": "20s"})),
        also=[far],
        stations="name,group,type,access\na,g4,toll-station,far\n",
    )
    (found,) = made.provinces["north"].plan.interruptions.longest
    assert found.parts["the line carries it"] == pytest.approx(2 * (0.3 + 0.5))
    assert found.cut == 48 * 3600


def test_the_slowest_of_several_lines_counts(tmp_path: Path) -> None:
    lines = [
        document("AccessProfile", name, {"line": "private", "medium": "wired", "down": "9Mbit/s", "up": "9Mbit/s", "latency": latency})
        for name, latency in (("near", "10ms"), ("far", "400ms"))
    ]  # fmt: skip
    made = compile_components(
        tmp_path,
        component("lane", **LANE),
        also=lines,
        stations="name,group,type,access\na,g4,toll-station,near\nb,g4,toll-station,far\n",
        nodes="name,station,profile\na1,a,box\nb1,b,box\n",
    )
    assert interruptions(made)["lane"]["the line carries it"] == pytest.approx(0.8)


def test_a_pod_that_starts_first_needs_no_line(tmp_path: Path) -> None:
    body = component("web", interruption="1s", probes=READY, ports=[{"name": "http", "port": 80}])
    made = compile_components(tmp_path, body)
    assert [i.cut for i in made.provinces["north"].plan.interruptions.longest] == [None]


def test_no_service_leads_away_from_a_pod_on_the_node_s_network(tmp_path: Path) -> None:
    """Its clients speak to the node itself, so its twin on another node does not help them."""
    body = component("gate", replicas="every-node", survives=1, hostNetwork=True, interruption="20s", probes=READY,
                     ports=[{"name": "http", "port": 8080}])  # fmt: skip
    made = compile_components(tmp_path, body, nodes="name,station,profile\na1,a,box\na2,a,box\n")
    assert "the old pod stops" in interruptions(made)["gate"]
