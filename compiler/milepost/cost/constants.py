"""Cost constants: what a thing costs an API server, an agent or a line, each with who says so or what was measured.

Sizes were measured on a control plane of Kubernetes 1.36 that ran the example's largest province; a test measures them
anew and refuses what is far off.
"""

from __future__ import annotations

from typing import NamedTuple

_MEASURED = "measured on kube-apiserver 1.36 with the example's largest province"


class CostConstant(NamedTuple):
    """A row of the table of constants."""

    name: str
    value: float
    unit: str
    source: str


POD_BYTES = CostConstant("pod in etcd", 5_500, "B", _MEASURED)
NODE_BYTES = CostConstant("Node and its Lease in etcd", 3_300, "B", _MEASURED)
REPLICA_SET_BYTES = CostConstant("ReplicaSet in etcd", 5_000, "B", _MEASURED)
REVISION_BYTES = CostConstant("ControllerRevision in etcd", 3_700, "B", _MEASURED)
SLICE_BYTES = CostConstant("Endpoints and EndpointSlice of a Service in etcd", 2_500, "B", _MEASURED)
STORED = CostConstant("object in etcd, as a multiple of its JSON in the tree", 1.6, "", _MEASURED)
KEPT_REVISIONS = CostConstant(
    "ReplicaSets or ControllerRevisions of a workload after three versions",
    3,
    "",
    "the one that runs, and `revisionHistoryLimit: 2` of what is rendered",
)
SERVICE_ADDED = CostConstant("what the API server adds to a Service, as JSON", 770, "B", _MEASURED)
ENDPOINTS_BYTES = CostConstant("Endpoints of a Service as JSON, its addresses aside", 1_010, "B", _MEASURED)
ADDRESS_BYTES = CostConstant("address in Endpoints as JSON", 200, "B", _MEASURED)
WATCHES = CostConstant(
    "watches of an EdgeMesh agent",
    5,
    "",
    "Services, Endpoints, DestinationRules, Gateways and VirtualServices: what its ClusterRole lets it watch of all namespaces",
)
SYNC_SECONDS = CostConstant(
    "look of kube-controller-manager at one node while it synchronises a DaemonSet",
    64e-6,
    "s",
    "seen once: 0.22 s of a processor for one DaemonSet and 3,448 nodes; six minutes for 1,645 DaemonSets",
)
WALK_SECONDS = CostConstant(
    "question of kube-controller-manager whether a DaemonSet is for a node that changed",
    10e-6,
    "s",
    "seen once: 50 ms of a thread for the change of one node's label and 4,797 DaemonSets",
)
CLIENT_LIMITS = {
    "flux": (
        50.0,
        300,
        "Flux: `--kube-api-qps` and `--kube-api-burst`, where the API server has no flow control",
    ),
    "argocd": (50.0, 100, "Argo CD: `ARGOCD_K8S_CLIENT_QPS` and `ARGOCD_K8S_CLIENT_BURST`"),
}
"""Engine to requests per second, requests at once, and who says so."""
OTHER_LIMITS = (5.0, 10, "client-go, where nothing is set")
CONSTANTS = (
    POD_BYTES,
    NODE_BYTES,
    REPLICA_SET_BYTES,
    REVISION_BYTES,
    SLICE_BYTES,
    STORED,
    KEPT_REVISIONS,
    SERVICE_ADDED,
    ENDPOINTS_BYTES,
    ADDRESS_BYTES,
    WATCHES,
    SYNC_SECONDS,
    WALK_SECONDS,
)
