"""A change that is taken for safe lets no pod wait, whichever of its pods have moved and whichever stay at the old version.

Random pairs of small fleets, both of which compile, against a scheduler that takes pods in random order.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from compiling import Compilation
from laws.test_every_pod_finds_a_node import sizes
from milepost.plan.capacity.transitions import transitions
from scheduler import Cluster, Pod, joined, workloads
from small import compile_components, component

pytestmark = pytest.mark.slow
NAMES = ("a", "b", "c", "d")
PAIRS, WAYS = 300, 12


def drawn(random: Random, like: dict[str, Any] | None = None) -> dict[str, Any]:
    """A component: most of a changed one is as it was."""
    fresh: dict[str, Any] = {
        "kind": random.choice(("Deployment", "Deployment", "DaemonSet")),
        "replicas": random.choice((1, 1, 1, 2)),
        "roles": random.choice((None, None, "server", "lane")),
        "memory": random.choice(("200Mi", "400Mi", "700Mi", "1000Mi", "1300Mi", "1900Mi")),
        "port": random.choice((None, None, None, 80, 81)),
        "there": random.random() > 0.1,
    }
    if like is None:
        return fresh
    if random.random() < 0.3:
        return like
    kept = ("kind",) if random.random() < 0.2 else ("kind", "replicas", "roles", "there")
    return fresh | {key: like[key] for key in kept}


def part(name: str, of: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"resources": {"requests": {"memory": of["memory"]}}}
    if of["port"]:
        found |= {"hostNetwork": True, "ports": [{"name": "tcp", "port": of["port"]}]}
    if of["roles"]:
        found["nodes"] = {"roles": [of["roles"]]}
    replicas = "every-node" if of["kind"] == "DaemonSet" else of["replicas"]
    return component(name, image="web", workload=of["kind"], replicas=replicas, **found)


def made(folder: Path, parts: list[dict[str, Any]], nodes: str) -> Compilation | None:
    components = [part(name, of) for name, of in zip(NAMES, parts, strict=True) if of["there"]]
    found = compile_components(folder, *components, nodes=nodes) if components else None
    return found if found is not None and "north" in found.provinces else None


def cluster(fleet: Compilation) -> Cluster:
    files = dict(fleet.trees["north"].items())
    joins = {p: d for p, d in files.items() if p.startswith("bootstrap/join/") and p.endswith(".tsv")}
    found = Cluster(joined(joins), sizes(fleet, "north"))
    for body in workloads(files):
        found.add(body)
    return found


def waits(old: Compilation, new: Compilation, random: Random) -> list[str]:
    """Pods of the new version that find no node at some point of one way from the old state to the new one."""
    here = cluster(old)
    assert not here.schedule(random), "the old state is proved by itself"
    versions = {(pod.owner, pod.only, n): pod for n, pod in _numbered(cluster(new).pods)}
    stand = {(pod.owner, pod.only, n): pod for n, pod in _numbered(here.pods)}
    keys = sorted(versions.keys() | stand.keys(), key=str)
    random.shuffle(keys)
    for key in keys[: random.randint(1, len(keys))]:
        # A controller that wants fewer pods takes those away before it makes one anew.
        for other in [key, *(k for k in stand if k[:2] == key[:2] and k not in versions)]:
            if other in stand and stand[other] in here.pods:
                here.pods.remove(stand[other])
        if key in versions:
            here.pods.append(versions[key])
        here.schedule(random)
    return [pod.owner for pod in here.pods if pod.node is None]


def _numbered(pods: list[Pod]) -> list[tuple[int, Pod]]:
    """Pods of one owner (of a DaemonSet, at one node) counted from 0."""
    seen: Counter[tuple[str, str | None]] = Counter()
    found = []
    for pod in pods:
        found.append((seen[pod.owner, pod.only], pod))
        seen[pod.owner, pod.only] += 1
    return found


def test_what_is_taken_for_safe_lets_no_pod_wait(tmp_path: Path) -> None:
    """And most of what is refused does let one wait."""
    random = Random(7)
    verdicts: Counter[str] = Counter()
    for number in range(PAIRS):
        count = random.randint(2, 3)
        roles = ("server", "lane", "server lane")
        rows = "".join(f"n{i},a,box,{random.choice(roles)}\n" for i in range(count))
        nodes = f"name,station,profile,roles\n{rows}"
        before = [drawn(random) for _ in NAMES]
        old = made(tmp_path / f"{number}-old", before, nodes)
        new = made(tmp_path / f"{number}-new", [drawn(random, of) for of in before], nodes)
        if old is None or new is None:
            verdicts["refused by itself"] += 1
            continue
        found = transitions(old.provinces["north"].plan, new.provinces["north"].plan)
        seen = [w for _ in range(WAYS if not found else 4 * WAYS) if (w := waits(old, new, random))]
        assert found or not seen, (number, seen)
        verdicts["safe" if not found else "unsafe and seen" if seen else "unsafe, not seen"] += 1
    assert verdicts["safe"] > 15 and verdicts["unsafe and seen"] > 5, verdicts
    assert verdicts["unsafe, not seen"] < verdicts["unsafe and seen"], verdicts
