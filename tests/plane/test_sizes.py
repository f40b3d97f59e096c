"""What objects take, in etcd and over a line, on a real control plane: the constants that costs are counted with."""

from __future__ import annotations

import base64
import json
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest

from compiling import compile_spec
from fleets import EXAMPLE
from milepost.cost import constants
from milepost.cost.constants import CostConstant
from milepost.pipeline import cost_of
from plane.binaries import KUBE
from plane.needs import needs
from plane.observe import settled
from plane.province import Province, Spec, running

pytestmark = needs(KUBE)
Verified = Callable[..., None]
FAR_OFF = 0.3
"""The part by which a constant may miss what is measured: sizes differ with what the pods of a fleet say."""
PROVINCE = "hunan"
STORED = {
    "daemonsets": "DaemonSet",
    "deployments": "Deployment",
    "statefulsets": "StatefulSet",
    "jobs": "Job",
}


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, address: Callable[[], str]) -> Iterator[Province]:
    own = tmp_path_factory.mktemp("sizes")
    spec = Spec(EXAMPLE.parent).copy(own / "repository")
    (own / "plane").mkdir()
    with running(PROVINCE, spec, own / "plane", address()) as province:
        province.apply()
        settled(province.cluster.client())
        yield province


@pytest.fixture(scope="module")
def stored(province: Province) -> dict[str, list[int]]:
    """Bytes of keys and values in etcd, by resource."""
    everything = {"key": b"/registry/", "range_end": b"/registry0"}
    asked = {name: base64.b64encode(key).decode() for name, key in everything.items()}
    request = urllib.request.Request(
        f"http://{province.cluster.address}:2379/v3/kv/range", json.dumps(asked).encode()
    )
    with urllib.request.urlopen(request) as answer:
        found = json.load(answer)["kvs"]
    sizes: defaultdict[str, list[int]] = defaultdict(list)
    for entry in found:
        key, value = base64.b64decode(entry["key"]), base64.b64decode(entry["value"])
        _, _, *path = key.decode().split("/")
        sizes["endpoints" if path[:2] == ["services", "endpoints"] else path[0]].append(len(key) + len(value))
    return sizes


def mean(sizes: list[int]) -> float:
    return sum(sizes) / len(sizes)


def close(constant: CostConstant, measured: float) -> None:
    assert abs(constant.value - measured) <= FAR_OFF * measured, (constant, measured)


def test_what_controllers_make_takes_as_much_in_etcd(
    stored: dict[str, list[int]], verified: Verified
) -> None:
    """Pods, nodes, and what workloads keep of themselves."""
    close(constants.POD_BYTES, mean(stored["pods"]))
    close(constants.NODE_BYTES, mean(stored["minions"]) + mean(stored["leases"]))
    close(constants.REPLICA_SET_BYTES, mean(stored["replicasets"]))
    close(constants.REVISION_BYTES, mean(stored["controllerrevisions"]))
    close(constants.SLICE_BYTES, mean(stored["endpoints"]) + mean(stored["endpointslices"]))
    verified("sizes of pods, nodes, revisions and endpoints", "etcd", f"{len(stored['pods'])} pods")


def test_what_is_rendered_takes_as_much_in_etcd(stored: dict[str, list[int]]) -> None:
    """More than its JSON: the API server fills in defaults, and who owns which field."""
    rendered = {
        figure.where: figure.amount
        for figure in cost_of(compile_spec(EXAMPLE, [PROVINCE]).provinces[PROVINCE]).figures
        if figure.name == "bytesOfKind"
    }
    kept = sum(sum(stored[resource]) for resource in STORED)
    close(constants.STORED, kept / sum(rendered[kind] for kind in STORED.values()))


def test_what_a_node_is_told_is_as_long(province: Province) -> None:
    """Services and Endpoints as the API server gives them."""
    api = province.cluster.client()
    services = [s for s in api.all("services") if s["metadata"]["name"] != "kubernetes"]
    compiled = compile_spec(EXAMPLE, [PROVINCE]).provinces[PROVINCE]
    plain = next(
        f.amount for f in cost_of(compiled).figures if (f.name, f.where) == ("bytesOfKind", "Service")
    )
    close(constants.SERVICE_ADDED, mean(list(map(_length, services))) - plain / len(services))
    endpoints = api.request("GET", "/api/v1/endpoints")["items"]
    told = constants.ENDPOINTS_BYTES.value * len(endpoints)
    told += constants.ADDRESS_BYTES.value * sum(map(_addresses, endpoints))
    assert abs(told - sum(map(_length, endpoints))) <= FAR_OFF * told


def _length(body: object) -> int:
    return len(json.dumps(body, separators=(",", ":")))


def _addresses(endpoints: dict[str, list[dict[str, list[object]]]]) -> int:
    return sum(
        len(subset.get("addresses", ())) + len(subset.get("notReadyAddresses", ()))
        for subset in endpoints.get("subsets", ())
    )
