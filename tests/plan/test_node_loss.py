"""What is left of a station's components when nodes of it are lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from fleets import EXAMPLE
from milepost.cli.main import milepost
from milepost.model.plan import Plan, PodLoad, StationSignature
from milepost.model.requirements import Reason
from milepost.plan.availability.dependencies import Dependency
from milepost.plan.availability.node_loss import Known, LossCount, known, loss_counts, outcomes
from milepost.query.tables import tables
from small import compile_components, component

NODES = "name,station,profile,roles\n" + "".join(
    f"a{n},a,box,{'lane' if n == 0 else 'server'}\n" for n in range(3)
)


def plan(tmp_path: Path, *components: Mapping[str, Any], nodes: str = NODES) -> Plan:
    made = compile_components(tmp_path, *components, nodes=nodes)
    assert not made.errors, made.said
    return made.provinces["north"].plan


def counts(tmp_path: Path, *components: Mapping[str, Any], lost: int = 1) -> dict[str, LossCount]:
    made = plan(tmp_path, *components)
    found = loss_counts(made, known(made), lost)
    return {name: count for (_, name), count in found.items()}


DATABASE = component("db", nodes={"roles": ["lane"]}, ports=[{"name": "tcp", "port": 5432}])


def web(**more: Any) -> dict[str, Any]:
    address = {"env": {"DB": "app-db-{{ station.name }}:5432"}}
    return component("web", nodes={"roles": ["server"]}, **(address | more))


def test_a_service_goes_on_without_the_only_database_that_it_names(tmp_path: Path) -> None:
    """`survives` counts its instances alone."""
    found = counts(tmp_path, web(replicas=2, survives=1), DATABASE)
    assert (found["web"].stops, found["db"].stops) == (0, 1)
    (((_, on), (stations, dependency)),) = found["web"].without.items()
    assert (on, stations) == ("db", 1)
    assert dependency.reason.words == "variable DB of app/web names the Service app-db"


def test_a_second_lost_node_takes_the_second_instance(tmp_path: Path) -> None:
    assert counts(tmp_path, web(replicas=2, survives=1), DATABASE, lost=2)["web"].stops == 1


def test_what_names_another_station_does_without_none_of_its_own(tmp_path: Path) -> None:
    other = web(replicas=2, env={"DB": "app-db-{{ station.parent or '' }}:5432"})
    assert not counts(tmp_path, other, DATABASE)["web"].without


def test_what_ends_by_itself_is_stopped_by_no_loss(tmp_path: Path) -> None:
    assert "load" not in counts(tmp_path, component("load", workload="Job"), DATABASE)


def test_a_station_that_has_no_node_left_is_not_counted(tmp_path: Path) -> None:
    one = plan(tmp_path, component("web"), nodes="name,station,profile\na1,a,box\n")
    assert loss_counts(one, known(one), 1) == {}


def load(name: str, instances: int, nodes: tuple[int, ...]) -> PodLoad:
    return PodLoad("app", "app", (name,), nodes, instances)


@st.composite
def stations(draw: st.DrawFn) -> tuple[list[PodLoad], dict[str, frozenset[str]]]:
    """Up to four components on up to five nodes, and who names whom."""
    names = "abcd"[: draw(st.integers(1, 4))]
    loads = []
    for name in names:
        nodes = draw(st.sets(st.integers(0, 4), min_size=1))
        loads.append(load(name, draw(st.integers(1, len(nodes))), tuple(sorted(nodes))))
    named = {name: draw(st.frozensets(st.sampled_from(names))) - {name} for name in names}
    return loads, named


@settings(max_examples=300, deadline=None)
@given(stations(), st.sets(st.integers(0, 4), max_size=3))
def test_the_worst_case_is_that_of_all_placements(
    station: tuple[list[PodLoad], dict[str, frozenset[str]]], gone: set[int]
) -> None:
    """Every placement of every component tried, and who depends on whom followed by asking again and again."""
    loads, named = station
    reason = Reason("named")
    known = Known({("app", n): tuple(Dependency(("app", o), reason) for o in sorted(on)) for n, on in named.items()}, frozenset())  # fmt: skip
    found = outcomes(StationSignature((), tuple(loads), ()), gone, known)
    left = {
        one.members[0]: min(len(set(nodes) - gone) for nodes in combinations(one.nodes, one.instances))
        for one in loads
    }

    def answers(name: str, path: tuple[str, ...] = ()) -> bool:
        return left[name] > 0 and all(answers(o, (*path, name)) for o in named[name] if o not in path)

    for (_, name), outcome in found.items():
        assert outcome.left == left[name]
        assert {on for (_, on), _ in outcome.without} == {o for o in named[name] if not answers(o)}


def test_the_sets_of_nodes_that_are_left_out_are_like_others(tmp_path: Path) -> None:
    """Counting kinds of nodes finds what every set of nodes finds."""
    made = plan(tmp_path, web(replicas=2, survives=1), DATABASE, component("log", replicas="every-node"))
    (signature,) = made.placement.signatures
    every = [outcomes(signature, lost, known(made)) for lost in combinations(range(3), 2)]
    for name, count in loss_counts(made, known(made), 2).items():
        assert bool(count.stops) == any(found[name].stops for found in every)


@pytest.mark.slow
def test_what_if_says_what_is_left_and_where_addresses_go() -> None:
    done = CliRunner().invoke(milepost, ["what-if", str(EXAMPLE), "--lose", "hn-g4-lijiatang-s1"])
    assert done.exit_code == 0, done.output
    assert "hn-g4-lijiatang without hn-g4-lijiatang-s1" in done.output
    assert "tolling/mysql: stops" in done.output
    assert "tolling/station-service: 1 of 2 instances left" in done.output
    assert "without tolling/mysql" in done.output


@pytest.mark.slow
def test_what_if_takes_a_whole_station_and_writes_json() -> None:
    done = CliRunner().invoke(
        milepost, ["what-if", str(EXAMPLE), "--lose", "hn-g4-lijiatang", "--format", "json"]
    )
    (found,) = json.loads(done.stdout)
    assert found["station"] == "hn-g4-lijiatang"
    assert {c["left"] for c in found["components"]} == {0}


def test_what_if_refuses_a_name_that_nothing_has(tmp_path: Path) -> None:
    done = CliRunner().invoke(milepost, ["what-if", str(EXAMPLE), "--lose", "nowhere"])
    assert done.exit_code == 2
    assert 'there is no node and no station "nowhere"' in done.output


def test_the_table_has_a_row_for_each_component(tmp_path: Path) -> None:
    made = compile_components(tmp_path, web(replicas=2, survives=1), DATABASE, nodes=NODES)
    table = next(t for t in tables() if t.name == "node_losses")
    found = list(table.rows(made.provinces["north"]))
    assert (
        "north",
        "app",
        "web",
        1,
        1,
        0,
        "app/db",
        1,
        "variable DB of app/web names the Service app-db",
    ) in found
