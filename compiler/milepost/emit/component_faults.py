"""Faults of KubeEdge configurations: what the loaders and validators of EdgeCore, CloudCore and EdgeMesh would refuse.

The schema says most of it. Here stands what a schema cannot: arithmetic between fields, duplicate keys, files that no node
has, and CloudCore's habit of raising numbers to fit its node limit and writing its own ConfigMap anew. Stricter than the
programs, which drop a misspelt key without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import yaml

from milepost.emit.schemas.component_schemas import component_validator, effective

KUBELET = ("modules", "edged", "tailoredKubeletConfig")
KUBEEDGE_FOLDER = "/etc/kubeedge/"
"""Where CloudCore's certificates are mounted; a certificate elsewhere is one that nobody puts there."""
_UNITS = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "µs": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
}
_UNITS |= {"s": Fraction(1), "m": Fraction(60), "h": Fraction(3600)}
_PART = re.compile(r"([0-9]*\.?[0-9]+)(ns|us|µs|ms|s|m|h)")


class ConfigError(ValueError):
    """The text is no configuration at all; the message says why."""


class _Loader(yaml.CSafeLoader):
    """Refuses duplicate keys, of which the programs silently take the last."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := sorted({str(key) for key in keys if keys.count(key) > 1}):
            raise ConfigError(f"has the key {twice[0]} twice")
        return super().construct_mapping(node, deep)


def read_config(text: str) -> dict[str, Any]:
    """The document of a file. Raises ConfigError where it is none."""
    try:
        # The loader builds plain data only: CSafeLoader below it.
        body = yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        raise ConfigError(f"is no YAML: {error}") from None
    if not isinstance(body, dict):
        raise ConfigError("is no mapping")
    return body


def component_faults(kind: str, body: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a configuration of a kind of ``FILES``, as predicates: ``modules.edgeHub.heartbeat is wrong``."""
    wrong = [f"{'.'.join(map(str, e.instance_path))} is wrong: {e.message}" for e in _errors(kind, body)]
    # Arithmetic only over a sound shape: a text where a number belongs has its message already.
    yield from wrong or _RULES.get(kind, lambda _: iter(()))(body)


def _errors(kind: str, body: Mapping[str, Any]) -> Iterator[Any]:
    return iter(component_validator(kind).iter_errors(body))


def seconds_of(text: str) -> Fraction:
    """A duration as Go writes it: ``1m0s``, ``1.5h``, ``0``."""
    return sum((Fraction(number) * _UNITS[unit] for number, unit in _PART.findall(text)), Fraction(0))


def self_adjusted(limit: int) -> dict[tuple[str, ...], int]:
    """What CloudCore forces numbers to at start for a ``nodeLimit``: ``AdjustCloudCoreConfig``, its integer division."""
    load, buffer = ("modules", "edgeController", "load"), ("modules", "edgeController", "buffer")
    return {
        ("kubeAPIConfig", "qps"): 5 * limit,
        ("kubeAPIConfig", "burst"): 10 * limit,
        (*load, "queryNodeWorkers"): limit,
        (*load, "patchNodeWorkers"): 100 + limit // 50,
        (*load, "createLeaseWorkers"): limit,
        (*buffer, "patchNode"): 1024 + limit // 2,
        (*buffer, "queryNode"): 1024 + limit,
        (*buffer, "createLease"): 1024 + limit,
    }


def _cloud(body: Mapping[str, Any]) -> Iterator[str]:
    limit = effective("CloudCore", body, "modules", "cloudHub", "nodeLimit")
    if limit < 1 or limit > _MOST_NODES:
        yield f"modules.cloudHub.nodeLimit is {limit}, and must be 1 to {_MOST_NODES}"
        return
    for path, wanted in self_adjusted(limit).items():
        found = effective("CloudCore", body, *path)
        # Rates are forced both ways, the six others only upward.
        if found < wanted or (path[0] == "kubeAPIConfig" and found != wanted):
            yield f"{'.'.join(path)} is not {wanted} for {limit} nodes, so CloudCore rewrites its ConfigMap at every start"
    if effective("CloudCore", body, "modules", "cloudStream", "enable"):
        for name in ("tlsStreamCAFile", "tlsStreamCertFile", "tlsStreamPrivateKeyFile"):
            file = effective("CloudCore", body, "modules", "cloudStream", name)
            if not file.startswith(KUBEEDGE_FOLDER):
                yield f"modules.cloudStream.{name} is {file}, which is not below {KUBEEDGE_FOLDER}: CloudCore would not start"


_MOST_NODES = (2**31 - 1) // 10
"""Ten times the limit becomes a rate of 32 bits."""


def _edge(body: Mapping[str, Any]) -> Iterator[str]:
    def kubelet(name: str) -> Any:
        return effective("EdgeCore", body, *KUBELET, name)

    if effective("EdgeCore", body, "modules", "edgeHub", "token"):
        yield "holds a token"
    low, high = kubelet("imageGCLowThresholdPercent"), kubelet("imageGCHighThresholdPercent")
    if low >= high:
        yield f"imageGCLowThresholdPercent is {low}, which must be less than imageGCHighThresholdPercent of {high}"
    oldest, youngest = seconds_of(kubelet("imageMaximumGCAge")), seconds_of(kubelet("imageMinimumGCAge"))
    if 0 < oldest <= youngest:
        yield "imageMaximumGCAge must be more than imageMinimumGCAge, or 0s"
    grace, critical = (
        seconds_of(kubelet(n)) for n in ("shutdownGracePeriod", "shutdownGracePeriodCriticalPods")
    )
    if critical > grace:
        yield "shutdownGracePeriodCriticalPods must be no more than shutdownGracePeriod"
    if any(0 < period < 1 for period in (grace, critical)):
        yield "a shutdown grace period must be 0s, or a second and more"
    if seconds_of(kubelet("containerLogMonitorInterval")) < 3:
        yield "containerLogMonitorInterval must be 3s and more"
    yield from _allocatable(kubelet("enforceNodeAllocatable") or [], kubelet)


def _allocatable(enforced: list[str], kubelet: Any) -> Iterator[str]:
    for name, cgroup in (
        ("system-reserved", "systemReservedCgroup"),
        ("kube-reserved", "kubeReservedCgroup"),
    ):
        if any(word.startswith(name) for word in enforced) and not kubelet(cgroup):
            yield f"enforceNodeAllocatable names {name}, which needs {cgroup}"
    if "none" in enforced and len(enforced) > 1:
        yield "enforceNodeAllocatable has none beside others"


_RULES = {"CloudCore": _cloud, "EdgeCore": _edge}
