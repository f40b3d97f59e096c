"""What a pod asks of a node, counted as Kubernetes counts it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from milepost.model.resource_request import ResourceRequest
from milepost.plan.capacity.pod_requests import host_ports, request, silent
from objects import one
from small import compile_components, component, profile

MIB = 2**20


def container(cpu: Any = None, memory: Any = None, kind: str = "requests", **more: Any) -> dict[str, Any]:
    stated = {key: value for key, value in (("cpu", cpu), ("memory", memory)) if value is not None}
    return {"name": "c", "resources": {kind: stated}, **more}


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        ({"containers": [container("250m", "64Mi"), container("1", "1Gi")]}, (1250, 1088)),
        ({"containers": [container("2", "8Mi", "limits")]}, (2000, 8)),
        ({"containers": [container("0.5", 8 * MIB)]}, (500, 8)),
        ({"containers": [{"name": "c"}]}, (0, 0)),
        # One after the other, before the others start.
        (
            {
                "initContainers": [container("1", "10Mi"), container("2", "5Mi")],
                "containers": [container("1")],
            },
            (2000, 10),
        ),
        # One that stays is there for those after it, and beside the others.
        (
            {
                "initContainers": [container("1", "10Mi", restartPolicy="Always"), container("2", "5Mi")],
                "containers": [container("1", "30Mi")],
            },
            (3000, 40),
        ),
        ({"containers": [container("1", "1Mi")], "overhead": {"cpu": "100m", "memory": "2Mi"}}, (1100, 3)),
        # Newer Kubernetes also takes amounts of the pod as a whole.
        ({"containers": [container("1", "1Mi")], "resources": {"requests": {"cpu": "3"}}}, (3000, 1)),
        ({"containers": [container("1e3", "0.5Ki"), container(0.5, "1048064")]}, (1000500, 1)),
    ],
)
def test_a_pod_asks_for_what_its_containers_do(spec: dict[str, Any], wanted: tuple[int, int]) -> None:
    """All together, or what it takes to start."""
    assert request(spec) == ResourceRequest(wanted[0], wanted[1] * MIB)


@pytest.mark.parametrize(
    "asked", [("plenty", None), (None, ["1"]), ("-1", None), (None, "512m"), (True, None)]
)
def test_what_cannot_be_read_is_never_counted_as_nothing(asked: tuple[Any, Any]) -> None:
    """A proof that counts it as zero would prove what does not hold."""
    with pytest.raises(ValueError, match=re.escape(str(next(a for a in asked if a is not None)))):
        request({"containers": [container(*asked)]})


@pytest.mark.parametrize("port", ["80", 70000, 1.5])
def test_a_port_that_cannot_be_read_is_never_passed_over(port: object) -> None:
    """What listens there may meet another that does."""
    with pytest.raises(ValueError, match="no port"):
        list(host_ports({"containers": [{"name": "c", "ports": [{"hostPort": port}]}]}))


def test_a_request_and_a_limit_of_one_container_are_one() -> None:
    """The limit counts where there is no request of the same."""
    both = {"resources": {"requests": {"cpu": "1"}, "limits": {"cpu": "2", "memory": "1Mi"}}}
    assert request({"containers": [both]}) == ResourceRequest(1000, MIB)
    assert not silent(both, "memory")
    assert silent({"resources": {"limits": {"cpu": "1"}}}, "memory")


def test_ports_of_the_node() -> None:
    """All of them on the node's own network, otherwise those that say so."""
    ports = [{"containerPort": 80}, {"containerPort": 81, "hostPort": 8081, "protocol": "UDP"}]
    pod = {"containers": [{"name": "c", "ports": ports}]}
    assert list(host_ports(pod)) == [(8081, "UDP")]
    assert list(host_ports(pod | {"hostNetwork": True})) == [(80, "TCP"), (8081, "UDP")]


@pytest.mark.parametrize(("memory", "surges"), [("400Mi", True), ("500Mi", False)])
def test_a_new_pod_starts_first_where_both_fit_on_one_node(tmp_path: Path, memory: str, surges: bool) -> None:
    """A single instance does not keep away from itself, so the scheduler may put the two together."""
    made = compile_components(
        tmp_path,
        component(resources={"requests": {"memory": memory}}),
        also=[profile("small", memory="1Gi")],
        nodes="name,station,profile\na1,a,small\na2,a,small\n",
    )
    rolling = one(made, "Deployment")["spec"]["strategy"]["rollingUpdate"]
    assert rolling["maxSurge"] == int(surges)
