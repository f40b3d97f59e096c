"""Containers: one component to one container and the volumes that it mounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from milepost.lower.scope import Scope
from milepost.lower.template_texts import NODE_FIELDS, NODE_VARIABLES
from milepost.model import kinds
from milepost.model.component_settings import ContainerProbe
from milepost.model.fleet import Component
from milepost.model.plan import Workload
from milepost.model.pod_template import ports, resources
from milepost.model.template import NODE_ROOTS, roots


def container(component: Component, workload: Workload, scope: Scope) -> dict[str, Any]:
    """The container, keys in Kubernetes' usual order; what is not said is left out."""
    body = component.settings
    arguments = body.args and [
        scope.text(text, component, component.origin.of("args", i)) for i, text in enumerate(body.args)
    ]
    found: dict[str, Any] = {
        "name": component.name,
        "image": _image(component, workload, scope),
        "imagePullPolicy": "IfNotPresent",
        "command": body.command,
        "args": arguments,
        "ports": ports(body),
        "env": list(_env(component, scope)),
        "resources": resources(body),
        "startupProbe": _probe(body.probes.startup),
        "readinessProbe": _probe(body.probes.readiness),
        "livenessProbe": _probe(body.probes.liveness),
        "volumeMounts": list(_mounts(component)),
    }
    # Empty lists and null would be fields of the object to server-side apply, which would own
    # them and fight whoever sets them.
    return {key: value for key, value in found.items() if value}


def repository(component: Component, workload: Workload) -> str:
    """The repository of the workload's architecture, or the multi-architecture one."""
    return component.image.repositories[workload.variant or ""]


def pin_name(application: str, image: str, architecture: str) -> str:
    """What stands for an image in the files of stations, until the release that a group runs puts repository and
    digest in its place; so two applications may run two versions of one image, and a version is one line per group.

    ``architecture`` is empty for a multi-architecture image. Kustomize reads the name as a regular expression, so it
    holds no character that means anything there.
    """
    return f"{application}/{image}/{architecture}" if architecture else f"{application}/{image}"


def _image(component: Component, workload: Workload, scope: Scope) -> str:
    """A Job's template cannot be changed, so a Job carries its digest and is named after it."""
    if workload.kind == kinds.JOB.name:
        return scope.image(component, repository(component, workload))
    return pin_name(component.application, component.image.name, workload.variant or "")


_ONE_FIELD = re.compile(rf"\{{\{{\s*node\.({'|'.join(NODE_FIELDS)})\s*\}}\}}")


def _env(component: Component, scope: Scope) -> Iterator[dict[str, Any]]:
    """A variable that is a value of the node is filled on the node; longer texts refer to variables of our own."""
    body = component.settings
    fields = {name: match[1] for name, text in body.env.items() if (match := _ONE_FIELD.fullmatch(text))}
    longer = [*(text for name, text in body.env.items() if name not in fields), *(body.args or ())]
    # The variables stand before those that refer to them: Kubernetes expands `$(NAME)` only
    # from what was defined earlier in the list.
    if any(roots(text) & NODE_ROOTS for text in longer):
        yield from (_field(NODE_VARIABLES[attribute], attribute) for attribute in NODE_FIELDS)
    secrets = [
        {"name": name, "valueFrom": {"secretKeyRef": {"name": secret.name, "key": key}}}
        for secret in body.secrets
        for name, key in secret.env.items()
    ]
    used = any(f"$({secret['name']})" in text for secret in secrets for text in body.env.values())
    yield from secrets if used else ()
    for name, text in body.env.items():
        if name in fields:
            yield _field(name, fields[name])
        else:
            yield {"name": name, "value": scope.text(text, component, component.origin.of("env", name))}
    yield from () if used else secrets


def _field(name: str, attribute: str) -> dict[str, Any]:
    return {"name": name, "valueFrom": {"fieldRef": {"fieldPath": NODE_FIELDS[attribute]}}}


def _probe(probe: ContainerProbe | None) -> dict[str, Any] | None:
    if probe is None:
        return None
    how: dict[str, Any] = {}
    if probe.http is not None:
        how["httpGet"] = {"path": probe.http.path, "port": probe.http.port}
    elif probe.tcp is not None:
        how["tcpSocket"] = {"port": probe.tcp}
    else:
        how["exec"] = {"command": probe.command}
    if probe.delay:
        how["initialDelaySeconds"] = probe.delay
    return {
        **how,
        "periodSeconds": probe.period,
        "timeoutSeconds": probe.timeout,
        "failureThreshold": probe.failures,
    }


def _mounts(component: Component) -> Iterator[dict[str, Any]]:
    for file in component.settings.files:
        yield {
            "name": f"{component.name}-files",
            "mountPath": file.path,
            # So that a file can lie in a folder that has others. The kubelet never updates such
            # a file in place; the digest in the pod's annotations restarts it.
            "subPath": file.key,
            "readOnly": True,
        }
    for volume in component.settings.volumes:
        mount: dict[str, Any] = {"name": f"{component.name}-{volume.name}", "mountPath": volume.path}
        yield {**mount, "readOnly": True} if volume.read_only else mount
    for secret in component.settings.secrets:
        if secret.path is not None:
            yield {"name": f"{component.name}-{secret.name}", "mountPath": secret.path, "readOnly": True}


def volumes(component: Component, config_map: str, claim: str) -> Iterator[dict[str, Any]]:
    """The pod's volumes for one component, named after it so that components that share a pod do not clash.

    ``claim`` is the stem of the names of PersistentVolumeClaims.
    """
    if component.settings.files:
        yield {"name": f"{component.name}-files", "configMap": {"name": config_map}}
    for volume in component.settings.volumes:
        name = f"{component.name}-{volume.name}"
        if volume.host_path is not None:
            # Not `Directory`: at a new machine nobody has made it, and the pod would wait in
            # ContainerCreating until somebody does.
            yield {"name": name, "hostPath": {"path": volume.host_path, "type": "DirectoryOrCreate"}}
        elif volume.scratch is not None:
            yield {"name": name, "emptyDir": {"sizeLimit": volume.scratch}}
        else:
            yield {"name": name, "persistentVolumeClaim": {"claimName": f"{claim}-{volume.name}"}}
    for secret in component.settings.secrets:
        if secret.path is not None:
            yield {"name": f"{component.name}-{secret.name}", "secret": {"secretName": secret.name}}
