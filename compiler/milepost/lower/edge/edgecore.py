"""EdgeCore's configuration of one class of nodes (``edgecore.config.kubeedge.io/v1alpha2``).

Small and complete: what differs from EdgeCore's defaults, and what must not follow them when they change. What is the node's
own (name, address, heartbeat, labels) is given when it joins. A module that is off is named, since most are on by default.
"""

from __future__ import annotations

from typing import Any

from milepost.model.edge_nodes import EdgeConfig, LineRoute
from milepost.model.edge_traffic import ManagementIntervals

API_VERSION = "edgecore.config.kubeedge.io/v1alpha2"
MESH_DNS = "169.254.96.16"
"""Where EdgeMesh's DNS listens on every node (EdgeMesh 1.17, ``commonConfig.bridgeDeviceIP``)."""
KUBELET_ROOT = "/var/lib/kubelet"
SMALL_DISK = 32 * 1024**3
"""Below it, logs of containers are kept shorter."""
_MODULES = ("deviceTwin", "eventBus", "serviceBus", "edgeStream", "taskManager")


def edgecore(
    config: EdgeConfig,
    route: LineRoute,
    intervals: ManagementIntervals,
    cgroup_driver: str,
    sandbox: str | None,
) -> dict[str, Any]:
    """The document; ``sandbox`` is the image of pod sandboxes as containerd shall pull it."""
    modules: dict[str, Any] = {
        "edgeHub": _hub(route),
        "edged": _edged(config, intervals, cgroup_driver, sandbox),
        "metaManager": {
            "remoteQueryTimeout": route.timeouts.query,
            "metaServer": {"enable": "metaServer" in config.modules},
        },
    }
    for name in _MODULES:
        modules[name] = {"enable": name in config.modules}
    if "edgeStream" in config.modules:
        modules["edgeStream"]["server"] = route.stream
        modules["edgeStream"]["handshakeTimeout"] = route.timeouts.handshake
    return {"apiVersion": API_VERSION, "kind": "EdgeCore", "modules": modules}


def _hub(route: LineRoute) -> dict[str, Any]:
    quic = route.access.transport == "quic"
    timers = {
        "handshakeTimeout": route.timeouts.handshake,
        "readDeadline": route.timeouts.write,
        "writeDeadline": route.timeouts.write,
    }
    # Exactly one may be on, and WebSocket is by default: both switches are written.
    on, off = ("quic", "websocket") if quic else ("websocket", "quic")
    return {
        "httpServer": route.certificates,
        on: {"enable": True, "server": route.server, **timers},
        off: {"enable": False},
    }


def _edged(
    config: EdgeConfig, intervals: ManagementIntervals, cgroup_driver: str, sandbox: str | None
) -> dict[str, Any]:
    body: dict[str, Any] = {"reportEvent": False, "rootDirectory": KUBELET_ROOT}
    if sandbox is not None:
        body["podSandboxImage"] = sandbox
    body["tailoredKubeletConfig"] = _kubelet(config, intervals, cgroup_driver)
    return body


def _kubelet(config: EdgeConfig, intervals: ManagementIntervals, cgroup_driver: str) -> dict[str, Any]:
    kept = config.reservation
    small = config.of.profile.disk <= SMALL_DISK
    disk = f"{kept.evict_disk >> 20}Mi"
    body: dict[str, Any] = {
        "cgroupDriver": cgroup_driver,
        "maxPods": config.max_pods,
        "nodeLeaseDurationSeconds": intervals.lease_duration,
        "nodeStatusReportFrequency": f"{intervals.report}s",
        "systemReserved": {
            "cpu": f"{kept.cpu}m",
            "memory": str(kept.memory),
            "ephemeral-storage": str(kept.disk),
        },
        "evictionHard": {
            "memory.available": f"{kept.evict_memory >> 20}Mi",
            # One file system holds both on these machines. The kubelet removes images at 85 %,
            # long before a pod must go for want of disk.
            "nodefs.available": disk,
            "imagefs.available": disk,
        },
        "imageGCHighThresholdPercent": 85,
        "imageGCLowThresholdPercent": 80,
        "serializeImagePulls": True,
        "containerLogMaxSize": "5Mi" if small else "10Mi",
        "containerLogMaxFiles": 3 if small else 5,
    }
    if config.mesh_dns:
        body |= {"clusterDNS": [MESH_DNS], "clusterDomain": "cluster.local"}
    return body
