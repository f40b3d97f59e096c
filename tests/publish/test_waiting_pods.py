"""Labels after day one: a review says how many pods will not run until somebody has relabelled nodes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiling import Compilation, compile_spec, write_files
from milepost.inventory import LabelEdit, between
from milepost.inventory.join_lists import labels_of
from milepost.publish.review import GuardRules, Review, review
from objects import objects, pod_spec
from plan.test_any_role import scheduled
from publish.test_pins import planted
from small import application, base, component, files, image

pytestmark = pytest.mark.slow

GIVEN = {"node-role.kubernetes.io/edge": "", "kubernetes.io/arch": "amd64"}
ROLES = ("lane", "server")
NODES = ("a1", "a2", "a3")
Rows = dict[str, tuple[list[str], str]]
"""Node to its roles and the value of the label ``zone``, which may be empty."""
Labels = dict[str, dict[str, str]]


def compiled(root: Path, rows: Rows) -> Compilation:
    """Workloads that select by role, by label, by one of several roles, and everywhere."""
    web = [
        component("lanes", image="web", replicas="every-node", nodes={"roles": ["lane"]}),
        component("zoned", image="web", replicas="every-node", nodes={"labels": {"zone": "north"}}),
        component(
            "either",
            image="web",
            replicas="every-node",
            nodes={"anyRole": list(ROLES), "labels": {"zone": "south"}},
        ),
        component("everywhere", image="web", replicas="every-node"),
    ]
    table = "name,station,profile,roles,label:zone\n"
    table += "".join(f"{name},a,box,{' '.join(roles)},{zone}\n" for name, (roles, zone) in rows.items())
    documents = [*base(roles=list(ROLES)), image("web"), application("app", web)]
    made = compile_spec(write_files(root, files(documents, nodes=table).items()))
    assert not made.errors, made.said
    return made


def labels(made: Compilation) -> Labels:
    (text,) = (data.decode() for path, data in made.files.items() if "/bootstrap/join/" in path)
    return {node: found | {"kubernetes.io/hostname": node} for node, found in labels_of(text).items()}


def pods(made: Compilation, of_nodes: Labels) -> set[tuple[str, str]]:
    """Workload and node, of every pod that a DaemonSet controller makes for nodes with these labels."""
    sets = [o for _, o in objects(made.files) if o["kind"] == "DaemonSet"]
    return {
        (o["metadata"]["name"], n)
        for o in sets
        for n, own in of_nodes.items()
        if scheduled(pod_spec(o), own | GIVEN)
    }


def relabelled(before: Labels, edits: dict[str, LabelEdit]) -> Labels:
    """What the cluster has when the printed edits were carried out."""
    found = {node: dict(own) for node, own in before.items()}
    for node, edit in edits.items():
        found[node].update(edit.sets)
        for key in edit.removes:
            del found[node][key]
    return found


rows = st.fixed_dictionaries(
    {
        name: st.tuples(
            st.lists(st.sampled_from(ROLES), unique=True), st.sampled_from(("", "north", "south"))
        )
        for name in NODES
    }
)


@settings(max_examples=300, deadline=None)
@given(before=rows, after=rows, joins=st.booleans())
def test_a_review_counts_the_pods_that_wait_and_the_relabel_list_is_enough(
    tmp_path_factory: pytest.TempPathFactory, before: Any, after: Any, joins: bool
) -> None:
    """Random edits of the table: counted by hand from the objects and the labels that nodes have, before and after."""
    if joins:
        after = after | {"b9": (["lane"], "north")}
    old, new = (compiled(tmp_path_factory.mktemp("fleet"), table) for table in (before, after))
    have, wanted = labels(old), labels(new)
    there = {node: wanted[node] for node in have}
    waiting = pods(new, there) - pods(new, have)
    found = review(planted(old), planted(new), GuardRules())
    assert said(found) == ([sentence(len(waiting), len({node for _, node in waiting}))] if waiting else [])
    edits = {node: between(have[node], wanted[node]) for node in have}
    assert pods(new, relabelled(have, edits)) == pods(new, there)


def said(found: Review) -> list[str]:
    return [note for note in found.notes if "will not run until" in note]


def sentence(pods: int, nodes: int) -> str:
    count = f"{pods} {'pod' if pods == 1 else 'pods'} on {nodes} {'node' if nodes == 1 else 'nodes'}"
    return (
        f"{count} will not run until labels are set on nodes that have joined: `milepost inventory relabel tree` gives the "
        "commands, and the order"
    )
