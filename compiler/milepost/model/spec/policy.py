"""``PolicyDocument``: limits that a fleet sets itself."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from milepost.model.spec.base import ByteQuantity, KindModel, SpecModel, Team, no_items
from milepost.model.spec.guard_settings import Moment

Limit = Annotated[int, Field(ge=1)] | None


class KnownSecret(SpecModel):
    """Something in the rendered tree that has the form of a secret and was looked at."""

    fingerprint: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")] = Field(
        description="As the message of MP6027 shows it; of the value alone, wherever it stands."
    )
    owner: Team = Field(description="Who answers for it.")
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1000)] = Field(
        description="Why it may stand there."
    )
    until: Moment = Field(
        description="The last day on which it may; `milepost diff` refuses changes after it (exit code 4)."
    )


class ClusterLimitsEntry(SpecModel):
    """How large each province's cluster may be. Above a limit a compile is refused, above 70 % of it there is a warning."""

    nodes: Limit = Field(
        None, description="Nodes of the inventory; 5,000 where no Policy says another number."
    )
    pods: Limit = Field(None, description="Pods; 150,000.")
    namespaces: Limit = Field(None, description="Namespaces; 10,000.")
    services: Limit = Field(None, description="Services; 10,000.")
    pods_per_namespace: Limit = Field(
        None, alias="podsPerNamespace", description="Pods of one namespace; 3,000."
    )
    services_per_namespace: Limit = Field(
        None, alias="servicesPerNamespace", description="Services of one namespace; 5,000."
    )
    deployments_per_namespace: Limit = Field(
        None, alias="deploymentsPerNamespace", description="Deployments of one namespace; 2,000."
    )
    backends_per_service: Limit = Field(
        None, alias="backendsPerService", description="Pods behind one Service; 250."
    )
    daemon_set_checks: Limit = Field(
        None,
        alias="daemonSetChecks",
        description="DaemonSets times nodes, which Kubernetes compares whenever its controllers start; 20,000,000.",
    )
    etcd_bytes: ByteQuantity | None = Field(
        None, alias="etcdBytes", description="Bytes of all objects in etcd, estimated; 2Gi."
    )


class PolicySpec(SpecModel):
    """Each limit that is given is checked against the whole fleet; a breach is an error."""

    registries: list[str] | None = Field(
        None, description="The only registry hosts that images may come from."
    )
    require_requests: bool = Field(
        False,
        alias="requireRequests",
        description="Every container states CPU and memory requests, those of a manifest or a patch too.",
    )
    require_readiness: bool = Field(
        False, alias="requireReadiness", description="Every component has a readiness probe."
    )
    require_owners: bool = Field(False, alias="requireOwners", description="Every station group has owners.")
    objects_per_unit: Annotated[int, Field(ge=1, le=1000)] = Field(
        500,
        alias="objectsPerUnit",
        description="Most objects in one unit; kustomize slows with the square of them.",
    )
    cluster_limits: ClusterLimitsEntry = Field(
        default_factory=ClusterLimitsEntry,
        alias="clusterLimits",
        description="How large a cluster may be, where the organisation accepts more than Kubernetes is tested with, or less.",
    )
    known_secrets: list[KnownSecret] = Field(
        default_factory=no_items,
        alias="knownSecrets",
        description="What has the form of a secret and may be rendered all the same, each with an owner and an end.",
    )


class PolicyDocument(KindModel):
    """Limits that the fleet sets itself, checked at compile."""

    kind: Literal["Policy"]
    spec: PolicySpec
