"""Changes between two states that are both proved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from milepost.model.transition import WaitingPod
from milepost.plan.capacity.transitions import transitions
from small import compile_components, component


def asks(name: str, memory: str, **more: Any) -> dict[str, Any]:
    return component(
        name, image="web", replicas=2, survives=1, resources={"requests": {"memory": memory}}, **more
    )


def listens(name: str, port: int) -> dict[str, Any]:
    ports = [{"name": "tcp", "port": port}]
    return component(name, image="web", replicas=2, survives=1, hostNetwork=True, ports=ports)


def between(folder: Path, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[WaitingPod]:
    old, new = (
        compile_components(folder / side, *parts) for side, parts in (("old", before), ("new", after))
    )
    assert not old.errors and not new.errors, (old.said, new.said)
    return transitions(old.provinces["north"].plan, new.provinces["north"].plan)


def test_requests_that_move_between_components_may_meet(tmp_path: Path) -> None:
    """Each state fits into 4 GiB. The half that is kept at the old version leaves its neighbour no room."""
    before, after = [asks("a", "2600Mi"), asks("b", "1000Mi")], [asks("a", "1000Mi"), asks("b", "2600Mi")]
    (found,) = between(tmp_path, before, after)
    assert found.pods == ("app-a", "app-b") and found.short == "memory"
    assert found.asked == 5200 * 2**20 and found.station == "a"


def test_the_same_change_in_two_is_safe(tmp_path: Path) -> None:
    """Less first, then more: each step holds whatever stays behind."""
    before, between_, after = (
        [asks("a", a), asks("b", b)]
        for a, b in (("2600Mi", "1000Mi"), ("1000Mi", "1000Mi"), ("1000Mi", "2600Mi"))
    )
    assert between(tmp_path / "less", before, between_) == []
    assert between(tmp_path / "more", between_, after) == []


def test_two_pairs_that_swap_ports_wait_for_each_other(tmp_path: Path) -> None:
    """Neither half of either can start where the other pair still listens."""
    found = between(tmp_path, [listens("a", 80), listens("b", 81)], [listens("a", 81), listens("b", 80)])
    assert {(w.pods, w.short) for w in found} == {
        (("app-a", "app-b"), "port 81/TCP"),
        (("app-b", "app-a"), "port 80/TCP"),
    }


def test_a_port_that_is_left_and_taken_in_one_change_is_waited_for(tmp_path: Path) -> None:
    """Where the half that leaves it stands still, because the other one is away."""
    (found,) = between(tmp_path, [listens("a", 80), listens("b", 81)], [listens("a", 82), listens("b", 80)])
    assert found.pods == ("app-b", "app-a")


@pytest.mark.parametrize(("old", "new"), [("1500Mi", "1900Mi"), ("1900Mi", "1500Mi")])
def test_a_change_of_one_component_is_as_safe_as_both_states(tmp_path: Path, old: str, new: str) -> None:
    """There is nothing that it could meet on the way and in neither of them."""
    beside = asks("b", "1900Mi")
    assert between(tmp_path, [asks("a", old), beside], [asks("a", new), beside]) == []


def test_what_is_replaced_may_still_be_there(tmp_path: Path) -> None:
    """Agents prune last, and Argo CD when all else is healthy."""
    found = between(tmp_path, [asks("a", "2600Mi")], [asks("b", "2600Mi")])
    assert [w.pods for w in found] == [("app-a", "app-b")]
