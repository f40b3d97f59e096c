"""Flux's real source and kustomize controllers on a plane, and a stand-in for what CloudCore answers to pre-pull jobs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import urllib3

from objects import Object
from plane import binaries
from plane.api import MERGE, Api, RefusedError
from plane.apply import FLUX
from plane.cluster import Cluster
from plane.observe import until

NAME, NAMESPACE = "kustomize.toolkit.fluxcd.io/name", "kustomize.toolkit.fluxcd.io/namespace"
_REQUEST = "reconcile.fluxcd.io/requestedAt"


def start(cluster: Cluster, folder: Path) -> None:
    """Both controllers, as one cluster has them; they look again every few seconds where they would wait for half a minute."""
    storage, host = folder / "artifacts", cluster.address
    storage.mkdir()
    source = {
        "storage-path": str(storage),
        "storage-addr": f"{host}:9790",
        "storage-adv-addr": f"{host}:9790",
        "metrics-addr": f"{host}:8081",
        "health-addr": f"{host}:9441",
    }
    kustomize = {
        "metrics-addr": f"{host}:8082",
        "health-addr": f"{host}:9442",
        "requeue-dependency": "2s",
        "concurrent": "8",
        "kube-api-qps": "500",
        "kube-api-burst": "1000",
    }
    environment = {"KUBECONFIG": str(cluster.kubeconfig("flux")), "RUNTIME_NAMESPACE": FLUX}
    for program, flags, port in (
        (binaries.SOURCE_CONTROLLER, source, 9441),
        (binaries.KUSTOMIZE_CONTROLLER, kustomize, 9442),
    ):
        command = ["env", *(f"{k}={v}" for k, v in environment.items()), str(program.path)]
        command += [f"--{name}={value}" for name, value in flags.items()]
        cluster.programs.start(program.name, command, _healthy(f"http://{host}:{port}/healthz"))


ROOT = "province"
"""Of the Kustomization that an operator makes by hand."""
_ENTRY = f"""\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {ROOT}, namespace: {FLUX}}}
spec:
  interval: 1h
  retryInterval: 10s
  path: ./sync
  prune: true
  sourceRef: {{kind: GitRepository, name: milepost}}
"""


def point(cluster: Cluster) -> None:
    """Point Flux at the tree's entry, as whoever sets a cluster up does once."""
    done = cluster.kubectl("apply", "-f", "-", given=_ENTRY)
    assert done.returncode == 0, done.stderr


def _healthy(url: str) -> Callable[[], bool]:
    def answers() -> bool:
        try:
            return urllib3.request("GET", url, retries=False, timeout=2).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    return answers


@dataclass
class CloudCore:
    """Says of each pre-pull job what CloudCore would: nothing yet, that it is done, or that it failed."""

    api: Api
    verdict: Callable[[Object], str] = lambda job: "Completed"
    """The phase of a job; ``InProgress`` while nothing is decided."""
    _over: bool = field(default=False)

    def start(self) -> None:
        threading.Thread(target=self._work, daemon=True).start()

    def stop(self) -> None:
        self._over = True

    def _work(self) -> None:
        while not self._over:
            try:
                for job in self.api.all("imageprepulljobs"):
                    self._judge(job)
            except (RefusedError, urllib3.exceptions.HTTPError):
                pass
            time.sleep(0.5)

    def _judge(self, job: Object) -> None:
        phase = self.verdict(job)
        if job.get("status", {}).get("phase") not in (phase, "Completed", "Failure"):
            path = self.api.path("imageprepulljobs", "", job["metadata"]["name"], "status")
            self.api.request(
                "PATCH", path, {"status": {"phase": phase, "nodeStatus": _nodes(job, phase)}}, MERGE
            )


def _nodes(job: Object, phase: str) -> list[Object]:
    words = {"Completed": "Successful", "Failure": "Failure"}
    names = job["spec"]["imagePrePullTemplate"].get("nodeNames", ())
    return [{"nodeName": name, "phase": words.get(phase, "InProgress")} for name in names]


def condition(body: Object, kind: str = "Ready") -> Mapping[str, str]:
    """A condition of an object; one that says nothing where it has none."""
    found = (c for c in body.get("status", {}).get("conditions", ()) if c["type"] == kind)
    return next(found, {"status": "Unknown", "message": "", "reason": ""})


def ready(api: Api, revision: str = "") -> dict[str, bool]:
    """Kustomizations by name, and whether each is ready (at a revision that ends so)."""
    return {
        k["metadata"]["name"]: condition(k)["status"] == "True"
        and k["status"].get("observedGeneration") == k["metadata"]["generation"]
        and k["status"].get("lastAppliedRevision", "").endswith(revision)
        for k in api.all("kustomizations")
    }


def pull(api: Api, name: str = "milepost") -> None:
    """Ask for the source now, as ``flux reconcile source git`` does."""
    instance = {"metadata": {"annotations": {_REQUEST: str(time.time())}}}
    api.request("PATCH", api.path("gitrepositories", FLUX, name), instance, MERGE)


def synced(api: Api, revision: str, seconds: float = 180) -> None:
    """Wait until every Kustomization is ready at a commit."""

    def holds() -> bool:
        found = ready(api, revision)
        return bool(found) and all(found.values())

    try:
        until(f"not every Kustomization is ready at {revision}", holds, seconds)
    except AssertionError as late:
        told = {k["metadata"]["name"]: condition(k)["message"] for k in api.all("kustomizations")}
        raise AssertionError(f"{late}: {told}") from late
