"""What Milepost says of pods, held against the pods that are there: counts, architectures, survival, rules, sizes, ports."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from objects import Object
from plane.kubelet import is_ready
from plane.nodes import quantity
from plane.observe import label

Where = tuple[str, str, str]
"""Station, application and component; without a station what the province itself runs."""


def components(pod: Object) -> set[str]:
    """The components that a pod holds: those that run together in it are its containers."""
    named = {c["name"] for c in pod["spec"]["containers"]}
    return named | {pod["metadata"]["labels"].get("app.kubernetes.io/name", "")}


def application(pod: Object) -> str | None:
    """The application of a pod; what Milepost runs itself (mirrors, agents, pulls) belongs to none."""
    part: str | None = pod["metadata"].get("labels", {}).get("app.kubernetes.io/part-of")
    return part


def by_component(pods: Iterable[Object], nodes: Iterable[Object]) -> dict[Where, list[Object]]:
    """Pods of applications by the station of their node."""
    stations = {n["metadata"]["name"]: label(n, "station") or "" for n in nodes}
    found: dict[Where, list[Object]] = defaultdict(list)
    for pod in pods:
        part, station = application(pod), stations.get(pod["spec"].get("nodeName", ""))
        if part and station is not None:
            for component in components(pod):
                found[station, part, component].append(pod)
    return found


def disagreements(
    rows: Sequence[Mapping[str, Any]], pods: Sequence[Object], nodes: Sequence[Object]
) -> list[str]:
    """Rows that the pods do not bear out, and pods that no row speaks of."""
    found = by_component(pods, nodes)
    architecture = {n["metadata"]["name"]: n["metadata"]["labels"]["kubernetes.io/arch"] for n in nodes}
    said: list[str] = []
    spoken: set[tuple[str, str]] = set()
    for row in rows:
        where = (row["station"] or "", row["application"], row["component"])
        # Where a component has images for one architecture each, it has a row for each.
        mine = [
            p for p in found.get(where, ()) if architecture[p["spec"]["nodeName"]] in row["architectures"]
        ]
        spoken |= {_name(p) for p in mine}
        on = {p["spec"]["nodeName"] for p in mine}
        # What runs on a schedule is there at its time alone.
        if len(mine) != row["instances"] and row["kind"] != "CronJob":
            said.append(f"{where}: {row['instances']} instances, {len(mine)} pods")
        if row["survives"] and len(on) <= row["survives"]:
            said.append(f"{where}: survives {row['survives']}, on {len(on)} nodes")
    other = [p for p in pods if application(p) and _name(p) not in spoken]
    return said + [f"no row speaks of pod {p['metadata']['name']}" for p in other]


def _name(pod: Object) -> tuple[str, str]:
    return pod["metadata"]["namespace"], pod["metadata"]["name"]


def serving(pods: Iterable[Object]) -> Counter[Where]:
    """Ready pods by the station that their labels name, or their node's is unknown."""
    found: Counter[Where] = Counter()
    for pod in pods:
        station, part = label(pod, "station"), application(pod)
        if station and part and is_ready(pod):
            found.update((station, part, component) for component in components(pod))
    return found


def broken_rules(
    applications: Iterable[Object], pods: Sequence[Object], nodes: Sequence[Object]
) -> tuple[int, list[str]]:
    """How many rules at stations were looked at, and those that do not hold."""
    found = by_component(pods, nodes)
    checked, broken = 0, []
    for app in applications:
        name = app["metadata"]["name"]
        for station in sorted({where[0] for where in found if where[1] == name}):
            on = {c: [p["spec"]["nodeName"] for p in found.get((station, name, c), ())] for c in _names(app)}
            for rule in app["spec"].get("topology", ()):
                checked += 1
                if not _holds(rule, on):
                    broken.append(f"{name} at {station}: {rule}")
    return checked, broken


def _names(app: Object) -> list[str]:
    return [c["name"] for c in app["spec"]["components"]]


def _holds(rule: Object, on: Mapping[str, Sequence[str]]) -> bool:
    together = [set(on[c]) for c in rule.get("together", ()) if on[c]]
    apart = [set(on[c]) for c in rule.get("apart", ())]
    spread = [on[c] for c in rule.get("spread", ())]
    return (
        all(one <= other or other <= one for one, other in combinations(together, 2))
        and all(not one & other for one, other in combinations(apart, 2))
        and all(len(nodes) == len(set(nodes)) for nodes in spread)
    )


def overfull(pods: Iterable[Object], nodes: Iterable[Object]) -> list[str]:
    """Nodes whose pods ask for more than they have, and ports that two pods of a node take."""
    asked: dict[tuple[str, str], Any] = defaultdict(int)
    ports: Counter[tuple[str, int, str]] = Counter()
    for pod in pods:
        node = pod["spec"].get("nodeName", "")
        for container in pod["spec"]["containers"]:
            sizes = container.get("resources", {})
            for kind, value in (sizes.get("limits", {}) | sizes.get("requests", {})).items():
                asked[node, kind] += quantity(value)
        ports.update((node, number, protocol) for number, protocol in _ports(pod))
    allocatable = {n["metadata"]["name"]: n["status"]["allocatable"] for n in nodes}
    full = [
        f"{node}: {kind} {value}"
        for (node, kind), value in asked.items()
        if node in allocatable and value > quantity(allocatable[node][kind])
    ]
    return full + [f"{port} is taken {times} times" for port, times in ports.items() if times > 1]


def _ports(pod: Object) -> list[tuple[int, str]]:
    own = pod["spec"].get("hostNetwork", False)
    every = [port for c in pod["spec"]["containers"] for port in c.get("ports", ())]
    taken = [(p.get("hostPort") or (own and p["containerPort"]), p.get("protocol", "TCP")) for p in every]
    return [(number, protocol) for number, protocol in taken if number]
