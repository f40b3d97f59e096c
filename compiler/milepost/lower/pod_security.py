"""Pod Security levels: the strictest one that lets a namespace's pods in, derived from what they use.

The Pod Security Standards of Kubernetes, as its admission plug-in checks them: a pod that breaks ``restricted`` may still be
``baseline``; one on the node's network, with its disk or its rights, needs ``privileged``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum
from typing import Any

from milepost.model.pod_template import mapping

LABEL = "pod-security.kubernetes.io/enforce"
_CAPABILITIES = frozenset(
    [
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    ]
)
"""What containers of the baseline may add: the default set of runtimes."""
_SYSCTLS = frozenset(
    [
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
    ]
)
_SELINUX = frozenset(("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"))
_VOLUMES = frozenset(
    [
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ]
)
"""Kinds of volumes that ``restricted`` knows."""
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
Spec = Mapping[str, Any]


class Level(IntEnum):
    """From the strictest on."""

    RESTRICTED = 0
    BASELINE = 1
    PRIVILEGED = 2

    @property
    def labels(self) -> dict[str, str]:
        """Labels of a namespace whose pods need this level."""
        return {LABEL: self.name.lower()}


def level(spec: Spec) -> Level:
    """The strictest level that lets a pod of this spec in."""
    every = list(_containers(spec))
    if any(breaks(spec, every) for breaks in _BASELINE):
        return Level.PRIVILEGED
    return Level.BASELINE if any(breaks(spec, every) for breaks in _RESTRICTED) else Level.RESTRICTED


def pod_specs(body: Spec) -> Iterator[Spec]:
    """The specs of the pods that an object makes: of its template, or of the manifests that an EdgeApplication holds."""
    own = mapping(body.get("spec"))
    pod = mapping(mapping(own.get("template")).get("spec"))
    if "containers" in pod:
        yield pod
    for manifest in _mappings(mapping(own.get("workloadTemplate")), "manifests"):
        yield from pod_specs(manifest)


def _containers(spec: Spec) -> Iterator[Spec]:
    for field in ("initContainers", "containers", "ephemeralContainers"):
        yield from _mappings(spec, field)


def _mappings(holder: Spec, field: str) -> Iterator[Spec]:
    """The items of a list that are mappings. What a manifest or a patch says otherwise is refused where shapes are checked."""
    listed = holder.get(field)
    yield from (
        (item for item in listed if isinstance(item, Mapping)) if isinstance(listed, list | tuple) else ()
    )


def _context(holder: Spec) -> Spec:
    return mapping(holder.get("securityContext"))


def _capabilities(context: Spec, verb: str) -> list[str]:
    listed = mapping(context.get("capabilities")).get(verb)
    return [str(each) for each in listed] if isinstance(listed, list | tuple) else []


def _contexts(spec: Spec, every: list[Spec]) -> list[Spec]:
    return [_context(spec), *map(_context, every)]


def _host(spec: Spec, every: list[Spec]) -> bool:
    return any(spec.get(field) for field in ("hostNetwork", "hostPID", "hostIPC"))


def _host_path(spec: Spec, every: list[Spec]) -> bool:
    return any("hostPath" in volume for volume in _mappings(spec, "volumes"))


def _host_port(spec: Spec, every: list[Spec]) -> bool:
    return any(port.get("hostPort") for container in every for port in _mappings(container, "ports"))


def _host_probe(spec: Spec, every: list[Spec]) -> bool:
    """Probes and hooks of another host's address."""
    asked = [mapping(c.get(p)) for c in every for p in _PROBES]
    asked += [
        mapping(mapping(c.get("lifecycle")).get(hook)) for c in every for hook in ("postStart", "preStop")
    ]
    return any(mapping(handler.get(way)).get("host") for handler in asked for way in ("httpGet", "tcpSocket"))


def _rights(spec: Spec, every: list[Spec]) -> bool:
    """Rights of the host's root, and capabilities beyond those of runtimes."""
    own = [_context(container) for container in every]
    added = {c for context in own for c in _capabilities(context, "add")}
    return any(context.get("privileged") for context in own) or not added <= _CAPABILITIES


def _unconfined(spec: Spec, every: list[Spec]) -> bool:
    contexts = _contexts(spec, every)
    profiles = [mapping(c.get(kind)) for c in contexts for kind in ("seccompProfile", "appArmorProfile")]
    labels = [mapping(context.get("seLinuxOptions")) for context in contexts]
    return (
        any(profile.get("type") == "Unconfined" for profile in profiles)
        or any(c.get("procMount", "Default") != "Default" for c in contexts)
        or any(o.get("user") or o.get("role") or str(o.get("type", "")) not in _SELINUX for o in labels)
        or any(mapping(c.get("windowsOptions")).get("hostProcess") for c in contexts)
    )


def _sysctls(spec: Spec, every: list[Spec]) -> bool:
    return not {str(each.get("name")) for each in _mappings(_context(spec), "sysctls")} <= _SYSCTLS


def _other_volumes(spec: Spec, every: list[Spec]) -> bool:
    return any(not volume.keys() & _VOLUMES for volume in _mappings(spec, "volumes"))


def _may_gain(spec: Spec, every: list[Spec]) -> bool:
    """A container that may gain rights, or keeps capabilities."""
    held = [_context(container) for container in every]
    # `restricted` wants every container to say it, init containers included; silence counts as
    # keeping the defaults.
    wide = any("ALL" not in _capabilities(context, "drop") for context in held)
    added = {c for context in held for c in _capabilities(context, "add")}
    return (
        wide
        or not added <= {"NET_BIND_SERVICE"}
        or any(c.get("allowPrivilegeEscalation") is not False for c in held)
    )


def _may_be_root(spec: Spec, every: list[Spec]) -> bool:
    """A container says it for itself, or its pod for it; the number 0 is root whatever else is said."""
    pod = _context(spec)
    # The container's word wins over the pod's, as in the admission plug-in.
    said = [_context(container).get("runAsNonRoot", pod.get("runAsNonRoot")) for container in every]
    root = any(context.get("runAsUser") == 0 for context in _contexts(spec, every))
    return root or not all(each is True for each in said)


def _without_seccomp(spec: Spec, every: list[Spec]) -> bool:
    pod = _context(spec).get("seccompProfile")
    return not all(_context(container).get("seccompProfile") or pod for container in every)


_Check = Callable[[Spec, list[Spec]], bool]
_BASELINE: tuple[_Check, ...] = (_host, _host_path, _host_port, _host_probe, _rights, _unconfined, _sysctls)
_RESTRICTED: tuple[_Check, ...] = (_other_volumes, _may_gain, _may_be_root, _without_seccomp)
