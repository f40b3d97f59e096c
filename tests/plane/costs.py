"""What DaemonSets, lists and dry-runs cost a real control plane, as constants for the cost model: ``python -m plane.costs FILE``.

Processor time of a process moves little with the machine's load, which seconds on the clock do. What a process takes anyway
is measured before and taken off.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from objects import Object
from plane import binaries
from plane.api import MERGE, Api
from plane.cluster import Cluster

NODES, SETS, PROBES, WINDOW = 400, (100, 400), 8, 12.0
_TICK = os.sysconf("SC_CLK_TCK")


def node(number: int) -> Object:
    labels = {"pair": str(number // 2), "kubernetes.io/hostname": f"n{number}", "station": f"s{number // 10}"}
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": f"n{number}", "labels": labels}}


def daemon_set(number: int, note: str = "") -> Object:
    labels = {"app": f"d{number}"}
    container = {
        "name": "c",
        "image": "registry.example/c@sha256:" + "0" * 64,
        "env": [{"name": "N", "value": note}],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": f"d{number}", "namespace": "default"},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"nodeSelector": {"pair": str(number % (NODES // 2))}, "containers": [container]},
            },
        },
    }


class Meter:
    """Processor seconds of one program of a cluster."""

    def __init__(self, cluster: Cluster, program: str) -> None:
        self._stat = Path(f"/proc/{cluster.programs.running[program].pid}/stat")
        self._idle = 0.0

    def now(self) -> float:
        fields = self._stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def rest(self) -> None:
        """Wait until the program does little, and note what it takes then."""
        for _ in range(40):
            begun, at = self.now(), time.monotonic()
            time.sleep(WINDOW / 2)
            self._idle = (self.now() - begun) / (time.monotonic() - at)
            if self._idle < 0.05:
                return

    def of(self, act: Callable[[int], None], times: int = PROBES) -> float:
        """Seconds that one of several actions takes."""
        begun, at = self.now(), time.monotonic()
        for number in range(times):
            act(number)
            time.sleep(0.5)
        time.sleep(WINDOW)
        return max(0.0, self.now() - begun - self._idle * (time.monotonic() - at)) / times


def measured(cluster: Cluster) -> Iterator[tuple[str, Any]]:
    api = cluster.client()
    for number in range(NODES):
        api.request("POST", api.path("nodes"), node(number))
    allowed = {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}}
    _patch(api, api.path("namespaces", "", "default"), allowed)
    made = 0
    manager = Meter(cluster, "controller-manager")
    for wanted in SETS:
        for number in range(made, wanted):
            api.request("POST", api.path("daemonsets", "default"), daemon_set(number))
        made = wanted
        manager.rest()
        yield (
            f"controllerManager.cpuSecondsPerNodeLabelChange.{wanted}DaemonSets",
            round(manager.of(_relabel(api)), 4),
        )
        manager.rest()
        yield (
            f"controllerManager.cpuSecondsPerDaemonSetChange.{wanted}DaemonSets",
            round(manager.of(_change(api)), 4),
        )
    yield from _bytes(api)
    server = Meter(cluster, "apiserver")
    server.rest()
    yield "apiServer.cpuSecondsPerDryRun", round(server.of(_dry_run(api), 60), 4)


def _relabel(api: Api) -> Callable[[int], None]:
    return lambda n: _patch(
        api, api.path("nodes", "", f"n{n}"), {"metadata": {"labels": {"probe": str(time.time_ns())}}}
    )


def _change(api: Api) -> Callable[[int], None]:
    return lambda n: _patch(
        api, api.path("daemonsets", "default", f"d{n}"), daemon_set(n, str(time.time_ns()))
    )


def _dry_run(api: Api) -> Callable[[int], None]:
    return lambda n: _patch(
        api, api.path("daemonsets", "default", f"d{n}") + "?dryRun=All", daemon_set(n, "dry")
    )


def _patch(api: Api, path: str, body: Object) -> None:
    api.request("PATCH", path, body, MERGE)


def _bytes(api: Api) -> Iterator[tuple[str, float]]:
    for resource in ("nodes", "daemonsets", "pods"):
        found = list(islice(api.all(resource), 200))
        size = sum(len(json.dumps(body, separators=(",", ":"))) for body in found)
        yield f"list.jsonBytesPer.{resource}", round(size / max(1, len(found)))


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(Path(folder), "127.93.7.1", grace=36000)
        cluster.start()
        try:
            found = dict(measured(cluster))
        finally:
            cluster.stop()
    head = {"kubernetes": binaries.KUBE.version, "nodes": NODES, "nodesPerDaemonSet": 2}
    target.write_text(json.dumps(head | found, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
