"""What a pod asks of its node: CPU and memory as the scheduler counts them, and ports of the node itself.

Numbers that Kubernetes would refuse count as nothing here; the checks at the way out name them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from milepost.model.fleet import Profile
from milepost.model.pod_template import Template, containers, mapping
from milepost.model.quantity import bytes_of, millicores
from milepost.model.resource_request import NOTHING, ResourceRequest, total


def room(profile: Profile) -> ResourceRequest:
    """What a node has for pods."""
    return ResourceRequest(profile.cpu - profile.reserved_cpu, profile.memory - profile.reserved_memory)


def request(spec: Template) -> ResourceRequest:
    """What a pod asks for: all its containers, or what it takes to start, whichever is more.

    Init containers run one after the other; those that are restarted always stay beside what comes after them.
    Source: Kubernetes, "Resource sharing within containers".
    """
    running, most = NOTHING, NOTHING
    for container in containers(spec, "initContainers"):
        needed = total([running, of_container(container)])
        if container.get("restartPolicy") == "Always":
            running = needed
        most = _larger(most, needed)
    running = total([running, *map(of_container, containers(spec, "containers"))])
    return total([_larger(most, running), _quantities(mapping(spec.get("overhead")))])


def of_container(container: Template) -> ResourceRequest:
    """What one container asks for; where it only has a limit, Kubernetes takes that."""
    resources = mapping(container.get("resources"))
    return _quantities({**mapping(resources.get("limits")), **mapping(resources.get("requests"))})


def silent(container: Template, resource: str) -> bool:
    """Whether a container states neither a request nor a limit of ``resource``."""
    resources = mapping(container.get("resources"))
    return not any(resource in mapping(resources.get(kind)) for kind in ("requests", "limits"))


def host_ports(spec: Template) -> Iterator[tuple[int, str]]:
    """The ports of the node that a pod takes. On the node's own network every port of a container is one."""
    for container in containers(spec, "initContainers", "containers"):
        ports = container.get("ports")
        for port in map(mapping, ports if isinstance(ports, list) else ()):
            number = port.get("hostPort") or (spec.get("hostNetwork") and port.get("containerPort"))
            if isinstance(number, int):
                yield number, str(port.get("protocol") or "TCP")


def _larger(one: ResourceRequest, other: ResourceRequest) -> ResourceRequest:
    return ResourceRequest(max(one.cpu, other.cpu), max(one.memory, other.memory))


def _quantities(values: Template) -> ResourceRequest:
    return ResourceRequest(_number(millicores, values.get("cpu")), _number(bytes_of, values.get("memory")))


def _number(read: Callable[[str], int], value: Any) -> int:
    try:
        return read(str(value)) if value is not None else 0
    except (ValueError, ArithmeticError):
        return 0
