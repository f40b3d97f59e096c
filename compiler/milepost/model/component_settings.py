"""A component as meant: what its pods are made of. Amounts and times stay as the spec writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple


class ContainerPort(NamedTuple):
    """A port that the component listens on."""

    name: str
    port: int
    protocol: str


class HttpProbe(NamedTuple):
    """GET that must answer 2xx or 3xx."""

    path: str
    port: int


class ContainerProbe(NamedTuple):
    """One way to ask a container how it is; seconds."""

    http: HttpProbe | None
    tcp: int | None
    command: list[str] | None
    delay: int
    period: int
    timeout: int
    failures: int


class ContainerProbes(NamedTuple):
    """Kubernetes' three probes."""

    startup: ContainerProbe | None
    readiness: ContainerProbe | None
    liveness: ContainerProbe | None


class ConfigMount(NamedTuple):
    """A config file in the container; its template stands in ``Component.templates``."""

    path: str
    key: str
    """Its key in the ConfigMap."""
    template: str | None
    """The file of the spec that holds the template; None where the spec holds the text itself."""
    format: str
    """What the file is, said or told by its name; ``text`` where nothing tells it."""


class LocalDirectory(NamedTuple):
    """A directory of the node behind a PersistentVolume."""

    path: str
    size: str


class PodVolume(NamedTuple):
    """A directory in the container; one of the three says what it is."""

    name: str
    path: str
    host_path: str | None
    local: LocalDirectory | None
    scratch: str | None
    read_only: bool


class SecretMount(NamedTuple):
    """A Secret by name: variables, or a directory, or both."""

    name: str
    env: Mapping[str, str]
    path: str | None


class ToleratedTaint(NamedTuple):
    """A taint that pods may stand on; ``effect`` is None for any."""

    key: str
    operator: str
    value: str
    effect: str | None


class CronSchedule(NamedTuple):
    """When a CronJob runs, and what becomes of its Jobs."""

    schedule: str
    time_zone: str | None
    concurrency_policy: str
    starting_deadline: str
    deadline: str | None
    successful_history: int
    failed_history: int


class ComponentSettings(NamedTuple):
    """One workload; what it names is resolved beside it, in ``Component``."""

    name: str
    workload: str
    """The kind of its workload object."""
    replicas: int | Literal["every-node", "every-known-node"]
    """Instances per station or province, or on which nodes there is one."""
    cron: CronSchedule | None
    """Of a CronJob, and of nothing else."""
    tolerations: Sequence[ToleratedTaint]
    survives: int
    at_once: int | str | None
    """How many instances of a station may restart at once; None for all."""
    priority: str
    command: list[str] | None
    args: list[str] | None
    env: Mapping[str, str]
    files: Sequence[ConfigMount]
    secrets: Sequence[SecretMount]
    ports: Sequence[ContainerPort]
    service: bool
    host_network: bool
    probes: ContainerProbes
    container_resources: Mapping[str, Mapping[str, str]]
    """``requests`` and ``limits`` in Kubernetes' words, as far as they are given."""
    volumes: Sequence[PodVolume]
    grace: str
    start: str
    interruption: str | None
    edge_application: bool
    patch: dict[str, Any] | None
