"""Slots: an instance that keeps data belongs to a place at its station, whatever the machines there are called."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiling import Compilation
from objects import objects
from small import compile_components, component

HEAD = "name,station,profile,roles,slot\n"
HOSTNAME = "kubernetes.io/hostname"


def redis(instances: int) -> dict[str, Any]:
    volume = {"name": "data", "path": "/data", "local": {"path": "/var/lib/redis", "size": "1Gi"}}
    return component("redis", workload="StatefulSet", replicas=instances, volumes=[volume])


def table(nodes: Mapping[str, str]) -> str:
    """``nodes`` maps the name of a machine to its slot."""
    return HEAD + "".join(f"{name},a,box,server,{slot}\n" for name, slot in nodes.items())


def pins(made: Compilation) -> dict[str, str]:
    """Name of a StatefulSet to the node that it is pinned to."""
    found = (o for _, o in objects(made.files) if o["kind"] == "StatefulSet")
    return {o["metadata"]["name"]: o["spec"]["template"]["spec"]["nodeSelector"][HOSTNAME] for o in found}


def test_a_replaced_machine_leaves_the_others_alone(tmp_path: Path) -> None:
    """``c`` sorts after ``b``, and takes the place of ``a`` all the same."""
    before = compile_components(tmp_path / "before", redis(2), nodes=table({"a": "0", "b": "1"}))
    after = compile_components(tmp_path / "after", redis(2), nodes=table({"b": "1", "c": "0"}))
    assert pins(before) == {"app-redis-0-a": "a", "app-redis-1-a": "b"}
    assert pins(after) == {"app-redis-0-a": "c", "app-redis-1-a": "b"}


def test_the_volume_goes_with_the_instance(tmp_path: Path) -> None:
    """A PersistentVolume names the same node as the StatefulSet whose claim it binds."""
    made = compile_components(tmp_path, redis(2), nodes=table({"b": "1", "c": "0"}))
    volumes = {
        o["spec"]["claimRef"]["name"]: o for _, o in objects(made.files) if o["kind"] == "PersistentVolume"
    }
    for name, node in pins(made).items():
        (claim,) = (claim for claim in volumes if claim.startswith(name.removesuffix("-a")))
        (term,) = volumes[claim]["spec"]["nodeAffinity"]["required"]["nodeSelectorTerms"]
        assert term["matchExpressions"] == [{"key": HOSTNAME, "operator": "In", "values": [node]}]


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, str]]:
    """Tables over time, of two to four data nodes: a machine is swapped, taken away, or added in a free slot."""
    slots = [str(n) for n in range(draw(st.integers(2, 4)))]
    fresh = iter(draw(st.permutations([f"{letter}{n}" for letter in "amz" for n in range(6)])))
    nodes = {next(fresh): slot for slot in slots}
    history = [dict(nodes)]
    for _ in range(draw(st.integers(1, 5))):
        gone = draw(st.sampled_from(sorted(nodes)))
        slot = nodes.pop(gone)
        if draw(st.booleans()) or len(nodes) < 2:
            nodes[next(fresh)] = slot
        history.append(dict(draw(st.permutations(sorted(nodes.items())))))
    return history


@settings(max_examples=25, deadline=None)
@given(histories())
def test_no_instance_moves_unless_its_node_left(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, str]]
) -> None:
    """Whatever was done to the table, and in whatever order its rows stand."""
    before: dict[str, str] = {}
    for nodes in history:
        made = compile_components(tmp_path_factory.mktemp("fleet"), redis(len(nodes)), nodes=table(nodes))
        assert made.codes == []
        after = pins(made)
        for instance, node in before.items():
            if node in nodes and instance in after:
                assert after[instance] == node
        before = after
