"""What is in a cluster, as these tests ask for it: pods by component and place, and what rollouts leave ready meanwhile."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import urllib3

from objects import Object
from plane.api import Api
from plane.kubelet import is_ready

Workload = tuple[str, str, str]
"""Namespace, workload and station, as pods are labelled."""


def label(body: Object, name: str) -> str | None:
    """A label of the fleet's own domain by its last part."""
    labels = body["metadata"].get("labels", {})
    return next((value for key, value in labels.items() if key.endswith(f"/{name}")), None)


def until(what: str, holds: Callable[[], object], seconds: float = 120) -> None:
    """Wait until something holds. Raises AssertionError with ``what`` where it never does."""
    over = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < over, f"after {seconds:.0f} s: {what}"
        time.sleep(0.3)


def pods(api: Api, namespace: str = "") -> list[Object]:
    """Pods that run or will run: those of a finished job are left out."""
    return [p for p in api.all("pods", namespace) if p["status"].get("phase") not in ("Succeeded", "Failed")]


def unready(api: Api) -> list[str]:
    """Workloads whose pods are not all of their newest version and ready; what a node that is gone holds back counts."""
    late = []
    for kind in ("deployments", "daemonsets", "statefulsets"):
        for body in api.all(kind):
            wanted, updated, ready = _counts(body)
            seen = body["status"].get("observedGeneration", 0) >= body["metadata"]["generation"]
            if not seen or updated < wanted or ready < wanted:
                late.append(
                    f"{kind}/{body['metadata']['namespace']}/{body['metadata']['name']} {ready} of {wanted}"
                )
    return late


def _counts(body: Object) -> tuple[int, int, int]:
    status = body["status"]
    if "desiredNumberScheduled" in status:
        wanted = status["desiredNumberScheduled"]
        return wanted, status.get("updatedNumberScheduled", 0), status.get("numberReady", 0)
    return body["spec"].get("replicas", 1), status.get("updatedReplicas", 0), status.get("readyReplicas", 0)


def settled(api: Api, seconds: float = 120) -> None:
    """Wait until every workload has what it asks for."""
    over = time.monotonic() + seconds
    while late := unready(api):
        assert time.monotonic() < over, f"after {seconds:.0f} s: {late}"
        time.sleep(0.5)


def pending(found: Iterable[Object]) -> list[str]:
    """Pods without a node, each with what the scheduler says."""
    said = []
    for pod in found:
        if not pod["spec"].get("nodeName"):
            why = [
                c.get("message", "")
                for c in pod["status"].get("conditions", ())
                if c["type"] == "PodScheduled"
            ]
            said.append(f"{pod['metadata']['namespace']}/{pod['metadata']['name']}: {' '.join(why)}")
    return said


@dataclass
class Watch:
    """Counts, while it is open, how few pods of each workload of a station were ready, and which pods came and went."""

    api: Api
    least: dict[Workload, int] = field(default_factory=dict)
    came: list[Object] = field(default_factory=list)
    went: list[Object] = field(default_factory=list)
    _ready: dict[Workload, set[str]] = field(default_factory=lambda: defaultdict(set))
    broken: bool = False
    _over: bool = False

    def __enter__(self) -> Watch:
        found = self.api.request("GET", "/api/v1/pods")
        for pod in found["items"]:
            self._note(pod)
        self.least = {workload: len(uids) for workload, uids in self._ready.items()}
        version = found["metadata"]["resourceVersion"]
        threading.Thread(target=self._follow, args=(version,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        assert not self.broken, "the watch ended before the test did"

    def _follow(self, version: str) -> None:
        try:
            for event in self.api.watch("/api/v1/pods", version):
                if self._over:
                    return
                self._take(event["type"], event["object"])
        except urllib3.exceptions.HTTPError:
            self.broken = not self._over

    def _take(self, kind: str, pod: Object) -> None:
        if kind == "ADDED":
            self.came.append(pod)
        workload = self._note(pod, gone=kind == "DELETED")
        if kind == "DELETED":
            self.went.append(pod)
        if workload is not None:
            self.least[workload] = min(self.least.get(workload, 0), len(self._ready[workload]))

    def _note(self, pod: Object, gone: bool = False) -> Workload | None:
        name, station = label(pod, "workload"), label(pod, "station")
        if name is None or station is None:
            return None
        workload = (pod["metadata"]["namespace"], name, station)
        uids = self._ready[workload]
        if is_ready(pod) and not gone:
            uids.add(pod["metadata"]["uid"])
        else:
            uids.discard(pod["metadata"]["uid"])
        return workload
