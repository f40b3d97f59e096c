"""What compiles can be scheduled, in whatever order pods come and whichever node each is given.

The plan promises it for every station. Here pods of the rendered workloads are placed again and again at random.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from compiling import Compilation
from fleets import compiled, roots
from scheduler import Cluster, Size, joined, workloads
from small import compile_components, component, profile

pytestmark = pytest.mark.slow

ORDERS = 12


def clusters(fleet: Compilation) -> list[Cluster]:
    """One for each province, with every workload of it and no pod placed."""
    found = []
    for name, tree in fleet.trees.items():
        files = dict(tree.items())
        cluster = Cluster(
            joined(
                {p: d for p, d in files.items() if p.startswith("bootstrap/join/") and p.endswith(".tsv")}
            ),
            sizes(fleet, name),
        )
        for body in workloads(files):
            cluster.add(body)
        found.append(cluster)
    return found


def sizes(fleet: Compilation, province: str) -> dict[str, Size]:
    """What each node of a province has for pods."""
    groups = fleet.provinces[province].plan.fleet.province.groups
    nodes = [node for group in groups for station in group.stations for node in station.nodes]
    return {
        node.name: (
            Decimal(node.profile.cpu - node.profile.reserved_cpu) / 1000,
            node.profile.memory - node.profile.reserved_memory,
        )
        for node in nodes
    }


def assert_schedulable(fleet: Compilation, orders: int) -> None:
    for seed in range(orders):
        for cluster in clusters(fleet):
            left = cluster.schedule(Random(seed))
            assert not left, (seed, [pod.owner for pod in left], [(p.owner, p.node) for p in cluster.pods])


@pytest.mark.parametrize("name", roots())
def test_every_pod_finds_a_node(name: str) -> None:
    """At every station of the fleet."""
    assert clusters(compiled(name))
    assert_schedulable(compiled(name), 3)


NAMES = ("a", "b", "c", "d")
WHERE: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {},
    {},
    {"roles": ["server"]},
    {"roles": ["lane"]},
    {"architectures": ["amd64"]},
)
few = st.lists(st.sampled_from(NAMES), min_size=2, max_size=3, unique=True)
rules = st.one_of(
    st.fixed_dictionaries({"together": few, "as": st.sampled_from(("pod", "affinity", "affinity"))}),
    st.fixed_dictionaries({"apart": few}),
    st.fixed_dictionaries({"spread": few}),
)
kinds = st.sampled_from(("Deployment",) * 6 + ("StatefulSet", "Job", "DaemonSet"))
components = st.fixed_dictionaries(
    {
        "kind": kinds,
        "replicas": st.sampled_from((1, 1, 1, 1, 2, "every-known-node")),
        "nodes": st.sampled_from(WHERE),
        "texts": st.booleans(),
    }
)
boxes = st.sampled_from(("box", "box", "box", "arm"))
roles = st.sampled_from(("server", "lane server", "lane server"))
nodes = st.lists(st.tuples(boxes, roles), min_size=2, max_size=7)


@given(st.lists(components, min_size=4, max_size=4), st.lists(rules, min_size=1, max_size=2), nodes)
@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_random_topologies(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: list[dict[str, Any]],
    topology: list[Any],
    nodes: list[tuple[str, str]],
) -> None:
    """Whatever the rules: refused, or every pod finds a node and the rules hold."""
    parts = [part(name, d) for name, d in zip(NAMES, drawn, strict=True)]
    rows = "".join(f"n{i},a,{kind},{roles}\n" for i, (kind, roles) in enumerate(nodes))
    made = compile_components(
        tmp_path_factory.mktemp("topology"),
        *parts,
        also=[profile("arm", "arm64")],
        nodes=f"name,station,profile,roles\n{rows}",
        platforms=("amd64", "arm64"),
        application_fields={"topology": topology},
    )
    event(made.codes[0] if made.errors else f"{len(topology)} rules hold")
    assert_schedulable(made, ORDERS)
    for seed in range(ORDERS if made.trees else 0):
        (cluster,) = clusters(made)
        cluster.schedule(Random(seed))
        assert_rules_hold(cluster, topology)


def part(name: str, drawn: dict[str, Any]) -> dict[str, Any]:
    """A component as drawn."""
    replicas = "every-node" if drawn["kind"] == "DaemonSet" else drawn["replicas"]
    if drawn["kind"] == "Job" and isinstance(replicas, str):
        replicas = 1
    texts = {"S": "{{ station.name }}"} if drawn["texts"] else {}
    return component(
        name, image="web", workload=drawn["kind"], replicas=replicas, nodes=drawn["nodes"], env=texts
    )


def assert_rules_hold(cluster: Cluster, topology: list[dict[str, Any]]) -> None:
    """Not the labels and terms: where the containers really are."""
    where: dict[str, list[str]] = {name: [] for name in NAMES}
    for pod in cluster.pods:
        for container in pod.spec["containers"]:
            where[container["name"]].append(str(pod.node))
    for rule in topology:
        names = rule.get("together") or rule.get("apart") or rule.get("spread") or []
        if "together" in rule:
            fewest = min((where[n] for n in names), key=len)
            assert all(set(fewest) <= set(where[n]) for n in names), (rule, where)
        else:
            for name, places in where.items():
                others = {node for other in names if other != name for node in where[other]}
                assert name not in names or not others & set(places), (rule, where)
    for name, places in where.items():
        assert max(Counter(places).values(), default=0) <= 1, f"two instances of {name} share a node"


sizes_of_pods = st.sampled_from((None, "200Mi", "400Mi", "700Mi", "1300Mi", "1900Mi", "2600Mi"))
needy = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(("Deployment", "Deployment", "Job", "DaemonSet")),
        "replicas": st.sampled_from((1, 1, 1, 1, 1, 2, "every-known-node")),
        "nodes": st.sampled_from(WHERE),
        "texts": st.booleans(),
        "memory": sizes_of_pods,
        "port": st.sampled_from((None, None, None, 80, 81)),
    }
)


@given(
    st.lists(needy, min_size=4, max_size=4),
    st.lists(rules, max_size=1),
    st.lists(st.tuples(boxes, roles), min_size=2, max_size=5),
)
@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_random_sizes_and_ports(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: list[dict[str, Any]],
    topology: list[Any],
    nodes: list[tuple[str, str]],
) -> None:
    """Whatever pods ask for and wherever they listen: refused, or every pod finds a node that holds it."""
    parts = [part(name, d) | asks(d) for name, d in zip(NAMES, drawn, strict=True)]
    rows = "".join(f"n{i},a,{kind},{roles}\n" for i, (kind, roles) in enumerate(nodes))
    made = compile_components(
        tmp_path_factory.mktemp("sizes"),
        *parts,
        also=[profile("arm", "arm64", memory="1Gi")],
        nodes=f"name,station,profile,roles\n{rows}",
        platforms=("amd64", "arm64"),
        application_fields={"topology": topology},
    )
    event(made.codes[0] if made.errors else "holds")
    assert_schedulable(made, ORDERS)


def asks(drawn: dict[str, Any]) -> dict[str, Any]:
    """What a component asks of its nodes, as drawn."""
    found: dict[str, Any] = {}
    if drawn["memory"]:
        found["resources"] = {"requests": {"memory": drawn["memory"]}}
    if drawn["port"]:
        found |= {"hostNetwork": True, "ports": [{"name": "tcp", "port": drawn["port"]}]}
    return found
