"""Mirror objects: the configuration of a registry, and the Deployment that runs it, wherever it stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from milepost.lower.registry_config import DRAIN, STORAGE, TLS
from milepost.model import kinds
from milepost.model.objects import kubernetes_object
from milepost.model.plan import Plan
from milepost.model.record import record
from milepost.model.registry_routing import Mirror

NAMESPACE = "milepost-registry"
"""Of the mirrors in the province's cluster."""
CONFIG, SCRATCH, CA = "/etc/milepost/mirror", "/scratch", "/etc/milepost/ca"
BEHIND_BALANCER = 5000
"""The port of a mirror that is reached through a load balancer."""


@record
class MirrorPlacement:
    """Where a mirror stands: names, labels that set its pods apart, and the part of the pod that says which nodes."""

    name: str
    namespace: str
    labels: Mapping[str, str]
    scheduling: Mapping[str, Any]


def namespaces(plan: Plan) -> tuple[str, ...]:
    """Namespaces that hold mirrors and nothing else."""
    return (NAMESPACE,) if any(mirror.site is None for mirror in plan.registry.mirrors) else ()


def port(mirror: Mirror) -> int:
    """The port that the registry listens on."""
    spec = mirror.hop.tier.settings.mirror
    return BEHIND_BALANCER if spec and spec.expose == "load-balancer" else mirror.hop.port


def labels(mirror: Mirror, plan: Plan) -> dict[str, str]:
    """What selects the mirror's pods, the station aside."""
    return {f"{plan.fleet.catalog.label_domain}/mirror": mirror.hop.tier.name}


def config_map(place: MirrorPlacement, texts: Mapping[str, str]) -> dict[str, Any]:
    return kubernetes_object(
        kinds.CONFIG_MAP, place.name, namespace=place.namespace, labels=_managed(place), data=dict(texts)
    )


def digest(texts: Mapping[str, str]) -> str:
    """Changes with the configuration, which a registry reads at its start alone."""
    return hashlib.sha256(json.dumps(dict(texts), sort_keys=True).encode()).hexdigest()[:10]


def deployment(mirror: Mirror, place: MirrorPlacement, domain: str, config: str) -> dict[str, Any]:
    """One instance, and never two at once: they would share a port and a storage."""
    template = {
        "metadata": {
            "labels": {**_managed(place), **place.labels},
            "annotations": {f"{domain}/config": config},
        },
        "spec": _pod(mirror, place),
    }
    return kubernetes_object(
        kinds.DEPLOYMENT,
        place.name,
        namespace=place.namespace,
        labels=_managed(place),
        spec={
            "replicas": 1,
            "revisionHistoryLimit": 2,
            "selector": {"matchLabels": dict(place.labels)},
            # A rolling update starts the new registry first. It could not bind the port of the
            # node, and two of them would write to one storage.
            "strategy": {"type": "Recreate"},
            "template": template,
        },
    )


def _managed(place: MirrorPlacement) -> dict[str, str]:
    return {"app.kubernetes.io/name": "registry-mirror", "app.kubernetes.io/managed-by": "milepost"}


def _pod(mirror: Mirror, place: MirrorPlacement) -> dict[str, Any]:
    """On the node's own network: nodes pull before any other network is there, and by the node's own name servers."""
    spec = mirror.hop.tier.settings.mirror
    own = spec is not None and spec.expose == "host"
    return {
        **({"hostNetwork": True, "dnsPolicy": "Default"} if own else {}),
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "priorityClassName": "milepost-normal",
        # Longer than the registry's own drain time: killed before, it would cut off downloads
        # that nodes have begun.
        "terminationGracePeriodSeconds": DRAIN + 10,
        **place.scheduling,
        "containers": [_container(mirror)],
        "volumes": _volumes(mirror, place),
    }


def _container(mirror: Mirror) -> dict[str, Any]:
    spec = mirror.hop.tier.settings.mirror
    assert spec is not None, "only what Milepost runs is a Mirror"
    probe = {
        "httpGet": {"path": "/v2/", "port": port(mirror), "scheme": "HTTPS" if mirror.hop.secure else "HTTP"}
    }
    found: dict[str, Any] = {
        "name": "registry",
        "image": mirror.image,
        "imagePullPolicy": "IfNotPresent",
        "command": ["/bin/sh", f"{CONFIG}/registry.sh", "registry", CONFIG, SCRATCH],
        "ports": [{"name": "registry", "containerPort": port(mirror), "protocol": "TCP"}],
        "env": _environment(mirror),
        "resources": {key: dict(amounts) for key, amounts in spec.resources.items()},
        # `/v2/` needs no upstream, so a mirror whose line is cut stays ready and serves what it
        # has.
        "readinessProbe": {**probe, "periodSeconds": 10, "timeoutSeconds": 5, "failureThreshold": 3},
        # A registry that accepts and never answers would hold up every pull behind it for ever.
        "livenessProbe": {**probe, "periodSeconds": 20, "timeoutSeconds": 10, "failureThreshold": 4},
        "securityContext": _security(port(mirror)),
        "volumeMounts": _mounts(mirror),
    }
    return {key: value for key, value in found.items() if value not in ([], {})}


def _security(number: int) -> dict[str, Any]:
    """Root without its powers: the storage belongs to root, and a low port needs one of them."""
    capabilities: dict[str, Any] = {"drop": ["ALL"]}
    if number < 1024:
        capabilities["add"] = ["NET_BIND_SERVICE"]
    return {
        "allowPrivilegeEscalation": False,
        "capabilities": capabilities,
        "readOnlyRootFilesystem": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def _environment(mirror: Mirror) -> list[dict[str, Any]]:
    """Credentials and CA of the tier above, by reference; the registry reads both from its environment."""
    upstream = mirror.upstream.tier.settings
    found: list[dict[str, Any]] = []
    if upstream.credentials is not None:
        for key in ("username", "password"):
            reference = {"secretKeyRef": {"name": upstream.credentials, "key": key}}
            # By environment: in the configuration file they would stand in a ConfigMap, and in
            # Git.
            found.append({"name": f"REGISTRY_PROXY_{key.upper()}", "valueFrom": reference})
    if upstream.ca is not None:
        found.append({"name": "SSL_CERT_FILE", "value": f"{CA}/ca.crt"})
    return found


def _mounts(mirror: Mirror) -> list[dict[str, Any]]:
    mounts: list[dict[str, Any]] = [
        {"name": "config", "mountPath": CONFIG, "readOnly": True},
        {"name": "storage", "mountPath": STORAGE},
        {"name": "scratch", "mountPath": SCRATCH},
    ]
    if mirror.hop.secure:
        mounts.append({"name": "tls", "mountPath": TLS, "readOnly": True})
    if mirror.upstream.tier.settings.ca is not None:
        mounts.append({"name": "ca", "mountPath": CA, "readOnly": True})
    return mounts


def _volumes(mirror: Mirror, place: MirrorPlacement) -> list[dict[str, Any]]:
    spec, upstream = mirror.hop.tier.settings.mirror, mirror.upstream.tier.settings
    assert spec is not None, "only what Milepost runs is a Mirror"
    storage: dict[str, Any] = {"persistentVolumeClaim": {"claimName": place.name}}
    if spec.storage.path is not None:
        storage = {"hostPath": {"path": spec.storage.path, "type": "DirectoryOrCreate"}}
    volumes: list[dict[str, Any]] = [
        {"name": "config", "configMap": {"name": place.name}},
        {"name": "storage", **storage},
        # The root file system is read-only, so the script needs a place for its own files.
        {"name": "scratch", "emptyDir": {"sizeLimit": "16Mi"}},
    ]
    if spec.tls is not None:
        volumes.append({"name": "tls", "secret": {"secretName": spec.tls}})
    if upstream.ca is not None:
        items = [{"key": "ca.crt", "path": "ca.crt"}]
        volumes.append({"name": "ca", "secret": {"secretName": upstream.ca, "items": items}})
    return volumes
