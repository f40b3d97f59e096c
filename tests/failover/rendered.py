"""A small station with virtual addresses, and what Milepost renders for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from compiling import Compilation
from objects import objects
from small import compile_components, component, image

PORT = 8100
STATIONS = "name,group,type,subnets\na,g4,toll-station,10.99.1.0/24\n"
NODES = "name,station,profile,roles,address\n"
ADDRESSES = "name,station,addresses\n"
HEAD = ("cameras", "services-a", "services-b", "services-c")


def gateway(**more: Any) -> dict[str, Any]:
    """A component that may stand behind an address."""
    return component(
        "gateway",
        replicas="every-node",
        hostNetwork=True,
        ports=[{"name": "http-gateway", "port": PORT}],
        probes={"readiness": {"http": {"path": "/ready", "port": PORT}}},
        nodes={"roles": ["server"]},
        resources={"requests": {"cpu": "10m", "memory": "16Mi"}},
        **more,
    )


def compiled(
    root: Path,
    topology: Sequence[Mapping[str, Any]],
    *,
    nodes: int = 2,
    addresses: Sequence[str] = ("cameras",),
    component: Mapping[str, Any] | None = None,
    failover: Mapping[str, Any] | None = None,
    stations: str = STATIONS,
    nodes_table: str = "",
    addresses_table: str = "",
    **more: Any,
) -> Compilation:
    """A station ``a`` of ``nodes`` servers n0, n1 ... with addresses from 10.99.1.200 on."""
    rows = "".join(f"n{i},a,box,server,10.99.1.{11 + i}\n" for i in range(nodes))
    led = "".join(f"{name},a,10.99.1.{200 + i}\n" for i, name in enumerate(addresses))
    return compile_components(
        root,
        component or gateway(),
        also=[image("keepalived")],
        application_fields={"topology": list(topology)},
        fleet_fields={"failover": failover or {"image": "keepalived", "version": "1.0.0"}},
        province_fields={"addresses": ["addresses.csv"]},
        stations=stations,
        nodes=nodes_table or NODES + rows,
        more={"addresses.csv": addresses_table or ADDRESSES + led},
        **more,
    )


def daemon(made: Compilation) -> tuple[dict[str, Any], dict[str, str]]:
    """The pod spec of keepalived, and the files of its ConfigMap."""
    found = {o["kind"]: o for _, o in objects(made.files) if o["metadata"]["name"] == "milepost-keepalived"}
    return found["DaemonSet"]["spec"]["template"]["spec"], found["ConfigMap"]["data"]


def configurations(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Every configuration of a node in a rendered tree: node and text."""
    for _, o in objects(files):
        if o["kind"] == "ConfigMap" and o["metadata"]["name"] == "milepost-keepalived":
            for key, text in o["data"].items():
                if key.endswith(".conf"):
                    yield key.removesuffix(".conf"), text
