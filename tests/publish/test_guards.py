"""Guards refuse what nobody has looked at, and let pass what the fleet says was looked at."""

from __future__ import annotations

from datetime import datetime

import pytest

from milepost.model.spec.guard_settings import Guards
from milepost.publish.review import GuardRules, Review, review
from publish.forest import Files, Planted, province
from publish.test_summary import TWO, replaced, without

LESS = without(TWO, "hunan/groups/g4/a.yaml")
WARN = replaced(TWO, "value: info", "value: warn")


def judged(
    new: Files,
    *,
    removes: dict[str, str] | None = None,
    allows: dict[str, str] | None = None,
    now: str = "",
    **guards: object,
) -> Review:
    moment = datetime.fromisoformat(now) if now else None
    rules = GuardRules(Guards.model_validate(guards), removes or {}, allows or {}, moment)
    return review(Planted(TWO), Planted(new), rules)


def messages(result: Review) -> list[str]:
    return [f.diagnostic.message for f in result.findings if f.tripped]


def test_a_stateful_set_does_not_go_unseen() -> None:
    """The message says what goes, the hint which line of the fleet would let it."""
    result = judged(LESS)
    assert messages(result) == ["hunan would lose 1 StatefulSet, 2 workloads where 0 may go"]
    assert result.findings[0].diagnostic.code.id == "MP7001"
    assert result.findings[0].entries == ("removes: hunan/groups/g4/a.yaml",)


@pytest.mark.parametrize("path", ["hunan/groups/g4/a.yaml", "hunan/groups/g4", "hunan/groups", "hunan"])
def test_an_acknowledged_path_covers_what_is_below_it(path: str) -> None:
    """A file, its unit, or the whole province."""
    assert not judged(LESS, removes={path: "closed"}).tripped


@pytest.mark.parametrize(
    "path", ["hunan/groups/g4/b.yaml", "hunan/groups/g", "guangdong", "groups/g4/a.yaml"]
)
def test_an_acknowledged_path_covers_nothing_else(path: str) -> None:
    """Neither its neighbour nor what only begins like it."""
    assert judged(LESS, removes={path: "closed"}).tripped


def test_a_budget_lets_workloads_go_and_protected_kinds_stay() -> None:
    """The deletion budget counts; a protected kind does not."""
    assert messages(judged(LESS, removals={"workloads": 5})) == ["hunan would lose 1 StatefulSet"]
    assert not judged(LESS, removals={"workloads": 5}, protect=[]).tripped


def test_many_objects_of_any_kind_are_too_many() -> None:
    """A tree that was read in part only would lose most of its objects."""
    found = messages(judged(LESS, removals={"workloads": 9, "objects": 2}, protect=[]))
    assert found == ["hunan would lose 3 objects where 2 may go"]


def test_the_entries_to_write_stay_few() -> None:
    """Of many files their unit is named, of many units the province."""
    stations = [f"s{i}" for i in range(9)]
    wide = {f"w{i}": [f"t{i}"] for i in range(9)}
    before = province(groups={"g4": stations} | wide)
    one = review(Planted(before), Planted(without(before, "hunan/groups/g4/s")), GuardRules())
    assert one.findings[0].entries == ("removes: hunan/groups/g4",)
    many = review(Planted(before), Planted(without(before, "hunan/groups")), GuardRules())
    assert many.findings[0].entries == ("removes: hunan",)


def test_a_rename_counts_as_a_removal() -> None:
    """What runs under the old name is pruned."""
    new = province(groups={"g4": ["aa", "b"], "g60": ["c"]}) | {
        p: t for p, t in TWO.items() if p.startswith("guangdong")
    }
    assert judged(new).tripped


def test_one_change_touches_no_more_provinces_than_the_fleet_says() -> None:
    """And an acknowledgement names this very change."""
    result = judged(WARN, provincesPerChange=1)
    assert messages(result) == ["the change touches 2 provinces; one change may touch 1"]
    entry = result.findings[0].entries[0]
    assert entry == f"allows: provinces-per-change-{result.raw.sha256[:8]}"
    name = entry.removeprefix("allows: ")
    allowed = judged(WARN, provincesPerChange=1, allows={name: "same wave"})
    assert not allowed.tripped and allowed.findings[0].reason == "same wave"
    other = replaced(WARN, "value: warn", "value: error")
    assert judged(other, provincesPerChange=1, allows={name: "same wave"}).tripped


FREEZE = {"name": "spring-festival", "from": "2027-02-05", "until": "2027-02-12"}


@pytest.mark.parametrize(
    ("now", "tripped"),
    [
        ("2027-02-04T23:59:59+08:00", False),
        ("2027-02-05T00:00:00+08:00", True),
        ("2027-02-12T23:59:59+08:00", True),
        ("2027-02-13T00:00:00+08:00", False),
    ],
)
def test_a_freeze_holds_from_its_first_day_to_its_last(now: str, tripped: bool) -> None:
    """Days are those of the clock that was named."""
    assert judged(WARN, frozen=[FREEZE], now=now).tripped is tripped


def test_a_freeze_may_be_to_the_minute_and_of_one_province() -> None:
    """The moment counts, in whatever time zone it is written."""
    freeze = {
        **FREEZE,
        "from": "2027-02-05T18:00+08:00",
        "until": "2027-02-05T20:00+08:00",
        "provinces": ["hunan"],
    }
    assert messages(judged(WARN, frozen=[freeze], now="2027-02-05T11:00:00+00:00")) == [
        "hunan would change in the frozen time spring-festival (until 2027-02-05T20:00+08:00)"
    ]
    assert not judged(WARN, frozen=[freeze], now="2027-02-05T12:30:00+00:00").tripped
    away = replaced(TWO, "value: info", "value: warn", paths="guangdong")
    assert not judged(away, frozen=[freeze], now="2027-02-05T11:00:00+00:00").tripped


def test_a_freeze_is_never_judged_by_the_clock() -> None:
    """Without a moment it is said that it was not judged."""
    result = judged(WARN, frozen=[FREEZE])
    assert not result.tripped
    assert result.notes == ("frozen times were not judged: the working tree has no date; give --now",)


def test_nothing_is_refused_where_nothing_goes() -> None:
    """The default guards do not stand in the way of a change."""
    assert not judged(WARN).findings


def test_an_acknowledgement_that_is_used_up_is_told() -> None:
    """What went is gone, and the change that was allowed is another: the entries can go."""
    result = judged(
        WARN, removes={"hunan/groups/g4": "", "hunan/groups/old": ""}, allows={"spring-0a1b2c3d": ""}
    )
    assert result.notes == (
        "acknowledged, and no longer there: removes: hunan/groups/old",
        "acknowledged for another change: allows: spring-0a1b2c3d",
    )
