"""What went in one place and came in another: seen as a move, with a plan where one commit would be a race."""

from __future__ import annotations

from milepost.publish.review.classify.effect import Effect
from milepost.publish.review.show.words import plain
from publish.forest import config_map, joined, province
from publish.test_summary import A, reviewed, said, without

BASE = "hunan/platform/base/cluster.yaml"
ACCESS = "hunan/platform/access/cluster.yaml"


def test_an_object_that_changes_its_unit_is_a_race() -> None:
    """The old unit may prune it after the new one adopted it."""
    old = province() | {BASE: config_map("shared", "g4", "x = 1")}
    new = province() | {ACCESS: config_map("shared", "g4", "x = 1")}
    result = reviewed(old, new)
    assert said(old, new) == ["RACES: ConfigMap shared moves platform/base to platform/access in hunan"]
    assert [len(plan.steps) for plan in result.steps] == [2]
    assert "kustomize.toolkit.fluxcd.io/prune: disabled" in result.steps[0].steps[0]


def test_the_plan_speaks_of_the_agent_that_syncs_the_province() -> None:
    """Argo CD has an annotation of its own."""
    old = province(engine="argocd") | {BASE: config_map("shared", "g4", "x = 1")}
    new = province(engine="argocd") | {ACCESS: config_map("shared", "g4", "x = 1")}
    assert "argocd.argoproj.io/sync-options: Prune=false" in reviewed(old, new).steps[0].steps[0]


def test_an_object_that_stays_in_its_unit_is_no_danger() -> None:
    """An agent keeps one inventory for a unit; which file holds an object is nothing to it."""
    extra = config_map("extra", "g4", "x = 1")
    old, new = province(), province()
    old |= {A: joined(old[A], extra)}
    new |= {"hunan/groups/g4/shared.yaml": extra}
    assert said(old, new) == []
    assert reviewed(old, new).steps == ()


def test_a_station_that_changes_its_group_is_recreated() -> None:
    """A group is a namespace: what runs is deleted in one and created in the other."""
    result = reviewed(province(), province(groups={"g4": ["a"], "g60": ["b", "c"]}))
    assert plain(result.lines[0].words) == "1 station moves to another station group: b in hunan"
    assert result.lines[0].effect is Effect.RECREATES
    assert "take the station out of the table" in result.steps[0].steps[0]


def test_a_station_that_is_renamed_is_told_with_both_names() -> None:
    """Everything but its name is the same; without doubt, as no other station fits."""
    result = reviewed(province(), province(groups={"g4": ["a", "bb"], "g60": ["c"]}))
    assert plain(result.lines[0].words) == "1 station renamed: b → bb in hunan"
    assert result.steps[0].steps[1] == "Second change: remove the old name and acknowledge the removal."


def test_an_object_that_is_renamed_is_recreated() -> None:
    """Kubernetes knows objects by name: the old one stops when the new one starts."""
    old = province() | {BASE: config_map("old", "g4", "x = 1")}
    new = province() | {BASE: config_map("new", "g4", "x = 1")}
    assert said(old, new) == [
        "RECREATES: ConfigMap new renamed in hunan",
        "RECREATES: ConfigMap old renamed in hunan",
    ]


def test_what_is_not_certain_stays_a_removal_and_an_addition() -> None:
    """Two stations went and two alike came: who is who, nobody can tell."""
    lines = said(province(groups={"g4": ["a", "b"]}), province(groups={"g4": ["x", "y"]}))
    assert [line for line in lines if "station" in line.split(":")[1]] == [
        "DELETES_STATE: 2 stations removed: a, b in hunan",
        "CREATES: 2 stations added: x, y in hunan",
    ]


def test_a_group_is_dropped_in_two_steps() -> None:
    """First its stations, so that their pods are pruned; then the group."""
    plan = reviewed(province(), province(groups={"g4": ["a", "b"]})).steps[0]
    assert plain(plan.about) == "1 station group removed: g60 in hunan"
    assert plan.steps[1] == "Second change: remove the empty station group."


def test_a_field_that_cannot_change_comes_with_a_plan() -> None:
    """The API server refuses it, and the agent then applies nothing of the unit."""
    old = province()
    new = {
        p: t.replace("    matchLabels:\n      app: lane-a", "    matchLabels:\n      app: x")
        for p, t in old.items()
    }
    assert "refuses" in reviewed(old, new).steps[0].steps[0]


def test_nothing_moves_between_provinces() -> None:
    """They are clusters of their own: one loses an object, another gets one."""
    extra = config_map("extra", "g4", "x = 1")
    two = province() | province("qinghai")
    old, new = two | {BASE: extra}, two | {"qinghai/platform/base/cluster.yaml": extra}
    assert sorted(line.split(":")[0] for line in said(old, new)) == ["CONFIGURES", "CREATES"]
    assert without(old, BASE) == without(new, "qinghai/platform/base/cluster.yaml")
