"""A workload that keeps data does not move to another node unseen."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiling import Compilation
from milepost.model.spec.guard_settings import Guards
from milepost.publish.review import GuardRules, Review, review
from objects import objects
from plan.test_slots import pins, redis, table
from publish.forest import Planted
from small import compile_components


def planted(made: Compilation) -> Planted:
    return Planted({path: data.decode() for path, data in made.files.items()})


def compared(root: Path, before: dict[str, str], after: dict[str, str], **allows: str) -> tuple[Review, int]:
    """The review of a change of the table, and the number of objects with another node, counted from the objects."""
    old = compile_components(root / "old", redis(len(before)), nodes=table(before))
    new = compile_components(root / "new", redis(len(after)), nodes=table(after))
    moved = sum(pins(new).get(name, node) != node for name, node in pins(old).items())
    kept = {name for name, node in pins(old).items() if pins(new).get(name) not in (None, node)}
    volumes = [o for _, o in objects(new.files) if o["kind"] == "PersistentVolume"]
    moved += sum(
        any(v["spec"]["claimRef"]["name"].startswith(k.removesuffix("-a")) for k in kept) for v in volumes
    )
    rules = GuardRules(Guards(), {}, {name.replace("_", "-"): reason for name, reason in allows.items()})
    return review(planted(old), planted(new), rules), moved


def test_a_replaced_machine_is_seen_and_acknowledged_for_this_change_alone(tmp_path: Path) -> None:
    """One instance moves, and its volume with it; the other is not spoken of."""
    found, moved = compared(tmp_path, {"a": "0", "b": "1"}, {"b": "1", "c": "0"})
    (finding,) = (f for f in found.findings if f.diagnostic.code.id == "MP7004")
    assert moved == 2
    assert finding.tripped and finding.diagnostic.message == (
        "StatefulSet app-redis-0-a in north/groups/g4/a.yaml would leave node a for c, and its data stays behind; so would "
        "1 more object"
    )
    (entry,) = finding.entries
    name = entry.removeprefix("allows: ").replace("-", "_")
    again, _ = compared(
        tmp_path / "again", {"a": "0", "b": "1"}, {"b": "1", "c": "0"}, **{name: "board died"}
    )
    assert [f.reason for f in again.findings if f.diagnostic.code.id == "MP7004"] == ["board died"]
    other, _ = compared(
        tmp_path / "other", {"a": "0", "b": "1"}, {"b": "0", "a": "1"}, **{name: "board died"}
    )
    assert other.tripped


@settings(max_examples=15, deadline=None)
@given(
    st.permutations(["a", "b", "c", "d"]),
    st.permutations(["a", "b", "c", "d"]),
    st.integers(1, 3),
    st.integers(1, 3),
)
def test_every_changed_pin_trips_and_nothing_else_does(
    tmp_path_factory: pytest.TempPathFactory, old: list[str], new: list[str], before: int, after: int
) -> None:
    """Whatever table follows whatever table."""
    tables = [
        {name: str(n) for n, name in enumerate(names[:size])} for names, size in ((old, before), (new, after))
    ]
    found, moved = compared(tmp_path_factory.mktemp("fleets"), *tables)
    told = [f for f in found.findings if f.diagnostic.code.id == "MP7004"]
    assert bool(told) == bool(moved)
    if moved > 1:
        assert f"so would {moved - 1} more object" in told[0].diagnostic.message
