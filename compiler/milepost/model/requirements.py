"""Requirements: what a rendered tree needs that stands in no tree, one row each, and what does not work without it.

``milepost.json``, ``milepost plan`` and the page of requirements are made of these rows. Defaults are those of KubeEdge's
and EdgeMesh's own charts and configurations, versions those that their documentation is of.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from milepost.model.origin import DocumentOrigin


class Where(Enum):
    """Who has to have it."""

    CLUSTER = "the cluster"
    CLOUDCORE = "CloudCore"
    NODES = "every edge node"


@dataclass(frozen=True, slots=True, eq=False)
class Requirement:
    """Something that must be there. ``wanted`` says which version or setting, ``when`` who needs it."""

    name: str
    where: Where
    wanted: str
    when: str
    without: str


@dataclass(frozen=True, slots=True, eq=False)
class Reason:
    """Why a tree needs something: words, and the place of the spec that they are about."""

    words: str
    origin: DocumentOrigin | None = None
    subject: str = ""
    """The name of what must be there, where the requirement is about several."""

    @property
    def cited(self) -> str:
        """The words, and the place that they are about behind them."""
        return self.words if self.origin is None else f"{self.words} ({self.origin.span})"


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """A requirement of one tree, and its reasons."""

    requirement: Requirement
    reasons: tuple[Reason, ...]

    @property
    def wanted(self) -> str:
        """The names of what must be there, or else what the requirement says; no place, as places move all the time."""
        return (
            ", ".join(sorted({reason.subject for reason in self.reasons} - {""})) or self.requirement.wanted
        )


@dataclass(frozen=True, slots=True, eq=False)
class ClusterRequirements:
    """Everything that a province's tree needs, in order of the table."""

    needs: tuple[Need, ...]


_SERVICES = "Services of components at the edge"
_NO_NAMES = (
    "names of Services resolve nowhere at the edge: nothing reaches a component by the name of its Service"
)

NODE_LABELS = Requirement(
    "node labels",
    Where.NODES,
    "those of bootstrap/join, given when the node joins",
    "every tree",
    "no pod is placed on the node: workloads select nodes by these labels",
)
NETWORK_POLICIES = Requirement(
    "network plugin",
    Where.NODES,
    "one that enforces NetworkPolicy",
    "every tree with station groups",
    "pods of other station groups can reach a section's pods; everything else works",
)
PRIVILEGED = Requirement(
    "kube-apiserver",
    Where.CLUSTER,
    "--allow-privileged",
    "containers with `privileged: true` in a manifest or a patch",
    "the API server refuses the workload, and with it the whole unit",
)
EDGEMESH = Requirement("edgemesh", Where.NODES, ">=1.17", _SERVICES, _NO_NAMES)
ISTIO = Requirement(
    "edgemesh CRDs",
    Where.CLUSTER,
    "DestinationRule, Gateway and VirtualService of networking.istio.io",
    _SERVICES,
    "EdgeMesh lacks kinds that it watches",
)
API_LABEL = Requirement(
    "edgemesh API Service",
    Where.CLUSTER,
    'label service.edgemesh.kubeedge.io/service-proxy-name: "" on Service default/kubernetes',
    _SERVICES,
    "EdgeMesh takes the API server's own Service over, and what asks it through its name loses it",
)
DYNAMIC_CONTROLLER = Requirement(
    "cloudcore dynamicController",
    Where.CLOUDCORE,
    "modules.dynamicController.enable: true (off by default)",
    _SERVICES,
    "EdgeMesh sees no Service and no endpoint",
)
META_SERVER = Requirement(
    "edgecore metaServer",
    Where.NODES,
    "modules.metaManager.metaServer.enable: true (off by default)",
    _SERVICES,
    "EdgeMesh has nobody on its node to ask",
)
CLUSTER_DNS = Requirement(
    "edgecore clusterDNS",
    Where.NODES,
    "modules.edged.tailoredKubeletConfig.clusterDNS: [169.254.96.16], clusterDomain: cluster.local",
    _SERVICES,
    "pods do not ask EdgeMesh for names",
)
NODE_GROUPS = Requirement(
    "kubeedge NodeGroup",
    Where.CLUSTER,
    "CRDs of apps.kubeedge.io",
    "a NodeGroup with a partition, or `edgeApplication`",
    "the unit `edge` is refused, and EdgeApplications with it",
)
CONTROLLER_MANAGER = Requirement(
    "kubeedge controllermanager",
    Where.CLUSTER,
    "controllerManager.enable: true (off by default)",
    "a partition, `edgeApplication`, or pre-pull by KubeEdge",
    "nobody labels nodes by their group, makes Deployments of EdgeApplications, or begins a pre-pull",
)
CLOUD_TASKS = Requirement(
    "cloudcore taskManager",
    Where.CLOUDCORE,
    "modules.taskManager.enable: true (off by default)",
    "pre-pull by KubeEdge",
    "no node is told to pull, so the wave waits until its timeout",
)
EDGE_TASKS = Requirement(
    "edgecore taskManager",
    Where.NODES,
    "modules.taskManager.enable: true (off by default since KubeEdge 1.21)",
    "pre-pull by KubeEdge",
    "the node never pulls, and counts as failed",
)
KRUISE = Requirement(
    "kruise",
    Where.CLUSTER,
    ">=1.8 with the feature gates KruiseDaemon and ImagePullJobGate",
    "pre-pull by OpenKruise",
    "its webhook refuses pull jobs, and with them the whole unit",
)
KRUISE_DAEMON = Requirement(
    "kruise-daemon",
    Where.NODES,
    "running, which on an edge node takes metaServer and dynamicController; reported not to work with KubeEdge 1.19",
    "pre-pull by OpenKruise",
    "the node never pulls, and counts as failed",
)
CONTAINERD = Requirement(
    "containerd",
    Where.NODES,
    "config_path = /etc/containerd/certs.d (the default since 2.0)",
    "registry tiers of mode `hosts`",
    "nodes never ask a mirror: every image comes from its registry, over the section's line",
)
STORAGE_CLASS = Requirement(
    "StorageClass",
    Where.CLUSTER,
    "the one that the registry tier names",
    "a mirror with `storage.class`",
    "the mirror waits for its volume and never starts",
)
SECRETS = Requirement(
    "Secrets",
    Where.CLUSTER,
    "each with its keys, made by SOPS, External Secrets or by hand; no content is compiled",
    "every name of a Secret in the spec",
    "what uses it does not start: a pod, the sync of the tree, or a mirror",
)

REQUIREMENTS: tuple[Requirement, ...] = tuple(
    row for row in list(globals().values()) if isinstance(row, Requirement)
)
"""Every row above, in order."""
