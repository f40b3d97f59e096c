"""Ports: valid numbers and names, and no two of them the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.pod_templates import PodTemplate, pod_templates
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model import kinds
from milepost.model.document import Path
from milepost.model.port import LAST, is_name, is_number

MP6014 = Code(
    "MP6014",
    "invalid or duplicate port",
    "A port is a number from 1 to 65535, its name has at most 15 small letters, digits and single hyphens with a "
    "letter among them, and a pod on the node's own network listens on the very port that it names.",
    "patch: {spec: {template: {spec: {containers: [{name: a, ports: [{containerPort: 80000}]}]}}}}\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    for pod in pod_templates(rendered):
        _pod(pod, findings)
    for service in rendered.of(kinds.SERVICE.name):
        ports = (service.body.get("spec") or {}).get("ports") or ()
        for index, port in enumerate(ports):
            _numbers(service, ("spec", "ports", index), port, ("port", "targetPort", "nodePort"), findings)
        _unique(
            service, ("spec", "ports"), [(p.get("port"), p.get("protocol") or "TCP") for p in ports], findings
        )
        # A single port of a Service needs no name; of several, each does.
        if len(ports) > 1:
            _unique(service, ("spec", "ports"), [p.get("name") for p in ports], findings)


def _pod(pod: PodTemplate, findings: Findings) -> None:
    hosts = []
    for path, container in pod.containers:
        for index, port in enumerate(container.get("ports") or ()):
            here = (*path, "ports", index)
            _numbers(pod.obj, here, port, ("containerPort", "hostPort"), findings)
            # The API server refuses such a pod; the error would show at sync time and hold up
            # the whole unit.
            if pod.spec.get("hostNetwork") and port.get("hostPort") not in (None, port.get("containerPort")):
                findings.add(
                    MP6014,
                    pod.obj,
                    here,
                    "has a hostPort other than its containerPort on the node's own network",
                )
            if host := port.get("hostPort") or (pod.spec.get("hostNetwork") and port.get("containerPort")):
                hosts.append((host, port.get("protocol") or "TCP", port.get("hostIP") or ""))
    _unique(pod.obj, pod.path, hosts, findings)


def _numbers(
    obj: RenderedObject, path: Path, port: Mapping[str, Any], fields: tuple[str, ...], findings: Findings
) -> None:
    for field in fields:
        value = port.get(field)
        if isinstance(value, int) and not is_number(value):
            findings.add(MP6014, obj, (*path, field), f"is {value}; ports go from 1 to {LAST}")
        elif isinstance(value, str) and not is_name(value):
            findings.add(MP6014, obj, (*path, field), f'"{value}" is no name of a port')
    if isinstance(name := port.get("name"), str) and not is_name(name):
        findings.add(MP6014, obj, (*path, "name"), f'"{name}" is no name of a port')


def _unique(obj: RenderedObject, path: Path, ports: list[Any], findings: Findings) -> None:
    for port, times in Counter(ports).items():
        if times > 1:
            shown = "/".join(str(part) for part in port if part) if isinstance(port, tuple) else port
            findings.add(MP6014, obj, path, f"uses the port {shown} {times} times")
