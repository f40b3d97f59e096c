"""Pod requests: CPU and memory as the scheduler counts them, and ports of the node itself.

Every amount and port is read or refused: those of the spec by its models, those of manifests and patches by
``validate.rules.amounts``, which says where they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from milepost.model.fleet import Profile
from milepost.model.pod_template import Template, containers, mapping
from milepost.model.port import is_number
from milepost.model.quantity import bytes_of, millicores
from milepost.model.resource_request import NOTHING, ResourceRequest, total


def room(profile: Profile) -> ResourceRequest:
    """What a node has for pods."""
    return ResourceRequest(profile.cpu - profile.reserved_cpu, profile.memory - profile.reserved_memory)


def request(spec: Template) -> ResourceRequest:
    """What a pod asks for: all its containers, or what it takes to start, whichever is more. Raises ValueError.

    Init containers run one after the other; those that are restarted always stay beside what comes after them.
    Source: Kubernetes, "Resource sharing within containers".
    """
    running, most = NOTHING, NOTHING
    # The order of the list counts: a restartable init container (`restartPolicy: Always`) runs
    # beside those that come after it, not beside those before. Adding all of them up would
    # refuse pods that the scheduler accepts.
    for container in containers(spec, "initContainers"):
        needed = total([running, of_container(container)])
        if container.get("restartPolicy") == "Always":
            running = needed
        most = _larger(most, needed)
    running = total([running, *map(of_container, containers(spec, "containers"))])
    # What the pod as a whole states counts in newer Kubernetes alone, where it may be more than its containers'.
    return total(
        [_larger(_larger(most, running), of_container(spec)), _quantities(mapping(spec.get("overhead")))]
    )


def of_container(container: Template) -> ResourceRequest:
    """What one container asks for; where it only has a limit, Kubernetes takes that."""
    resources = mapping(container.get("resources"))
    # The API server copies a limit into a missing request, each resource by itself. So a
    # container with a limit of memory and a request of CPU asks for both.
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
            # With `hostNetwork` the API server sets `hostPort` to `containerPort`, and the
            # scheduler's NodePorts filter looks at that.
            number = port.get("hostPort") or (spec.get("hostNetwork") and port.get("containerPort"))
            if number:
                yield _port(number), str(port.get("protocol") or "TCP")


def _larger(one: ResourceRequest, other: ResourceRequest) -> ResourceRequest:
    return ResourceRequest(max(one.cpu, other.cpu), max(one.memory, other.memory))


def _quantities(values: Template) -> ResourceRequest:
    cpu, memory = values.get("cpu"), values.get("memory")
    return ResourceRequest(0 if cpu is None else millicores(cpu), 0 if memory is None else bytes_of(memory))


def _port(number: Any) -> int:
    if not is_number(number):
        raise ValueError(f"{number!r} is no port")
    return int(number)
