"""Loosening: a change cannot pass by weakening the guard that it meets, and no guard or policy is weakened unseen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import BaseModel

from milepost.model.spec.guard_settings import Freeze, Guards, Removals
from milepost.model.spec.policy import ClusterLimitsEntry, KnownSecret, PolicySpec
from milepost.publish.review import GuardRules, Review, review
from milepost.publish.review.judge.loosening import loosened
from publish.forest import Planted
from publish.test_summary import TWO, without

LESS = without(TWO, "hunan/groups/g4/a.yaml")
SECRET = {"fingerprint": "0" * 16, "owner": "crew", "reason": "old camera", "until": "2027-01-01"}
STRICT_GUARDS = Guards.model_validate(
    {"provincesPerChange": 2, "frozen": [{"name": "feast", "from": "2027-02-05", "until": "2027-02-12"}]}
)
STRICT_POLICY = PolicySpec.model_validate(
    {
        "registries": ["a.example"],
        "requireRequests": True,
        "requireReadiness": True,
        "requireOwners": True,
        "knownSecrets": [SECRET],
        "clusterLimits": {
            info.alias or name: "9Gi" if name == "etcd_bytes" else 7
            for name, info in ClusterLimitsEntry.model_fields.items()
        },
    }
)


def looser(model: BaseModel, path: str = "") -> Iterator[tuple[str, BaseModel]]:
    """Each field of a model, weakened by itself: numbers up, lists that demand shorter, lists that allow longer."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            for inner, changed in looser(value, f"{path}{name}."):
                yield inner, model.model_copy(update={name: changed})
        else:
            yield f"{path}{name}", model.model_copy(update={name: _weaker(name, value)})


def _weaker(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return "10Gi"
    if name == "registries":
        return [*value, "b.example"]
    if name == "known_secrets":
        return [*value, KnownSecret.model_validate(SECRET | {"fingerprint": "1" * 16})]
    if isinstance(value, list):
        return value[1:]
    return None


GUARDS, POLICIES = dict(looser(STRICT_GUARDS)), dict(looser(STRICT_POLICY))


@pytest.mark.parametrize("field", sorted(GUARDS))
def test_every_guard_that_is_weakened_is_seen(field: str) -> None:
    """One at a time; and the way back is no loosening."""
    weak = GUARDS[field]
    assert isinstance(weak, Guards)
    assert loosened(GuardRules(weak, base=GuardRules(STRICT_GUARDS)))
    assert not loosened(GuardRules(STRICT_GUARDS, base=GuardRules(weak)))


@pytest.mark.parametrize("field", sorted(POLICIES))
def test_every_policy_that_is_weakened_is_seen(field: str) -> None:
    """One at a time; and the way back is no loosening."""
    weak = POLICIES[field]
    assert isinstance(weak, PolicySpec)
    old, new = ({"rules": policy} for policy in (STRICT_POLICY, weak))
    assert loosened(GuardRules(policies=new, base=GuardRules(policies=old)))
    assert not loosened(GuardRules(policies=old, base=GuardRules(policies=new)))


def test_a_policy_that_goes_is_seen() -> None:
    """And a new one is not, unless it lets something stand."""
    policy = {"rules": PolicySpec()}
    assert loosened(GuardRules(base=GuardRules(policies=policy))) == ["Policy rules goes"]
    assert not loosened(GuardRules(policies=policy, base=GuardRules()))
    assert loosened(GuardRules(policies={"rules": STRICT_POLICY}, base=GuardRules()))


def test_a_frozen_time_may_come_and_not_become_shorter() -> None:
    """Every change of one that is there counts."""
    one = Freeze.model_validate({"name": "feast", "from": "2027-02-05", "until": "2027-02-12"})
    shorter = Freeze.model_validate({"name": "feast", "from": "2027-02-05", "until": "2027-02-06"})
    assert not loosened(GuardRules(Guards(frozen=[one]), base=GuardRules(Guards())))
    assert loosened(GuardRules(Guards(frozen=[shorter]), base=GuardRules(Guards(frozen=[one]))))


def judged(
    *, owners: tuple[str, ...] = (), allows: dict[str, str] | None = None, by: dict[str, str] | None = None
) -> Review:
    """A removal, by a change that raises the budget for removals."""
    weak = Guards(removals=Removals(workloads=9), protect=[])
    base = GuardRules(Guards(), {}, allows or {}, owners=owners, acknowledged_by=by or {})
    return review(Planted(TWO), Planted(LESS), replace(base, guards=weak, base=base))


def codes(result: Review) -> list[str]:
    return [f.diagnostic.code.id for f in result.findings if f.tripped]


def test_a_removal_does_not_pass_by_the_budget_that_comes_with_it() -> None:
    """The guards of the base hold, and that they are raised is told as well."""
    assert codes(judged()) == ["MP7016", "MP7001"]


def test_a_loosened_guard_waits_for_an_owner_that_the_base_names() -> None:
    """A reason is not enough, nor a team that the base does not know."""
    first = judged(owners=("centre",)).findings[0]
    assert first.by == ("centre",) and "centre" in first.diagnostic.message
    name = first.entries[0].removeprefix("allows: ")
    allows = {name: "a large clean-up"}
    assert codes(judged(owners=("centre",), allows=allows))[0] == "MP7016"
    assert codes(judged(owners=("centre",), allows=allows, by={name: "author"}))[0] == "MP7016"
    assert codes(judged(owners=("centre",), allows=allows, by={name: "centre"})) == ["MP7001"]
    assert codes(judged(allows=allows)) == ["MP7001"]
