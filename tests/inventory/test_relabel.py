"""Relabelling: the printed commands, run by the real kubectl, turn the old labels into the new ones."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from kustomize import KUBECTL
from milepost.cli.commands.inventory import command
from milepost.inventory import between, commands
from milepost.inventory.join_lists import labels_of

pytestmark = pytest.mark.slow

KEYS = st.sampled_from(["a", "toll.example/role-lane", "toll.example/station", "region"])
VALUES = st.sampled_from(["", "x", "y-1", "Z_2.0"])
LABELS = st.dictionaries(KEYS, VALUES)


def relabelled(labels: dict[str, str], command: str, folder: Path) -> dict[str, str]:
    """What kubectl makes of a node's labels, without a cluster."""
    file = folder / "node.json"
    file.write_text(
        json.dumps({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "labels": labels}})
    )
    program, verb, kind, name, *arguments = shlex.split(command)
    assert (program, verb, kind, name) == ("kubectl", "label", "nodes", "n")
    run = subprocess.run(
        [KUBECTL, "label", "--local", "--filename", str(file), "--output", "json", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout)["metadata"].get("labels") or {})


@settings(max_examples=25, deadline=None)
@given(before=LABELS, after=LABELS)
def test_kubectl_carries_the_commands_out(
    tmp_path_factory: pytest.TempPathFactory, before: dict[str, str], after: dict[str, str]
) -> None:
    edit = between(before, after)
    labels = before
    for line in commands({"n": edit} if edit else {}):
        if not line.startswith("#"):
            labels = relabelled(labels, line, tmp_path_factory.mktemp("node"))
    assert labels == after


def test_what_is_set_comes_before_the_merge_and_what_goes_after_it() -> None:
    """Nodes with the same edit share a command; a value that is replaced needs --overwrite, a new one must not have it."""
    edits = {
        "b": between({"zone": "1"}, {"zone": "2"}),
        "a": between({"zone": "1"}, {"zone": "2"}),
        "c": between({"old": "", "kept": "x"}, {"kept": "x", "new": ""}),
    }
    assert list(commands(edits)) == [
        "# 1. Before the change is merged: labels that its workloads select.",
        "kubectl label nodes c new=",
        "kubectl label nodes a b zone=2 --overwrite",
        "# 2. After the change is applied everywhere: labels that nothing selects any more.",
        "kubectl label nodes c old-",
    ]


def test_a_long_list_of_nodes_is_several_commands() -> None:
    edits = {f"n{i:03}": between({}, {"zone": "1"}) for i in range(120)}
    assert [len(line.split()) - 4 for line in commands(edits) if not line.startswith("#")] == [50, 50, 20]


def test_a_join_list_is_read_back_as_it_was_written() -> None:
    text = "node\tstation\tarchitecture\tlabels\nn1\ts\tamd64\ta=1,toll.example/role-x=\nn2\ts\tamd64\t\n"
    assert labels_of(text) == {"n1": {"a": "1", "toll.example/role-x": ""}, "n2": {}}
    assert labels_of("") == {}


def test_two_trees_say_which_labels_change(tmp_path: Path) -> None:
    """Nodes that join or leave get their labels when they join, so they are not among them."""
    for side, rows in (("old", "n1\tx=1\nn2\tx=1\n"), ("new", "n1\tx=2\nn3\tx=1\n")):
        folder = tmp_path / side / "north/bootstrap/join"
        folder.mkdir(parents=True)
        (folder / "g4.tsv").write_text(f"node\tlabels\n{rows}")
    done = CliRunner().invoke(
        command, ["relabel", str(tmp_path / "old"), str(tmp_path / "new")], standalone_mode=False
    )
    assert done.output.splitlines() == [
        "# Cluster north: 1 node.",
        "# 1. Before the change is merged: labels that its workloads select.",
        "kubectl label nodes n1 x=2 --overwrite",
    ]
