"""`milepost inventory diff`: every planted difference is found, and none is invented."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from fleets import EXAMPLE
from inventory.cluster_nodes import as_list, joined
from milepost import pipeline
from milepost.cli.commands.inventory import command
from milepost.diagnostics import Sink
from milepost.inventory import DifferenceKind, NodeListError, compare, read_nodes
from milepost.model.fleet import Fleet

pytestmark = pytest.mark.slow

DOMAIN = "tolling.example"


@pytest.fixture(scope="module")
def hunan() -> Fleet:
    sink = Sink()
    shared = pipeline.read(EXAMPLE, sink)
    assert shared is not None
    fleet = pipeline.fleet(shared, "hunan", sink)
    assert fleet is not None
    return fleet


Nodes = dict[str, dict[str, Any]]


def drop(nodes: Nodes, name: str) -> None:
    del nodes[name]


def rearchitect(nodes: Nodes, name: str) -> None:
    info = nodes[name]["status"]["nodeInfo"]
    info["architecture"] = "arm64" if info["architecture"] == "amd64" else "amd64"


def shrink(nodes: Nodes, name: str) -> None:
    nodes[name]["status"]["allocatable"]["memory"] = "64Mi"


def unlabel(nodes: Nodes, name: str) -> None:
    del nodes[name]["metadata"]["labels"][f"{DOMAIN}/station"]


def mislabel(nodes: Nodes, name: str) -> None:
    nodes[name]["metadata"]["labels"][f"{DOMAIN}/station-type"] = "depot"


def overlabel(nodes: Nodes, name: str) -> None:
    nodes[name]["metadata"]["labels"][f"{DOMAIN}/role-shadow"] = ""


def readdress(nodes: Nodes, name: str) -> None:
    nodes[name]["status"]["addresses"] = [{"type": "InternalIP", "address": "192.0.2.77"}]


def cordon(nodes: Nodes, name: str) -> None:
    nodes[name]["spec"]["unschedulable"] = True


def lose(nodes: Nodes, name: str) -> None:
    nodes[name]["status"]["conditions"] = [{"type": "Ready", "status": "Unknown"}]


def stray(nodes: Nodes, name: str) -> None:
    other = json.loads(json.dumps(nodes[name]))
    other["metadata"]["name"] = f"{name}-spare"
    nodes[f"{name}-spare"] = other


PLANTED: list[tuple[Callable[[Nodes, str], None], DifferenceKind, str]] = [
    (drop, DifferenceKind.MISSING, ""),
    (rearchitect, DifferenceKind.ARCHITECTURE, ""),
    (shrink, DifferenceKind.SMALL, ""),
    (unlabel, DifferenceKind.LABELS, ""),
    (mislabel, DifferenceKind.LABELS, ""),
    (overlabel, DifferenceKind.LABELS, ""),
    (readdress, DifferenceKind.ADDRESS, ""),
    (cordon, DifferenceKind.CORDONED, ""),
    (lose, DifferenceKind.NOT_READY, ""),
    (stray, DifferenceKind.FOREIGN, "-spare"),
]


def differences(fleet: Fleet, nodes: Nodes) -> list[tuple[DifferenceKind, str]]:
    return [(d.kind, d.node) for d in compare(fleet, read_nodes(as_list(nodes.values())))]


def test_a_cluster_that_is_as_the_spec_says_has_no_difference(hunan: Fleet) -> None:
    """Labels that nobody decides by, and nodes that are no edge nodes, are somebody else's."""
    nodes = joined(hunan)
    next(iter(nodes.values()))["metadata"]["labels"]["rack"] = "7"
    nodes["control-plane-1"] = {"metadata": {"name": "control-plane-1", "labels": {}}}
    assert differences(hunan, nodes) == []


@pytest.mark.parametrize("seed", range(10))
def test_twenty_planted_differences_are_found_and_none_is_invented(hunan: Fleet, seed: int) -> None:
    chance = random.Random(seed)
    nodes = joined(hunan)
    addressed = [n.name for g in hunan.province.groups for s in g.stations for n in s.nodes if n.row.address]
    victims = chance.sample(addressed, 20)
    expected = []
    for (plant, kind, suffix), victim in zip(PLANTED * 2, victims, strict=True):
        plant(nodes, victim)
        expected.append((kind, f"{victim}{suffix}"))
    assert sorted(differences(hunan, nodes), key=str) == sorted(expected, key=str)


def test_the_smallest_amount_that_placement_counts_with_is_enough(hunan: Fleet) -> None:
    """At the limit nothing is said; one byte or one millicore below, it is."""
    nodes = joined(hunan)
    name, node = next(iter(nodes.items()))
    for key, less in (
        ("memory", lambda has: str(int(has) - 1)),
        ("cpu", lambda has: f"{int(has[:-1]) - 1}m"),
    ):
        before = node["status"]["allocatable"][key]
        node["status"]["allocatable"][key] = less(before)
        assert differences(hunan, nodes) == [(DifferenceKind.SMALL, name)]
        node["status"]["allocatable"][key] = before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("[]", "something else"),
        ('{"kind": "PodList", "items": []}', "kind PodList"),
        ('{"kind": "List", "items": [{"kind": "Pod"}]}', "other things than nodes"),
        ('{"kind": "List", "items": [{"kind": "Node", "metadata": {}}]}', "without a name"),
        (
            '{"kind": "Node", "metadata": {"name": "a"}, "status": {"capacity": {"cpu": "many"}}}',
            "node a reports",
        ),
    ],
)
def test_what_is_no_list_of_nodes_is_refused_with_the_command_that_makes_one(text: str, words: str) -> None:
    with pytest.raises(NodeListError, match=words):
        read_nodes(text)


def test_amounts_of_a_cluster_are_read_exactly_or_refused_with_the_node() -> None:
    """A kubelet may report thousandths of a byte, which nobody may ask for."""
    reported: dict[str, Any] = {"cpu": "3920m", "memory": "7547172249600m", "ephemeral-storage": "1e3"}
    node = {"kind": "Node", "metadata": {"name": "a1"}, "status": {"allocatable": reported}}
    (found,) = read_nodes(json.dumps(node))
    assert (found.cpu, found.memory, found.disk) == (3920, 7547172250, 1000)
    reported["cpu"] = "4 cores"
    with pytest.raises(NodeListError, match='of what node a1 reports, "4 cores" is no quantity'):
        read_nodes(json.dumps(node))


def run(*arguments: str, stdin: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(command, [*arguments], input=stdin, standalone_mode=False)
    assert done.exception is None, done.output
    return done.return_value, done.output


def test_the_command_says_where_the_spec_names_the_node(hunan: Fleet) -> None:
    """And exits 3, as every comparison that finds something."""
    nodes = joined(hunan)
    unlabel(nodes, "hn-g4-leiyang-l01")
    code, said = run(
        "diff", "-", "--province", "hunan", "--spec", str(EXAMPLE), stdin=as_list(nodes.values())
    )
    assert code == 3
    assert "wrongly labelled (1)" in said
    assert f"hn-g4-leiyang-l01 at hn-g4-leiyang: {DOMAIN}/station=hn-g4-leiyang" in said
    assert "nodes.csv:" in said
    code, said = run(
        "diff",
        "-",
        "--province",
        "hunan",
        "--spec",
        str(EXAMPLE),
        "--format",
        "commands",
        stdin=as_list(nodes.values()),
    )
    assert f"kubectl label nodes hn-g4-leiyang-l01 {DOMAIN}/station=hn-g4-leiyang\n" in said


def test_a_cluster_without_differences_exits_0(hunan: Fleet, tmp_path: Path) -> None:
    file = tmp_path / "nodes.json"
    file.write_text(as_list(joined(hunan).values()))
    code, said = run("diff", str(file), "--province", "hunan", "--spec", str(EXAMPLE))
    assert (code, said) == (0, "hunan: 70 nodes in the spec, 70 in the cluster, no difference\n")
