"""A workload that stays and runs nowhere any more is guarded as if it went."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from milepost.publish.review import GuardRules, Review, review
from publish.test_pins import planted
from small import compile_components, component

NODES = "name,station,profile,roles,label:zone\na1,a,box,server,north\na2,a,box,lane,north\n"
SELECTORS: list[dict[str, Any]] = [
    {},
    {"labels": {"zone": "north"}},
    {"labels": {"zone": "nort"}},
    {"roles": ["lane"]},
    {"anyRole": ["lane", "server"], "labels": {"zone": "south"}},
]
RUNS_ON = [2, 2, 0, 1, 0]


def reviewed(root: Path, before: dict[str, Any], after: dict[str, Any], **allows: str) -> Review:
    made = [
        compile_components(root / side, component(replicas="every-node", nodes=nodes), nodes=NODES)
        for side, nodes in (("before", before), ("after", after))
    ]
    rules = GuardRules(allows={name.replace("_", "-"): reason for name, reason in allows.items()})
    return review(planted(made[0]), planted(made[1]), rules)


@pytest.mark.parametrize(("old", "new"), list(product(range(len(SELECTORS)), repeat=2)))
def test_it_trips_where_something_ran_and_nothing_would(tmp_path: Path, old: int, new: int) -> None:
    found = reviewed(tmp_path, SELECTORS[old], SELECTORS[new])
    messages = [f.diagnostic.message for f in found.findings if f.diagnostic.code.id == "MP7006"]
    if RUNS_ON[old] and not RUNS_ON[new]:
        nodes = "1 node" if RUNS_ON[old] == 1 else "2 nodes"
        assert messages == [
            f"DaemonSet app-web in north/groups/g4/shared.yaml would run nowhere: pods on {nodes} would stop"
        ]
        assert found.tripped
    else:
        assert messages == []


def test_it_passes_when_this_very_change_is_acknowledged(tmp_path: Path) -> None:
    found = reviewed(tmp_path / "first", SELECTORS[1], SELECTORS[2])
    (finding,) = (f for f in found.findings if f.tripped)
    name = finding.entries[0].removeprefix("allows: ").replace("-", "_")
    again = reviewed(tmp_path / "again", SELECTORS[1], SELECTORS[2], **{name: "the zone is being renamed"})
    assert not again.tripped
