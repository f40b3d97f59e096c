"""``ApplicationDocument``: components that make one microservice system, the same at every station it is placed at."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from milepost.model import cron, kinds, port, workload_manifest
from milepost.model.config_format import FormatName
from milepost.model.spec.base import (
    ByteQuantity,
    CpuQuantity,
    Duration,
    ExactlyOneOf,
    FilePath,
    KindModel,
    LabelKey,
    LabelValue,
    Name,
    SpecModel,
    ValuesSchema,
    no_items,
    no_keys,
    readable,
)
from milepost.model.spec.image import Tag
from milepost.model.spec.node_group import NodeSelector

EnvName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=255)]
"""Name of an environment variable."""

MountedFile = Annotated[str, StringConstraints(pattern=r"^/[^:\x00]*[^:\x00/]$", max_length=253)]
"""An absolute path of a file; as a key of a ConfigMap it holds 253 characters."""
AbsolutePath = Annotated[str, StringConstraints(pattern=r"^/[^:\x00]*$", max_length=1024)]
"""A path that starts at the root."""

Port = Annotated[int, Field(ge=1, le=port.LAST)]
"""A TCP or UDP port."""

PortName = Annotated[str, StringConstraints(pattern=port.NAME, max_length=port.LONGEST_NAME)]
"""A port name (RFC 6335): small letters, digits and single hyphens, with a letter among them."""


class StationSelector(SpecModel):
    """Stations by attribute; every attribute that is given must fit. An empty selector fits every station."""

    types: list[Name] = Field(default_factory=no_items, description="One of these station types.")
    provinces: list[Name] = Field(default_factory=no_items, description="In one of these provinces.")
    groups: list[Name] = Field(default_factory=no_items, description="In one of these station groups.")
    labels: dict[LabelKey, LabelValue] = Field(default_factory=no_keys, description="All of these labels.")
    may_be_empty: bool = Field(
        False,
        alias="mayBeEmpty",
        description="Whether it may fit no station of the whole fleet; left out, that is an error.",
    )


class ComponentPort(SpecModel):
    """A port that the component listens on."""

    name: PortName = Field(description="EdgeMesh reads the protocol from the name: `http-…` or `tcp-…`.")
    port: Port = Field(description="The number, the same in the container and in its Service.")
    protocol: Literal["TCP", "UDP"] = Field("TCP", description="TCP or UDP.")


class HttpCheck(SpecModel):
    """GET that must answer 2xx or 3xx."""

    path: Annotated[str, StringConstraints(pattern=r"^/")] = Field("/", description="What is asked for.")
    port: Port = Field(description="Where it is asked for.")


class Probe(ExactlyOneOf):
    """One way to ask a container how it is."""

    forms = ("http", "tcp", "command")

    http: HttpCheck | None = Field(None, description="A request that must be answered.")
    tcp: Port | None = Field(None, description="A port that must accept.")
    command: Annotated[list[str], Field(min_length=1)] | None = Field(
        None, description="A command that must exit 0."
    )
    delay: Annotated[int, Field(ge=0)] = Field(0, description="Seconds before the first try.")
    period: Annotated[int, Field(ge=1)] = Field(10, description="Seconds between tries.")
    timeout: Annotated[int, Field(ge=1)] = Field(1, description="Seconds a try may take.")
    failures: Annotated[int, Field(ge=1)] = Field(3, description="Failed tries in a row that count.")


class Probes(SpecModel):
    """Kubernetes' three probes."""

    startup: Probe | None = Field(None, description="Holds the other two back until it succeeds once.")
    readiness: Probe | None = Field(
        None, description="Whether Services send it traffic, and a rollout goes on."
    )
    liveness: Probe | None = Field(None, description="Whether it is left running.")


class ResourceList(SpecModel):
    """CPU and memory."""

    cpu: CpuQuantity | None = Field(None, description="Cores, such as `250m`.")
    memory: ByteQuantity | None = Field(None, description="Bytes, such as `64Mi`.")


class Resources(SpecModel):
    """What a container asks for and may take."""

    requests: ResourceList = Field(default_factory=ResourceList, description="What a node must have free.")
    limits: ResourceList = Field(default_factory=ResourceList, description="What it never gets more of.")


class ConfigFile(ExactlyOneOf):
    """A file in the container, rendered by Jinja2 in a sandbox."""

    forms = ("content", "template")

    path: MountedFile = Field(description="Where the container finds it.")
    content: str | None = Field(None, description="The template itself.")
    template: FilePath | None = Field(None, description="The file that holds the template.")
    format: FormatName | None = Field(
        None,
        description="What the file is, where its name does not say it. Each rendered file of YAML, JSON, TOML, INI or "
        "properties is parsed and refused where it is broken; `text` says that it is something else.",
    )

    @property
    def key(self) -> str:
        """Its key in the ConfigMap: the path, with slashes and what else a key cannot hold as underscores."""
        return re.sub(r"[^-._a-zA-Z0-9]", "_", self.path.strip("/"))


class LocalVolume(SpecModel):
    """A directory of the node behind a PersistentVolume."""

    path: AbsolutePath = Field(description="The directory; it must be there.")
    size: ByteQuantity = Field(description="How much it is said to hold.")


class Volume(ExactlyOneOf):
    """A directory in the container."""

    forms = ("host_path", "local", "scratch")

    name: Name = Field(description="Unique in the component.")
    path: AbsolutePath = Field(description="Where the container finds it.")
    host_path: AbsolutePath | None = Field(
        None,
        alias="hostPath",
        description="A directory of the node, made if missing. The safest home for data.",
    )
    local: LocalVolume | None = Field(None, description="A local PersistentVolume; only for a StatefulSet.")
    scratch: ByteQuantity | None = Field(
        None, description="An empty directory of at most this size, gone with the pod."
    )
    read_only: bool = Field(False, alias="readOnly", description="Whether the container may only read it.")


class SecretUse(SpecModel):
    """A Secret by name. It is made in the cluster (SOPS, External Secrets ...); its content is never compiled."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["env"], "properties": {"env": {"minProperties": 1}}},
                {"required": ["path"], "properties": {"path": {"not": {"type": "null"}}}},
            ]
        }
    )

    name: Name = Field(description="The Secret, in the station group's namespace.")
    env: dict[EnvName, str] = Field(
        default_factory=no_keys, description="Environment variable to key of the Secret."
    )
    path: AbsolutePath | None = Field(None, description="Directory where all its keys are mounted.")

    @model_validator(mode="after")
    def _used(self) -> Self:
        if not self.env and self.path is None:
            raise ValueError("give env or path, otherwise the Secret is not used")
        return self


class CronScheduleEntry(SpecModel):
    """When a CronJob runs, and what becomes of its Jobs."""

    schedule: Annotated[str, StringConstraints(pattern=cron.FORM, max_length=100), readable(cron.check)] = (
        Field(description='Five fields of cron, such as `"30 2 * * *"`, or a word such as `@daily`.')
    )
    time_zone: (
        Annotated[
            str, StringConstraints(pattern=r"^(UTC|[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)+)$", max_length=64)
        ]
        | None
    ) = Field(
        None,
        alias="timeZone",
        description="Time zone of the schedule, such as `Asia/Shanghai`. Left out, that of the cluster's controllers.",
    )
    concurrency_policy: Literal["Forbid", "Replace"] = Field(
        "Forbid",
        alias="concurrencyPolicy",
        description="What happens when the Job before still runs: the new one is left out, or takes its place. "
        "`Allow` is not offered, since the pods of a Job that hangs would pile up without a limit.",
    )
    starting_deadline: Duration = Field(
        "1h", alias="startingDeadline", description="How late a Job may still start; later it is left out."
    )
    deadline: Duration | None = Field(None, description="How long a Job may run before it is stopped.")
    successful_history: Annotated[int, Field(ge=0, le=100)] = Field(
        1, alias="successfulJobsHistoryLimit", description="Jobs that succeeded and are kept."
    )
    failed_history: Annotated[int, Field(ge=0, le=100)] = Field(
        1, alias="failedJobsHistoryLimit", description="Jobs that failed and are kept."
    )


AtOnce = (
    Annotated[int, Field(ge=1, le=1000)]
    | Literal["half"]
    | Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]?%$")]
)
"""How many instances of a station: a number, or a share of them."""


class TolerationEntry(SpecModel):
    """A taint that pods may stand on all the same."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["operator"], "properties": {"operator": {"const": "Exists"}}},
            "then": {"properties": {"value": {"maxLength": 0}}},
        }
    )

    key: LabelKey = Field(description="Key of the taint.")
    operator: Literal["Equal", "Exists"] = Field("Equal", description="Whether its value counts.")
    value: LabelValue = Field("", description="Value of the taint; none with `Exists`.")
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = Field(
        None, description="Effect of the taint; left out, any."
    )

    @model_validator(mode="after")
    def _value_counts(self) -> Self:
        if self.operator == "Exists" and self.value:
            raise ValueError("a toleration of any value (`operator: Exists`) names none")
        return self


class ComponentEntry(SpecModel):
    """One workload."""

    name: Name = Field(description="Unique in the application; part of the names of its objects.")
    image: Name = Field(description="An Image by name.")
    workload: Literal["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"] | None = Field(
        None, description="Left out: DaemonSet on `every-node`, otherwise Deployment."
    )
    replicas: Annotated[int, Field(ge=1, le=50)] | Literal["every-node", "every-known-node"] = Field(
        1,
        description="Instances per station, each on a node of its own; or `every-node` that matches, also one that joins "
        "later; or `every-known-node`, each that matches and stands in the inventory.",
    )
    cron: CronScheduleEntry | None = Field(
        None, alias="cronJob", description="When it runs; only for a CronJob, which needs it."
    )
    nodes: NodeSelector = Field(default_factory=NodeSelector, description="The nodes it may run on.")
    tolerations: list[TolerationEntry] = Field(
        default_factory=no_items,
        description="Taints of nodes that its pods tolerate, beside those of a node that is out of reach. Milepost does not "
        "know the taints of nodes: a pod that tolerates none of them waits at a node that has one.",
    )
    survives: Annotated[int, Field(ge=0, le=10)] = Field(
        0,
        description="How many nodes of a station may be lost while an instance still runs; refused if it cannot hold. "
        "Its instances restart one after the other when its version changes.",
    )
    at_once: AtOnce | None = Field(
        None,
        alias="atOnce",
        description="Of a component on every node: how many of its instances at a station may be away at once while it "
        "changes: a number, `half`, or a share such as `25%`, rounded down and at least 1. A node that is away counts. "
        "Left out: all.",
    )
    priority: Literal["critical", "normal", "background"] = Field(
        "normal", description="Who goes first when a node runs short."
    )
    command: list[str] | None = Field(None, description="Replaces the image's entrypoint.")
    args: list[str] | None = Field(None, description="Arguments; each is a template.")
    env: dict[EnvName, str] = Field(
        default_factory=no_keys, description="Environment; each value is a template."
    )
    files: list[ConfigFile] = Field(default_factory=no_items, description="Config files, from a ConfigMap.")
    secrets: list[SecretUse] = Field(default_factory=no_items, description="Secrets that it uses, by name.")
    ports: list[ComponentPort] = Field(default_factory=no_items, description="Ports that it listens on.")
    service: bool = Field(True, description="Whether its ports get a Service.")
    host_network: bool = Field(
        False, alias="hostNetwork", description="Whether it uses the node's own network."
    )
    probes: Probes = Field(default_factory=Probes, description="How Kubernetes asks whether it is well.")
    resources: Resources = Field(default_factory=Resources, description="What it asks for and may take.")
    volumes: list[Volume] = Field(
        default_factory=no_items, description="Directories that outlive the container."
    )
    grace: Duration = Field("10s", description="Time to stop in.")
    start: Duration = Field(
        "2s", description="Time from the start of its container until it could serve; measured by its team."
    )
    interruption: Duration | None = Field(
        None,
        description="Longest time that an instance may be away while its version changes; refused if it cannot hold.",
    )
    edge_application: bool = Field(
        False,
        alias="edgeApplication",
        description="Lower to a KubeEdge EdgeApplication instead of one Deployment per station.",
    )
    manifest: FilePath | None = Field(
        None,
        alias="from",
        description="Start from the pod template of this existing manifest, its labels and annotations among it; what is "
        "said here wins. Of several workloads in the file it is the one of the component's name, or the one behind `#`: "
        "`manifests/all.yaml#redis`, `manifests/all.yaml#StatefulSet/redis`. What is not taken is told.",
    )
    patch: dict[str, Any] | None = Field(
        None,
        description="Merged into the workload object last: maps by key, lists of named things by name, null removes.",
    )

    @property
    def manifest_file(self) -> str:
        """The file of ``from``; empty where there is none."""
        return workload_manifest.split(self.manifest or "")[0]

    @property
    def container_resources(self) -> dict[str, dict[str, str]]:
        """``requests`` and ``limits`` in Kubernetes' words, as far as they are given."""
        return self.resources.model_dump(exclude_none=True, exclude_defaults=True)

    @property
    def workload_kind(self) -> kinds.Kind:
        """The kind of its workload object, also where ``workload`` is left out."""
        if self.workload is not None:
            return kinds.named(self.workload)
        return kinds.DAEMON_SET if self.replicas == "every-node" else kinds.DEPLOYMENT


PATTERNS = ("standby", "mutual", "active")
"""Forms of a topology rule that say who serves when a node is lost."""


class ActivePattern(SpecModel):
    """Components of which several instances serve at once."""

    components: Annotated[list[Name], Field(min_length=1)] = Field(description="They share a pod.")
    min: Annotated[int, Field(ge=1)] = Field(
        description="Nodes of a station that serve at least: also while one restarts, and after those are lost that "
        "`survives` counts. Refused where it cannot hold."
    )


class TopologyRule(ExactlyOneOf):
    """How instances stand to each other within a station: `together`, `apart`, `spread`; or who serves when a node is lost:
    `standby`, `mutual`, `active`. A rule is one of them.
    """

    forms = ("together", "apart", "spread", "standby", "mutual", "active")

    together: Annotated[list[Name], Field(min_length=2)] | None = Field(
        None, description="Always on the same node."
    )
    apart: Annotated[list[Name], Field(min_length=2)] | None = Field(
        None, description="Never on one node with each other."
    )
    spread: Annotated[list[Name], Field(min_length=1)] | None = Field(
        None, description="All instances of all of these on different nodes."
    )
    form: Literal["pod", "affinity"] = Field(
        "pod",
        alias="as",
        description="`together`: containers of one pod, or pods of their own with required affinity.",
    )
    standby: Annotated[list[Name], Field(min_length=1)] | None = Field(
        None,
        description="Run on two nodes of a station; `address` is on the one that serves, and moves to the other. "
        "Several share a pod.",
    )
    mutual: Annotated[list[Name], Field(min_length=1)] | None = Field(
        None,
        description="Run on two or more nodes of a station, all of which serve: each of `addresses` has another node "
        "first, and the next ones, in a ring, behind it.",
    )
    active: ActivePattern | None = Field(
        None,
        description="Run on several nodes that all serve, behind their Service; `address`, where given, is on one that "
        "is ready.",
    )
    address: Name | None = Field(
        None, description="Of `standby` and `active`: the virtual address of each station that leads to them."
    )
    addresses: dict[Name, Annotated[list[Name], Field(min_length=1)]] = Field(
        default_factory=no_keys,
        description="Of `mutual`: component to the virtual addresses that lead to it; two at least in all.",
    )
    prefer: NodeSelector | None = Field(
        None,
        description="Nodes that have an address first. Otherwise the order is that of their slots, then of their names.",
    )
    failback: bool = Field(
        True,
        description="Whether an address goes back to the node that is before others in its order, as soon as that "
        "serves again; `false` is `nopreempt` of keepalived.",
    )
    takeover: Duration = Field(
        "5s",
        description="Longest time until an address is on a node that serves, after its node was lost or its component "
        "became sick. Refused if it cannot hold.",
    )

    @model_validator(mode="after")
    def _addresses_of_its_form(self) -> Self:
        led = [form for form in PATTERNS if getattr(self, form) is not None]
        if self.address is not None and not (self.standby or self.active):
            raise ValueError("address goes with standby or active, and with no other")
        if bool(self.addresses) != (self.mutual is not None):
            raise ValueError("addresses go with mutual, and with no other")
        if self.standby is not None and self.address is None:
            raise ValueError("standby needs an address")
        if not self.address and not self.addresses:
            own = sorted({"prefer", "failback", "takeover"} & self.model_fields_set)
            if own:
                raise ValueError(f"{own[0]} is about an address, and this rule has none")
        if led and self.form == "affinity":
            raise ValueError("as goes with together, and with no other")
        return self


class ObjectsEntry(SpecModel):
    """A file of manifests that are rendered as they are."""

    file: FilePath = Field(description="A file of YAML; workloads that components start `from` are left out.")
    per: Literal["group", "station"] = Field(
        "group",
        description="Whether they stand once in each station group that runs the application, or once for each station; then "
        "their names end in the station's. `{{ station.name }}` and `{{ group.name }}` are filled, nothing else is.",
    )


class ApplicationSpec(SpecModel):
    """Where it runs, which versions there are, what it is made of."""

    place: Literal["station", "province"] = Field(
        "station",
        description="`station`: at each of its stations. `province`: once in each province's cluster, on nodes that are "
        "no edge nodes, in the namespace `milepost-cloud`; counts, topology and `survives` then hold for the province.",
    )
    provinces: list[Name] = Field(
        default_factory=no_items,
        description="With `place: province`: the provinces that it runs in. Left out, all.",
    )
    stations: StationSelector = Field(default_factory=StationSelector, description="The stations it runs at.")
    version: Tag = Field(description="The version that runs where no Release says otherwise.")
    versions: dict[Tag, dict[Name, Tag]] = Field(
        min_length=1, description="What each version is: a tag for every image that the components use."
    )
    moves: Literal["in-waves", "together"] = Field(
        "in-waves",
        description="How a new version shows in the rendered tree. `in-waves`: each station group names its version, so a "
        "wave is a line for each of its groups. `together`: all groups of a province that run `version` share one file, so "
        "another version is one changed file a province; groups that a Release has moved ahead name theirs.",
    )
    values_schema: ValuesSchema | None = Field(
        None,
        alias="valuesSchema",
        description="JSON Schema (draft 2020-12) of the `values` that its templates read: those that it names are "
        "checked at every level, and together at every station where the application runs.",
    )
    components: list[ComponentEntry] = Field(min_length=1, description="What it is made of.")
    objects: list[ObjectsEntry] = Field(
        default_factory=no_items,
        description="Manifests beside the components: RBAC, NetworkPolicies, ConfigMaps with binary data and the like, in the "
        "namespace and the unit of each station group that runs the application.",
    )
    topology: list[TopologyRule] = Field(
        default_factory=no_items, description="How instances stand to each other within a station."
    )


class ApplicationDocument(KindModel):
    """Components that make one microservice system, the same at every station where it is placed."""

    kind: Literal["Application"]
    spec: ApplicationSpec
