"""CloudCore's configuration (``cloudcore.config.kubeedge.io/v1alpha1``), and the values of KubeEdge's chart beside it.

The chart does not offer most fields, and CloudCore raises eight numbers to fit its node limit and then writes its whole
ConfigMap anew. So the ConfigMap is rendered whole, with these eight as CloudCore would make them, and takes the place of the
chart's; it is then left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from milepost.lower.edge.config_text import config_text
from milepost.model import kinds, requirements
from milepost.model.cloudcore_sizing import CloudCoreSizing
from milepost.model.edge_settings import CloudCoreSettings
from milepost.model.objects import kubernetes_object
from milepost.model.plan import Plan
from milepost.model.resource_request import ResourceRequest

API_VERSION = "cloudcore.config.kubeedge.io/v1alpha1"
NAME = "cloudcore"
NAMESPACE = "kubeedge"
_ADDRESS = re.compile(r"[0-9.]+")


def config_map(plan: Plan, cloudcore: CloudCoreSettings, sizing: CloudCoreSizing) -> dict[str, Any]:
    """The ConfigMap that CloudCore reads, with its one key."""
    text = config_text(cloudcore_config(plan, cloudcore, sizing))
    return kubernetes_object(kinds.CONFIG_MAP, NAME, namespace=NAMESPACE, data={"cloudcore.yaml": text})


def cloudcore_config(plan: Plan, cloudcore: CloudCoreSettings, sizing: CloudCoreSizing) -> dict[str, Any]:
    """The document: what differs from the defaults, and the eight numbers."""
    limit, needs = sizing.node_limit, {need.requirement for need in plan.requirements.needs}
    return {
        "apiVersion": API_VERSION,
        "kind": "CloudCore",
        "kubeAPIConfig": {"qps": 5 * limit, "burst": 10 * limit},
        "modules": {
            "cloudHub": _hub(cloudcore, sizing),
            "edgeController": {
                "load": {
                    "queryNodeWorkers": limit,
                    "patchNodeWorkers": 100 + limit // 50,
                    "createLeaseWorkers": limit,
                    # As in KubeEdge's test with 100,000 nodes, by share of the node limit.
                    "updatePodStatusWorkers": max(1, limit * 2 // 3),
                    "updateNodeStatusWorkers": max(1, limit // 3),
                },
                "buffer": {
                    "patchNode": 1024 + limit // 2,
                    "queryNode": 1024 + limit,
                    "createLease": 1024 + limit,
                },
            },
            "cloudStream": {"enable": sizing.stream},
            "dynamicController": {"enable": requirements.DYNAMIC_CONTROLLER in needs},
            "router": {"enable": False},
            "taskManager": {"enable": requirements.CLOUD_TASKS in needs},
            "iptablesManager": {"enable": sizing.stream, "mode": "external"},
        },
    }


def _hub(cloudcore: CloudCoreSettings, sizing: CloudCoreSizing) -> dict[str, Any]:
    body: dict[str, Any] = {
        "nodeLimit": sizing.node_limit,
        "keepaliveInterval": sizing.keepalive,
        "writeTimeout": sizing.write_timeout,
        "advertiseAddress": advertised(cloudcore),
        "websocket": {"enable": True},
        "quic": {"enable": sizing.quic, "maxIncomingStreams": max(10_000, sizing.node_limit)},
        # With debug on, CloudCore writes what it would refuse, and lets it pass.
        "authorization": {"enable": cloudcore.authorization, "debug": False},
    }
    if names := dns_names(cloudcore):
        body["dnsNames"] = names
    return body


def advertised(cloudcore: CloudCoreSettings) -> list[str]:
    """Every address that a node may see CloudCore at: its certificate must have each. Addresses only: a name yields nothing."""
    found = [name for name in _hosts(cloudcore) if _ADDRESS.fullmatch(name)]
    found += [address for endpoint in cloudcore.endpoints.values() for address in endpoint.addresses]
    return list(dict.fromkeys([*found, *cloudcore.servers]))


def dns_names(cloudcore: CloudCoreSettings) -> list[str]:
    """The names that nodes connect to."""
    return list(dict.fromkeys(name for name in _hosts(cloudcore) if not _ADDRESS.fullmatch(name)))


def _hosts(cloudcore: CloudCoreSettings) -> Iterator[str]:
    return (endpoint.host for endpoint in cloudcore.endpoints.values())


def chart_values(plan: Plan, cloudcore: CloudCoreSettings, sizing: CloudCoreSizing) -> dict[str, Any]:
    """Values of the chart ``cloudcore`` of KubeEdge; most of its switches are texts."""
    cluster, config = plan.fleet.province.cluster, cloudcore_config(plan, cloudcore, sizing)["modules"]
    tag = f"v{cluster.kubeedge}"
    needs = {need.requirement for need in plan.requirements.needs}
    hub = {
        "advertiseAddress": config["cloudHub"]["advertiseAddress"],
        "dnsNames": dns_names(cloudcore) or [""],
        "nodeLimit": str(sizing.node_limit),
        "websocket": {"enable": "true"},
        "quic": {"enable": _word(sizing.quic)},
        "https": {"enable": "true"},
    }
    switches = {
        name: {"enable": _word(config[name]["enable"])}
        for name in ("cloudStream", "dynamicController", "router", "taskManager")
    }
    return {
        "appVersion": cluster.kubeedge,
        "cloudCore": {
            "replicaCount": cluster.cloudcore_replicas,
            "hostNetWork": "true",
            "image": {"tag": tag},
            "resources": _resources(sizing.cloudcore),
            "modules": {"cloudHub": hub, **switches},
        },
        "iptablesManager": {
            "enable": _word(sizing.stream),
            "mode": "external",
            "image": {"tag": tag},
            "resources": _resources(sizing.iptables_manager),
        },
        "controllerManager": {
            "enable": requirements.CONTROLLER_MANAGER in needs,
            "image": {"tag": tag},
            "resources": _resources(sizing.controller_manager),
        },
        # On by default: it would put a broker onto every edge node.
        "mosquitto": {"enable": False},
    }


def _resources(request: ResourceRequest) -> dict[str, Any]:
    """Twice the CPU as a limit, for the minute when all nodes come back; the chart has limits of its own otherwise."""
    amounts = {"cpu": f"{request.cpu}m", "memory": f"{request.memory >> 20}Mi"}
    return {"requests": amounts, "limits": {"cpu": f"{2 * request.cpu}m", "memory": amounts["memory"]}}


def _word(switch: bool) -> str:
    return "true" if switch else "false"
