"""A component as meant: what its pods are made of. Amounts and times stay as the spec writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class ContainerPort:
    """A port that the component listens on."""

    name: str
    port: int
    protocol: str


@dataclass(frozen=True, slots=True)
class HttpProbe:
    """GET that must answer 2xx or 3xx."""

    path: str
    port: int


@dataclass(frozen=True, slots=True)
class ContainerProbe:
    """One way to ask a container how it is; seconds."""

    http: HttpProbe | None
    tcp: int | None
    command: list[str] | None
    delay: int
    period: int
    timeout: int
    failures: int


@dataclass(frozen=True, slots=True)
class ContainerProbes:
    """Kubernetes' three probes."""

    startup: ContainerProbe | None
    readiness: ContainerProbe | None
    liveness: ContainerProbe | None


@dataclass(frozen=True, slots=True)
class ConfigMount:
    """A config file in the container; its template stands in ``Component.templates``."""

    path: str
    key: str
    """Its key in the ConfigMap."""
    template: str | None
    """The file of the spec that holds the template; None where the spec holds the text itself."""


@dataclass(frozen=True, slots=True)
class LocalDirectory:
    """A directory of the node behind a PersistentVolume."""

    path: str
    size: str


@dataclass(frozen=True, slots=True)
class PodVolume:
    """A directory in the container; one of the three says what it is."""

    name: str
    path: str
    host_path: str | None
    local: LocalDirectory | None
    scratch: str | None
    read_only: bool


@dataclass(frozen=True, slots=True)
class SecretMount:
    """A Secret by name: variables, or a directory, or both."""

    name: str
    env: Mapping[str, str]
    path: str | None


@dataclass(frozen=True, slots=True, eq=False)
class ComponentSettings:
    """One workload; what it names is resolved beside it, in ``Component``."""

    name: str
    workload: str
    """The kind of its workload object."""
    replicas: int | Literal["every-node"]
    """Instances per station, or ``every-node``."""
    survives: int
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
