"""Rows of inventory: what they inherit, what they name, and how often a missing thing is said to be missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiling import Compilation
from objects import one, pod_spec
from small import compile_components, component, document, group

TERRAIN = {"env": {"T": "{{ values.t }}"}}


def value(made: Compilation, station: str) -> str:
    """The value ``t`` that holds at a station."""
    found: str = pod_spec(one(made, "Deployment", f"app-web-{station}"))["containers"][0]["env"][0]["value"]
    return found


def nodes_of(*stations: str) -> str:
    return "name,station,profile\n" + "".join(f"{s}1,{s},box\n" for s in stations)


def test_a_manager_in_another_group_does_not_take_its_group_along(tmp_path: Path) -> None:
    """A station is of its own group, whoever manages it."""
    made = compile_components(
        tmp_path,
        component(**TERRAIN),
        also=[group("g5", values={"t": "g5"}), group("g6", values={"t": "g6"})],
        stations="name,group,type,parent\na,g5,toll-station,\nb,g6,gantry,a\n",
        nodes=nodes_of("a", "b"),
    )
    assert (value(made, "a"), value(made, "b")) == ("g5", "g6")


def test_a_manager_s_own_values_reach_across_groups(tmp_path: Path) -> None:
    """What its row sets is said about what it manages, too."""
    made = compile_components(
        tmp_path,
        component(**TERRAIN),
        also=[group("g5"), group("g6", values={"t": "g6"})],
        stations="name,group,type,parent,value:t\na,g5,toll-station,,a\nb,g6,gantry,a,\nc,g6,gantry,b,\n",
        nodes=nodes_of("a", "b", "c"),
    )
    assert (value(made, "b"), value(made, "c")) == ("a", "a")


def test_the_nearest_manager_wins(tmp_path: Path) -> None:
    """Whatever the order of rows and names."""
    made = compile_components(
        tmp_path,
        component(**TERRAIN),
        stations="name,group,type,parent,value:t\na,g4,gantry,b,\nb,g4,gantry,c,b\nc,g4,toll-station,,c\n",
        nodes=nodes_of("a", "b", "c"),
    )
    assert [value(made, s) for s in "abc"] == ["b", "b", "c"]


def test_a_long_chain_of_managers_is_followed(tmp_path: Path) -> None:
    """Nobody has three thousand levels, but a wrong export does."""
    rows = "".join(f"s{i},g4,gantry,s{i + 1},\n" for i in range(3000))
    stations = f"name,group,type,parent,value:t\na,g4,gantry,s0,\n{rows}s3000,g4,gantry,,far\n"
    toll = {"stations": {"types": ["toll-station"]}}
    made = compile_components(
        tmp_path, component(), stations=stations, nodes=nodes_of("a"), application_fields=toll
    )
    assert not made.errors


def test_managers_in_a_loop_are_refused_once(tmp_path: Path) -> None:
    """At the first of them by name."""
    stations = "name,group,type,parent\na,g4,gantry,b\nb,g4,gantry,a\nc,g4,gantry,a\n"
    made = compile_components(tmp_path, component(), stations=stations)
    assert made.codes == ["MP3002"]
    assert "a -> b -> a" in made.said


@pytest.mark.parametrize(
    ("stations", "nodes", "message"),
    [
        ("a,g4,gantry\n", "{n},b,box,\n", 'there is no station "b" (99 more rows name it)'),
        ("a,g4,gantry\n", "{n},a,bax,\n", 'there is no hardware profile "bax" (99 more rows name it)'),
        ("a,g4,gantry\n", "{n},a,box,lanes\n", 'there is no role "lanes" (99 more rows name it)'),
    ],
)
def test_what_many_rows_miss_is_said_once(tmp_path: Path, stations: str, nodes: str, message: str) -> None:
    """One missing thing is one root cause, however many rows name it."""
    rows = "".join(nodes.format(n=f"n{i}") for i in range(100))
    made = compile_components(
        tmp_path,
        component(),
        stations=f"name,group,type\n{stations}",
        nodes=f"name,station,profile,roles\n{rows}",
    )
    assert [d.message for d in made.errors] == [message]


def test_a_missing_group_is_said_once(tmp_path: Path) -> None:
    """And the stations in it are not called unknown on top."""
    stations = "name,group,type\n" + "".join(f"s{i},g5,gantry\n" for i in range(3))
    made = compile_components(tmp_path, component(), stations=stations, nodes=nodes_of("s0", "s1", "s2"))
    assert [d.message for d in made.errors] == ['there is no station group "g5" (2 more rows name it)']
    assert made.errors[0].hint == "known here: g4"


def test_stations_without_a_line_are_counted(tmp_path: Path) -> None:
    """The line is missing on some level, not at each station."""
    stations = "name,group,type\n" + "".join(f"s{i},g4,gantry\n" for i in range(3))
    made = compile_components(
        tmp_path, component(), stations=stations, nodes=nodes_of("s0"), fleet_fields={"access": None}
    )
    assert [d.message for d in made.errors] == ['station "s0" has no access profile, nor have 2 more']


def test_two_rows_of_one_name_are_refused(tmp_path: Path) -> None:
    """Whichever table they stand in."""
    made = compile_components(tmp_path, component(), nodes="name,station,profile\na1,a,box\na1,a,box\n")
    assert made.codes == ["MP3010"]


def test_a_station_of_another_province_s_group_is_told_so(tmp_path: Path) -> None:
    """With the place that says whose the group is."""
    south = document("Province", "south", {"cluster": {"kubernetes": "1.32", "kubeedge": "1.23.1"}})
    south["spec"] |= {"stations": ["s.csv"], "nodes": ["n.csv"]}
    made = compile_components(
        tmp_path,
        component(),
        also=[south, group("g9", "south")],
        stations="name,group,type\na,g9,gantry\n",
        more={"s.csv": "name,group,type\n", "n.csv": "name,station,profile\n"},
    )
    assert made.codes == ["MP1049", "MP1049", "MP3011"]
