"""Kinds of Kubernetes objects: one row for each, with every fact about it that some stage needs.

Takes nothing and decides nothing. A kind that is rendered, or known to a schema, has a row; a new kind is a row here and
a back end. Facts of built-in kinds are the API server's, those of custom resources stand in their CRDs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import Enum, IntEnum

from milepost.model.record import record

LONGEST = 253
"""Characters of a name that is only a name: those of a DNS subdomain."""


class Runs(Enum):
    """What an object of a kind makes run."""

    NOTHING = "nothing"
    UNTIL_REMOVED = "pods, or jobs on a schedule, until somebody removes it"
    TO_COMPLETION = "something that ends by itself"


class ApplyOrder(IntEnum):
    """Where a kind stands in a file and is applied: what others need comes first. Kinds of one step go by name."""

    NAMESPACE = 0
    CLASS = 1
    CLUSTER_ACCESS = 2
    ACCOUNT = 3
    ACCESS = 4
    QUOTA = 5
    NETWORK = 6
    NODES = 7
    CONFIGURATION = 8
    STORAGE = 9
    SERVICE = 10
    REST = 11


class NameForm(Enum):
    """What the API server takes for a name."""

    SUBDOMAIN = "DNS subdomain: small letters, digits, hyphens and dots"
    LABEL = "DNS label: without dots"
    SERVICE = "DNS label that begins with a letter"
    PATH_SEGMENT = "anything without a slash or percent sign"


class ReviewClass(Enum):
    """How a review classifies changes of a kind that neither runs pods nor stores data."""

    CONFIGURATION = "configuration"
    ACCESS = "who may do what"
    TRAFFIC = "traffic"
    NODES = "which nodes belong together"
    DELIVERY = "how the tree is applied"


class AgentRights(Enum):
    """What the agent that applies a province's units must be allowed to do with a kind."""

    NOTHING = "nothing: no unit holds it"
    WRITES = "create, change and delete"
    WRITES_IF_USED = "create, change and delete, in provinces that have such objects"
    GRANTS = "write, and grant rights that it does not hold itself"
    GRANTS_IF_USED = "write, and grant rights, in provinces that have such objects"


@record
class Kind:
    """A kind of object: ``api_version`` as rendered, ``plural`` as in URLs and in RBAC.

    ``pod_template`` is the path to one, empty where there is none. ``stateful`` objects hold data, or objects that do:
    removing one loses something. ``prune_protected`` ones are never removed by the agent alone. ``recreated`` ones the
    agent may delete and create anew where the API server refuses a change: what runs keeps what it took from them.
    ``longest_name`` is below
    253 where Kubernetes or KubeEdge makes a label or host name of it. ``immutable`` is a regular expression for the
    beginning of fields that the API server does not let change. ``prepull`` names the engine that pulls images with it.
    ``older_api_version`` is the one in use before: ``model.versions`` says when.
    ``extra`` objects may come from manifests that ``objects`` names.
    ``rendered`` is False for kinds that only a review may meet, in trees that hold more than compile writes.
    """

    api_version: str
    name: str
    plural: str
    cluster_scoped: bool = False
    runs: Runs = Runs.NOTHING
    pod_template: tuple[str, ...] = ()
    stateful: bool = False
    prune_protected: bool = False
    recreated: bool = False
    order: ApplyOrder = ApplyOrder.REST
    name_form: NameForm = NameForm.SUBDOMAIN
    longest_name: int = LONGEST
    review: ReviewClass = ReviewClass.CONFIGURATION
    immutable: str = ""
    agent: AgentRights = AgentRights.NOTHING
    prepull: str = ""
    older_api_version: str = ""
    rendered: bool = True
    extra: bool = False

    @property
    def group(self) -> str:
        """The API group; empty for the core one."""
        return self.api_version.rpartition("/")[0]

    def at(self, api_version: str) -> Kind:
        """The same kind in another version of its API."""
        return replace(self, api_version=api_version)


_RBAC, _STORAGE, _ARGO = "rbac.authorization.k8s.io/v1", "storage.k8s.io/v1", "argoproj.io/v1alpha1"
_EDGE, _NODE_JOBS = "apps.kubeedge.io/v1alpha1", "operations.kubeedge.io/v1alpha2"
_KRUISE, _ISTIO, _FLUX = (
    "apps.kruise.io/v1alpha1",
    "networking.istio.io/v1alpha3",
    "source.toolkit.fluxcd.io/v1",
)

# Pruning a Namespace takes everything in it along, volumes included.
NAMESPACE = Kind(
    "v1",
    "Namespace",
    "namespaces",
    cluster_scoped=True,
    stateful=True,
    prune_protected=True,
    order=ApplyOrder.NAMESPACE,
    name_form=NameForm.LABEL,
    longest_name=63,
    agent=AgentRights.WRITES,
)
CONFIG_MAP = Kind(
    "v1", "ConfigMap", "configmaps", order=ApplyOrder.CONFIGURATION, agent=AgentRights.WRITES, extra=True
)
SECRET = Kind("v1", "Secret", "secrets")
"""Has a schema so that one is refused for what it holds, and not for being unknown."""
SERVICE = Kind(
    "v1",
    "Service",
    "services",
    order=ApplyOrder.SERVICE,
    name_form=NameForm.SERVICE,
    longest_name=63,
    review=ReviewClass.TRAFFIC,
    immutable=r"spec\.clusterIP",
    agent=AgentRights.WRITES,
    extra=True,
)
ENDPOINTS = Kind("v1", "Endpoints", "endpoints", review=ReviewClass.TRAFFIC, rendered=False)
RESOURCE_QUOTA = Kind(
    "v1", "ResourceQuota", "resourcequotas", order=ApplyOrder.QUOTA, agent=AgentRights.WRITES, extra=True
)
LIMIT_RANGE = Kind(
    "v1",
    "LimitRange",
    "limitranges",
    order=ApplyOrder.QUOTA,
    agent=AgentRights.WRITES_IF_USED,
    extra=True,
)
# The API server lets next to nothing of a volume change but its size ("spec is immutable after
# creation").
PERSISTENT_VOLUME = Kind(
    "v1",
    "PersistentVolume",
    "persistentvolumes",
    cluster_scoped=True,
    stateful=True,
    prune_protected=True,
    order=ApplyOrder.STORAGE,
    immutable=r"spec\.(?!resources|capacity)",
    agent=AgentRights.WRITES,
    extra=True,
)
PERSISTENT_VOLUME_CLAIM = Kind(
    "v1",
    "PersistentVolumeClaim",
    "persistentvolumeclaims",
    stateful=True,
    prune_protected=True,
    order=ApplyOrder.STORAGE,
    immutable=r"spec\.(?!resources|capacity)",
    agent=AgentRights.WRITES,
    extra=True,
)
SERVICE_ACCOUNT = Kind(
    "v1",
    "ServiceAccount",
    "serviceaccounts",
    order=ApplyOrder.ACCOUNT,
    review=ReviewClass.ACCESS,
    agent=AgentRights.WRITES_IF_USED,
    extra=True,
)

# 63 and not 253: pods carry the name as the value of a label.
DEPLOYMENT = Kind(
    "apps/v1",
    "Deployment",
    "deployments",
    runs=Runs.UNTIL_REMOVED,
    pod_template=("spec", "template"),
    longest_name=63,
    immutable=r"spec\.selector",
    agent=AgentRights.WRITES,
)
# What may change is listed in `ValidateStatefulSetUpdate`; all else is refused, so the pattern
# names the exceptions.
STATEFUL_SET = Kind(
    "apps/v1",
    "StatefulSet",
    "statefulsets",
    runs=Runs.UNTIL_REMOVED,
    pod_template=("spec", "template"),
    stateful=True,
    longest_name=52,  # "controller-revision-hash" is a label of its pods: the name, a hyphen and ten characters
    immutable=r"spec\.(?!replicas|template|updateStrategy|revisionHistoryLimit|minReadySeconds|persistentVolumeClaimRet|ordinals)",
    agent=AgentRights.WRITES,
)
DAEMON_SET = Kind(
    "apps/v1",
    "DaemonSet",
    "daemonsets",
    runs=Runs.UNTIL_REMOVED,
    pod_template=("spec", "template"),
    longest_name=63,
    immutable=r"spec\.selector",
    agent=AgentRights.WRITES,
)
JOB = Kind(
    "batch/v1",
    "Job",
    "jobs",
    runs=Runs.TO_COMPLETION,
    pod_template=("spec", "template"),
    name_form=NameForm.LABEL,
    longest_name=63,
    agent=AgentRights.WRITES,
)
# Kubernetes allows 52 characters: each run puts a hyphen and ten digits behind it.
CRON_JOB = Kind(
    "batch/v1",
    "CronJob",
    "cronjobs",
    runs=Runs.UNTIL_REMOVED,
    pod_template=("spec", "jobTemplate", "spec", "template"),
    longest_name=52,
    agent=AgentRights.WRITES,
)
BATCH = frozenset((JOB.name, CRON_JOB.name))
"""Names of the kinds whose pods end by themselves: no Service leads there, and nobody waits for one that is away."""

INGRESS = Kind(
    "networking.k8s.io/v1",
    "Ingress",
    "ingresses",
    review=ReviewClass.TRAFFIC,
    agent=AgentRights.WRITES_IF_USED,
    extra=True,
)
POD_DISRUPTION_BUDGET = Kind(
    "policy/v1",
    "PodDisruptionBudget",
    "poddisruptionbudgets",
    agent=AgentRights.WRITES_IF_USED,
    extra=True,
)
NETWORK_POLICY = Kind(
    "networking.k8s.io/v1",
    "NetworkPolicy",
    "networkpolicies",
    order=ApplyOrder.NETWORK,
    review=ReviewClass.TRAFFIC,
    agent=AgentRights.WRITES,
    extra=True,
)
CLUSTER_ROLE = Kind(
    _RBAC,
    "ClusterRole",
    "clusterroles",
    cluster_scoped=True,
    order=ApplyOrder.CLUSTER_ACCESS,
    name_form=NameForm.PATH_SEGMENT,
    review=ReviewClass.ACCESS,
    agent=AgentRights.GRANTS,
)
CLUSTER_ROLE_BINDING = Kind(
    _RBAC,
    "ClusterRoleBinding",
    "clusterrolebindings",
    cluster_scoped=True,
    order=ApplyOrder.CLUSTER_ACCESS,
    name_form=NameForm.PATH_SEGMENT,
    review=ReviewClass.ACCESS,
    immutable="roleRef",
)
"""The cluster is pointed at the one that is rendered; no unit may hold another, or the tree could make itself admin."""
ROLE = Kind(
    _RBAC,
    "Role",
    "roles",
    order=ApplyOrder.ACCESS,
    name_form=NameForm.PATH_SEGMENT,
    review=ReviewClass.ACCESS,
    agent=AgentRights.GRANTS_IF_USED,
    extra=True,
)
ROLE_BINDING = Kind(
    _RBAC,
    "RoleBinding",
    "rolebindings",
    order=ApplyOrder.ACCESS,
    name_form=NameForm.PATH_SEGMENT,
    review=ReviewClass.ACCESS,
    immutable="roleRef",
    agent=AgentRights.GRANTS,
    extra=True,
)
# `ValidatePriorityClassUpdate` refuses another value: pods hold a copy of it.
PRIORITY_CLASS = Kind(
    "scheduling.k8s.io/v1",
    "PriorityClass",
    "priorityclasses",
    cluster_scoped=True,
    recreated=True,
    order=ApplyOrder.CLASS,
    immutable="value|preemptionPolicy",
    agent=AgentRights.WRITES,
    extra=True,
)
STORAGE_CLASS = Kind(
    _STORAGE,
    "StorageClass",
    "storageclasses",
    cluster_scoped=True,
    order=ApplyOrder.CLASS,
    immutable="provisioner|parameters|reclaimPolicy|volumeBindingMode",
    agent=AgentRights.WRITES,
    extra=True,
)

# KubeEdge labels each member with the group's name, and a label value has at most 63
# characters.
NODE_GROUP = Kind(
    _EDGE,
    "NodeGroup",
    "nodegroups",
    cluster_scoped=True,
    order=ApplyOrder.NODES,
    name_form=NameForm.LABEL,
    longest_name=63,
    review=ReviewClass.NODES,
    agent=AgentRights.WRITES,
)
EDGE_APPLICATION = Kind(
    _EDGE, "EdgeApplication", "edgeapplications", runs=Runs.UNTIL_REMOVED, agent=AgentRights.WRITES
)
IMAGE_PREPULL_JOB = Kind(
    _NODE_JOBS,
    "ImagePrePullJob",
    "imageprepulljobs",
    cluster_scoped=True,
    runs=Runs.TO_COMPLETION,
    agent=AgentRights.WRITES,
    prepull="kubeedge",
    older_api_version="operations.kubeedge.io/v1alpha1",
)
NODE_UPGRADE_JOB = Kind(
    _NODE_JOBS,
    "NodeUpgradeJob",
    "nodeupgradejobs",
    cluster_scoped=True,
    runs=Runs.TO_COMPLETION,
    rendered=False,
)
CONFIG_UPDATE_JOB = Kind(
    _NODE_JOBS,
    "ConfigUpdateJob",
    "configupdatejobs",
    cluster_scoped=True,
    runs=Runs.TO_COMPLETION,
    rendered=False,
)
SERVICE_ACCOUNT_ACCESS = Kind(
    "policy.kubeedge.io/v1alpha1",
    "ServiceAccountAccess",
    "serviceaccountaccesses",
    review=ReviewClass.ACCESS,
    rendered=False,
)
IMAGE_PULL_JOB = Kind(
    _KRUISE,
    "ImagePullJob",
    "imagepulljobs",
    runs=Runs.TO_COMPLETION,
    agent=AgentRights.WRITES,
    prepull="kruise",
)
IMAGE_LIST_PULL_JOB = Kind(
    _KRUISE, "ImageListPullJob", "imagelistpulljobs", runs=Runs.TO_COMPLETION, prepull="kruise"
)
DESTINATION_RULE = Kind(_ISTIO, "DestinationRule", "destinationrules", review=ReviewClass.TRAFFIC)
GATEWAY = Kind(_ISTIO, "Gateway", "gateways", review=ReviewClass.TRAFFIC, rendered=False)
VIRTUAL_SERVICE = Kind(
    _ISTIO, "VirtualService", "virtualservices", review=ReviewClass.TRAFFIC, rendered=False
)

KUSTOMIZATION = Kind("kustomize.config.k8s.io/v1beta1", "Kustomization", "")
"""A file that kustomize reads; no API server has it."""
COMPONENT = Kind("kustomize.config.k8s.io/v1alpha1", "Component", "")
FLUX_KUSTOMIZATION = Kind(
    "kustomize.toolkit.fluxcd.io/v1", "Kustomization", "kustomizations", review=ReviewClass.DELIVERY
)
GIT_REPOSITORY = Kind(_FLUX, "GitRepository", "gitrepositories", review=ReviewClass.DELIVERY)
OCI_REPOSITORY = Kind(_FLUX, "OCIRepository", "ocirepositories", review=ReviewClass.DELIVERY)
ARGO_APPLICATION = Kind(_ARGO, "Application", "applications", review=ReviewClass.DELIVERY)
ARGO_APPLICATION_SET = Kind(_ARGO, "ApplicationSet", "applicationsets", review=ReviewClass.DELIVERY)
ARGO_PROJECT = Kind(_ARGO, "AppProject", "appprojects", review=ReviewClass.DELIVERY)

KINDS: tuple[Kind, ...] = tuple(row for row in list(globals().values()) if isinstance(row, Kind))
"""Every row above."""

# Reversed, so that of two kinds of one name (Kustomization) the first row wins.
_BY_NAME = {kind.name: kind for kind in reversed(KINDS)}
_BY_GROUP = {(kind.group, kind.name): kind for kind in KINDS}


def named(name: str) -> Kind:
    """The kind of a name; of two, which only Flux and kustomize have, kustomize's. Raises KeyError for an unknown one."""
    return _BY_NAME[name]


def find(api_version: str, name: str) -> Kind | None:
    """The row of an object, whichever version of its API it names; None for an unknown kind."""
    # By group and not by version: a tree of last year may name an older version of the same
    # kind.
    return _BY_GROUP.get((api_version.rpartition("/")[0], name))


def names(wanted: Callable[[Kind], object]) -> frozenset[str]:
    """The names of the kinds that are wanted."""
    return frozenset([kind.name for kind in KINDS if wanted(kind)])


_IF_USED = {
    AgentRights.WRITES_IF_USED: AgentRights.WRITES,
    AgentRights.GRANTS_IF_USED: AgentRights.GRANTS,
}


def applied(*rights: AgentRights, used: Iterable[str] = ()) -> list[Kind]:
    """The kinds that units hold: all, or those with which the agent must be allowed to do this.

    ``used`` are names of kinds that the units of a province hold: of those that no province needs by itself, only these.
    """
    wanted, names_used = rights or (AgentRights.WRITES, AgentRights.GRANTS), frozenset(used)
    return [
        kind
        for kind in KINDS
        if (_IF_USED.get(kind.agent) if kind.name in names_used else None) in wanted or kind.agent in wanted
    ]


def resources(kinds: Iterable[Kind]) -> dict[str, list[str]]:
    """API group to the names that RBAC has for these kinds, in order of the table."""
    found: dict[str, list[str]] = {}
    for kind in kinds:
        found.setdefault(kind.group, []).append(kind.plural)
    return found
