"""The example on the API server of the oldest version of Kubernetes that a province may run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from fleets import EXAMPLE
from plane import apply
from plane.binaries import OLDEST
from plane.needs import needs
from plane.observe import pending, settled
from plane.province import Province, Spec, running

pytestmark = needs(OLDEST)


@pytest.fixture(scope="module", params=["qinghai", "guangdong"])
def province(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, address: Callable[[], str]
) -> Iterator[Province]:
    own = tmp_path_factory.mktemp(request.param)
    spec = Spec(EXAMPLE.parent).copy(own / "repository")
    (own / "plane").mkdir()
    with running(request.param, spec, own / "plane", address(), OLDEST) as province:
        yield province


def test_it_takes_every_unit_and_runs_every_pod(province: Province, verified: Callable[..., None]) -> None:
    """All objects, no rejection, no warning; and its controllers and scheduler bring every pod to a node."""
    found = [*province.applied, *province.apply()]
    assert [a for a in found if a.said or a.applied != a.objects] == []
    api = province.cluster.client()
    settled(api)
    assert pending(api.all("pods")) == []
    count = apply.stated(province.tree)
    verified(
        f"the tree of {province.name} fits the oldest version",
        "Kubernetes " + OLDEST.version,
        f"{count} objects",
    )
