"""A fake kubelet for every node of a test: it registers nodes, keeps leases, and runs the pods that the scheduler gave
them, as far as the API server can tell.

A pod is ready some seconds after it was bound and gone some seconds after it was told to end; a job's pod succeeds. A node
can be cut off (it goes on, and nobody hears of it), powered down, and brought back. Time passes at ``pace``: a probe's
delay and a grace period last that share of what is written.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from objects import Object
from plane.api import MERGE, STRATEGIC, Api, RefusedError

Key = tuple[str, str]
"""Namespace and name of a pod."""
_LEASES = "kube-node-lease"
_PRESSURES = ("MemoryPressure", "DiskPressure", "PIDPressure")
_READY = ("Initialized", "PodReadyToStartContainers", "ContainersReady", "Ready")


@dataclass
class Kubelet:
    """``register`` nodes, then ``start``. ``faults`` are requests that the API server refused, which a test should not have."""

    api: Api
    pace: float = 0.1
    begin: float = 0.3
    """Seconds from bound to ready, beside the probes' delay."""
    lease: float = 8
    """Seconds between renewals of a node's lease."""
    fails: Callable[[Object], bool] = field(default=lambda pod: False)
    """Whether the pod of a job fails."""
    faults: list[str] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)
    """Nodes that are cut off or powered down."""
    _down: set[str] = field(default_factory=set)
    _nodes: dict[str, float] = field(default_factory=dict)
    _pods: dict[Key, Object] = field(default_factory=dict)
    _planned: dict[str, str] = field(default_factory=dict)
    """By the pod's uid, what is about to be done with it, so that an event repeated does not do it twice."""
    _due: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _count: int = 0
    _wake: threading.Condition = field(default_factory=threading.Condition)
    _over: bool = False

    def register(self, nodes: Iterable[Object]) -> None:
        """Make the nodes and their leases; from now on they are kept."""
        for node in nodes:
            name = node["metadata"]["name"]
            self.api.request("POST", self.api.path("nodes"), {k: v for k, v in node.items() if k != "status"})
            self._node_status(name, node["status"])
            body = {"metadata": {"name": name}, "spec": {"holderIdentity": name, "leaseDurationSeconds": 40}}
            body["spec"]["renewTime"] = _now(micro=True)
            self.api.request("POST", self.api.path("leases", _LEASES), body)
            self._nodes[name] = time.monotonic()

    def start(self) -> None:
        for loop in (self._watch, self._renew, *[self._work] * 4):
            threading.Thread(target=loop, daemon=True).start()

    def stop(self) -> None:
        self._over = True
        with self._wake:
            self._wake.notify_all()

    def cut_off(self, *nodes: str) -> None:
        """The line is gone: what runs there goes on, unheard."""
        self.silent |= set(nodes)

    def power_down(self, *nodes: str) -> None:
        self.cut_off(*nodes)
        self._down |= set(nodes)

    def bring_back(self, *nodes: str) -> None:
        """It reports, ends what was deleted meanwhile, and runs what is new; after a power cut everything starts again."""
        self.silent -= set(nodes)
        for name in nodes:
            self._renew_one(name)
            self._node_status(name, {})
        for pod in [p for p in list(self._pods.values()) if p["spec"].get("nodeName") in nodes]:
            self._planned.pop(pod["metadata"]["uid"], None)
            if pod["spec"]["nodeName"] in self._down and not pod["metadata"].get("deletionTimestamp"):
                self._run(pod)
            self._see(pod)
        self._down -= set(nodes)

    # What is seen

    def _watch(self) -> None:
        while not self._over:
            try:
                found = self.api.request("GET", "/api/v1/pods")
                self._pods = {_key(pod): pod for pod in found["items"]}
                for pod in found["items"]:
                    self._see(pod)
                for event in self.api.watch("/api/v1/pods", found["metadata"]["resourceVersion"]):
                    self._take(event)
            except Exception as fault:
                if not self._over:
                    self.faults.append(f"watch: {fault!r}")
                    time.sleep(0.5)

    def _take(self, event: Object) -> None:
        pod = event["object"]
        if event["type"] == "ERROR":
            raise RefusedError(pod.get("code", 0), pod.get("message", ""))
        if event["type"] == "DELETED":
            self._pods.pop(_key(pod), None)
            self._planned.pop(pod["metadata"]["uid"], None)
        else:
            self._pods[_key(pod)] = pod
            self._see(pod)

    def _see(self, pod: Object) -> None:
        uid, node = pod["metadata"]["uid"], pod["spec"].get("nodeName")
        if node not in self._nodes or node in self.silent:
            return
        if pod["metadata"].get("deletionTimestamp"):
            grace = pod["metadata"].get("deletionGracePeriodSeconds") or 0
            self._plan(pod, "end", grace * self.pace, self._end)
        elif not is_ready(pod) and pod["status"].get("phase") not in ("Succeeded", "Failed"):
            self._plan(pod, f"run {uid}", self.begin + _delay(pod) * self.pace, self._run)

    def _plan(self, pod: Object, what: str, seconds: float, act: Callable[[Object], None]) -> None:
        uid = pod["metadata"]["uid"]
        if self._planned.get(uid) == what:
            return
        self._planned[uid] = what
        with self._wake:
            self._count += 1
            heapq.heappush(
                self._due, (time.monotonic() + seconds, self._count, lambda: self._act(pod, what, act))
            )
            self._wake.notify()

    def _act(self, pod: Object, what: str, act: Callable[[Object], None]) -> None:
        current = self._pods.get(_key(pod))
        mine = current and current["metadata"]["uid"] == pod["metadata"]["uid"]
        if (
            mine
            and pod["spec"]["nodeName"] not in self.silent
            and self._planned.get(pod["metadata"]["uid"]) == what
        ):
            act(current or pod)

    def _work(self) -> None:
        while not self._over:
            with self._wake:
                while not self._over and (not self._due or self._due[0][0] > time.monotonic()):
                    self._wake.wait(max(0.005, self._due[0][0] - time.monotonic()) if self._due else 1)
                if self._over:
                    return
                _, _, act = heapq.heappop(self._due)
            try:
                act()
            except RefusedError as refused:
                if refused.status not in (404, 409) and not self._over:
                    self.faults.append(str(refused))
            except Exception as fault:
                if not self._over:
                    self.faults.append(repr(fault))

    # What is done

    def _run(self, pod: Object) -> None:
        if pod["metadata"].get("deletionTimestamp"):
            return
        at = _now()
        status = {
            "phase": "Running",
            "startTime": at,
            "hostIP": "10.64.0.1",
            "podIP": "10.200.0.1",
            "podIPs": [{"ip": "10.200.0.1"}],
            "conditions": [{"type": t, "status": "True", "lastTransitionTime": at} for t in _READY],
            "containerStatuses": [
                _container(c, {"running": {"startedAt": at}}) for c in pod["spec"]["containers"]
            ],
        }
        self._status(pod, status)
        if pod["spec"].get("restartPolicy") != "Always":
            self._plan(pod, "finish", self.begin, self._finish)

    def _finish(self, pod: Object) -> None:
        at, failed = _now(), self.fails(pod)
        ended = {"terminated": {"exitCode": int(failed), "reason": "Error" if failed else "Completed"}}
        ended["terminated"] |= {"startedAt": at, "finishedAt": at}
        status = {
            "phase": "Failed" if failed else "Succeeded",
            "conditions": [{"type": "Ready", "status": "False", "lastTransitionTime": at}],
            "containerStatuses": [_container(c, ended) for c in pod["spec"]["containers"]],
        }
        self._status(pod, status)

    def _end(self, pod: Object) -> None:
        path = self.api.path("pods", *_key(pod))
        gone = {"gracePeriodSeconds": 0, "preconditions": {"uid": pod["metadata"]["uid"]}}
        self.api.request("DELETE", path, {"kind": "DeleteOptions", "apiVersion": "v1", **gone})

    def _status(self, pod: Object, status: Object) -> None:
        path = self.api.path("pods", *_key(pod), "status")
        meta = {"uid": pod["metadata"]["uid"]}
        self.api.request("PATCH", path, {"metadata": meta, "status": status}, STRATEGIC)

    # Nodes

    def _renew(self) -> None:
        while not self._over:
            began = time.monotonic()
            for name in [n for n in list(self._nodes) if n not in self.silent]:
                if began - self._nodes[name] >= self.lease:
                    try:
                        self._renew_one(name)
                    except Exception as fault:
                        if not self._over:
                            self.faults.append(f"lease of {name}: {fault!r}")
            time.sleep(0.5)

    def _renew_one(self, name: str) -> None:
        path = self.api.path("leases", _LEASES, name)
        self.api.request("PATCH", path, {"spec": {"renewTime": _now(micro=True)}}, MERGE)
        self._nodes[name] = time.monotonic()

    def _node_status(self, name: str, status: Object) -> None:
        at = _now()
        instance = {"lastHeartbeatTime": at, "lastTransitionTime": at}
        conditions = [{"type": "Ready", "status": "True", "reason": "KubeletReady", **instance}]
        conditions += [{"type": t, "status": "False", "reason": "Enough", **instance} for t in _PRESSURES]
        path = self.api.path("nodes", "", name, "status")
        self.api.request("PATCH", path, {"status": {**status, "conditions": conditions}}, STRATEGIC)


def is_ready(pod: Object) -> bool:
    """Whether a pod serves: it is ready, and nobody has told it to end."""
    conditions = pod.get("status", {}).get("conditions", ())
    ready = any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
    return ready and not pod["metadata"].get("deletionTimestamp")


def _key(pod: Object) -> Key:
    return pod["metadata"]["namespace"], pod["metadata"]["name"]


def _delay(pod: Object) -> int:
    """Seconds before the last of its containers is asked whether it is ready."""
    probes = [c.get("readinessProbe", {}) for c in pod["spec"]["containers"]]
    return max(int(probe.get("initialDelaySeconds", 0)) for probe in probes)


def _container(container: Object, state: Object) -> Object:
    running = "running" in state
    image = container.get("image", "")
    told = {"name": container["name"], "image": image, "imageID": image, "restartCount": 0, "state": state}
    return told | {"ready": running, "started": running, "containerID": "fake://1"}


def _now(micro: bool = False) -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ" if micro else "%Y-%m-%dT%H:%M:%SZ")
