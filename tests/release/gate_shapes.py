"""Jobs as clusters report them: the shapes that a gate meets, and what it has to make of each.

Written after the types and the controllers of KubeEdge 1.23 (``operations/v1alpha2``) and 1.20 (``v1alpha1``),
OpenKruise 1.8 and Kubernetes.
"""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]
IMAGES = ["registry.example/a@sha256:1", "registry.example/b@sha256:2"]


def node(name: str, phase: str, *statuses: str) -> Shape:
    """A node's part of the status; ``statuses`` are those of its images, as far as it has answered."""
    found: Shape = {"nodeName": name, "phase": phase}
    if statuses:
        found["imageStatus"] = [
            {"image": image, "status": status} for image, status in zip(IMAGES, statuses, strict=False)
        ]
    return found


def prepull(status: Shape | None, tolerate: str = "0.1") -> Shape:
    """An ImagePrePullJob."""
    template = {"images": IMAGES, "failureTolerate": tolerate}
    body: Shape = {"metadata": {"name": "j"}, "spec": {"imagePrePullTemplate": template}}
    return body if status is None else body | {"status": status}


DONE = [node(f"n{i}", "Successful", "True", "True") for i in range(9)]
OFFLINE = node("n9", "Failure")
HALF = node("n9", "InProgress", "True")

BY_PHASE = {
    "without a status": (prepull(None), "waits"),
    "with an empty status": (prepull({}), "waits"),
    "that was just looked at": (prepull({"phase": "Init"}), "waits"),
    "under way": (prepull({"phase": "InProgress", "nodeStatus": [*DONE[:3], HALF]}), "waits"),
    "completed": (prepull({"phase": "Completed", "nodeStatus": DONE}), "passes"),
    "completed with one node offline": (
        prepull({"phase": "Completed", "nodeStatus": [*DONE, OFFLINE]}),
        "passes",
    ),
    "failed": (
        prepull({"phase": "Failure", "reason": "the failure rate is too high", "nodeStatus": [OFFLINE]}),
        "fails",
    ),
    "that found no node": (prepull({"phase": "Failure", "reason": "no node matched"}), "fails"),
}

LIES = [node(f"n{i}", "Failure") for i in range(10)]
"""The other instance of CloudCore holds the sessions: this one calls every node failed at once."""
BY_NODES = {
    "without a status": (prepull(None), "waits"),
    "with an empty status": (prepull({}), "waits"),
    "that was just looked at": (prepull({"phase": "Init", "nodeStatus": LIES[:0]}), "waits"),
    "called failed while its nodes still pull": (prepull({"phase": "Failure", "nodeStatus": LIES}), "waits"),
    "called failed while some nodes have answered": (
        prepull({"phase": "Failure", "nodeStatus": [*DONE[:5], *LIES[5:]]}),
        "waits",
    ),
    "called failed, and every node has the images": (
        prepull({"phase": "Failure", "nodeStatus": [n | {"phase": "Failure"} for n in DONE]}),
        "passes",
    ),
    "called failed, with as many missing as may be": (
        prepull({"phase": "Failure", "nodeStatus": [*DONE, OFFLINE]}),
        "passes",
    ),
    "with one node at half of its images": (
        prepull({"phase": "InProgress", "nodeStatus": [*DONE[:8], HALF, OFFLINE]}),
        "waits",
    ),
    "with too many nodes that answered no": (
        prepull(
            {"phase": "Failure", "nodeStatus": [*DONE[:8], *[node("x", "Failure", "True", "False")] * 2]}
        ),
        "fails",
    ),
    "that found no node": (prepull({"phase": "Failure", "reason": "no node matched"}), "fails"),
    "that only fills mirrors, and nobody has answered": (
        prepull({"phase": "Failure", "nodeStatus": LIES[:2]}, "1"),
        "waits",
    ),
    "that only fills mirrors, and one of two has": (
        prepull({"phase": "Failure", "nodeStatus": [DONE[0], OFFLINE]}, "1"),
        "passes",
    ),
}

OLDER = {"Completed": "Successful", "Failure": "Failed", "InProgress": "Pulling"}
"""The states of ``v1alpha1``, by the phase that says the same."""


def older(shape: Shape) -> Shape:
    """The same job as KubeEdge before 1.21 reports it: states for phases, a node's own beside those of its images."""
    if "status" not in shape:
        return shape
    status = shape["status"]
    found: Shape = {"reason": status["reason"]} if "reason" in status else {}
    if "phase" in status:
        found["state"] = OLDER.get(status["phase"], status["phase"])
    if "nodeStatus" in status:
        found["status"] = [_older_node(each) for each in status["nodeStatus"]]
    return shape | {"status": found}


def _older_node(node: Shape) -> Shape:
    state = OLDER.get(node["phase"], node["phase"])
    images = [
        {"image": image["image"], "state": "Successful" if image["status"] == "True" else "Failed"}
        for image in node.get("imageStatus", ())
    ]
    found: Shape = {"nodeStatus": {"nodeName": node["nodeName"], "state": state}}
    return found | ({"imageStatus": images} if images else {})


BY_STATE = {title: (older(shape), expected) for title, (shape, expected) in BY_PHASE.items()}
BY_STATES = {title: (older(shape), expected) for title, (shape, expected) in BY_NODES.items()}


def kruise(status: Shape | None, **selector: Any) -> Shape:
    """An ImagePullJob of OpenKruise."""
    body: Shape = {"metadata": {"name": "j"}, "spec": {"selector": selector or {"matchLabels": {"a": "b"}}}}
    return body if status is None else body | {"status": status}


TIME = "2026-01-02T03:04:05Z"
BY_COUNTS = {
    "without a status": (kruise(None), "waits"),
    "under way": (kruise({"desired": 20, "active": 3, "succeeded": 17}), "waits"),
    "completed": (kruise({"desired": 20, "succeeded": 20, "completionTime": TIME}), "passes"),
    "completed with as many missing as may be": (
        kruise({"desired": 20, "succeeded": 18, "failed": 2, "completionTime": TIME}),
        "passes",
    ),
    "completed without success": (kruise({"desired": 20, "failed": 20, "completionTime": TIME}), "fails"),
    "completed, one of three failed": (
        kruise({"desired": 3, "succeeded": 2, "failed": 1, "completionTime": TIME}),
        "passes",
    ),
    "that only fills mirrors and failed": (
        kruise({"desired": 1, "failed": 1, "completionTime": TIME}, names=["a"]),
        "passes",
    ),
}


def daemon_set(label: str | None, generation: int = 1, **status: int) -> Shape:
    """A DaemonSet; ``label`` marks one that pulls."""
    labels = {label: "x"} if label else {}
    return {
        "metadata": {"name": "d", "generation": generation, "labels": labels},
        "spec": {"updateStrategy": {"type": "RollingUpdate"}},
        "status": {"observedGeneration": 1} | status,
    }


def pulling(**status: int) -> Shape:
    return daemon_set("milepost.dev/prepull", **status)


BY_PODS = {
    "whose pods are not there yet": (pulling(desiredNumberScheduled=20, numberReady=0), "waits"),
    "with half of the pods ready": (pulling(desiredNumberScheduled=20, numberReady=10), "waits"),
    "with all pods ready": (pulling(desiredNumberScheduled=20, numberReady=20), "passes"),
    "with as many missing as may be": (pulling(desiredNumberScheduled=20, numberReady=18), "passes"),
    "with one of two nodes offline": (pulling(desiredNumberScheduled=2, numberReady=1), "passes"),
    "with its only node offline": (pulling(desiredNumberScheduled=1, numberReady=0), "waits"),
}
