"""The way between two states that are both proved, on the real scheduler, with a node lost meanwhile.

Tests build on each other, in this order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from compiling import write_files
from plane.api import Api
from plane.binaries import KUBE
from plane.needs import needs
from plane.observe import pending, pods, settled, until
from plane.province import Province, Spec, running
from plane.test_loss import _unready
from small import application, base, component, files, image

pytestmark = needs(KUBE)
Verified = Callable[..., None]


def write(spec: Spec, pair: str, everywhere: str) -> None:
    """A pair that survives and asks for ``pair``, beside a component on every node."""
    parts: list[dict[str, Any]] = [
        component("pair", image="web", replicas=2, survives=1, resources=asks(pair)),
        component("every", image="web", replicas="every-node", resources=asks(everywhere)),
    ]
    documents = [*base(), image("web"), application("app", parts)]
    write_files(spec.folder, files(documents).items())
    spec.milepost("compile", "--quiet")


def asks(memory: str) -> dict[str, Any]:
    return {"requests": {"memory": memory}}


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, address: Callable[[], str]) -> Iterator[Province]:
    own = tmp_path_factory.mktemp("transitions")
    spec = Spec(own / "repository")
    write(spec, "2600Mi", "1000Mi")
    spec.commit()
    (own / "plane").mkdir()
    with running("north", spec, own / "plane", address()) as province:
        province.apply()
        settled(province.cluster.client())
        province.kubelet.cut_off("a2")
        until("a node is lost", lambda: _unready(province.cluster.client()) == {"a2"}, 90)
        yield province


def test_a_change_in_one_step_lets_a_pod_wait_as_the_review_says(
    province: Province, verified: Verified
) -> None:
    """The half on the node that is left stays old and large, and its neighbour comes anew and larger."""
    write(province.spec, "1000Mi", "2600Mi")
    with pytest.raises(AssertionError, match="MP7020"):
        province.spec.milepost("diff", "HEAD")
    province.apply()
    api = province.cluster.client()
    # The other half of the pair waits for its own node, as it would without any change.
    until("the neighbour waits", lambda: _waits(api), 60)
    assert "Insufficient memory" in _waits(api)
    verified("a change that `diff` refuses lets a pod wait", "kube-scheduler", "1 of 3 pods that can run")


def _waits(api: Api) -> str:
    return "".join(said for said in pending(pods(api)) if "app-every" in said)


def test_in_two_steps_nothing_waits(province: Province, verified: Verified) -> None:
    """First what asks for less: the larger one comes when that is done everywhere."""
    spec, api = province.spec, province.cluster.client()
    province.kubelet.bring_back("a2")
    until("both nodes are there", lambda: not _unready(api), 90)
    write(spec, "2600Mi", "1000Mi")
    province.apply()
    settled(api)
    spec.commit()
    for pair, everywhere in (("1000Mi", "1000Mi"), ("1000Mi", "2600Mi")):
        write(spec, pair, everywhere)
        spec.milepost("diff", "HEAD")
        spec.commit()
        province.apply()
        settled(api)
        assert pending(pods(api)) == []
    verified("the same change in two steps, which `diff` lets pass", "kube-scheduler", "2 steps, 4 pods")
