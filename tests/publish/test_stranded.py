"""What leaves the tree together with the unit that had it while it waited for a pre-pull."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from compiling import compile_spec
from fleets import EXAMPLE
from milepost.publish.review import GuardRules, Review, review
from publish.test_pins import planted

pytestmark = pytest.mark.slow


def reviewed(folder: Path, *, removed: bool, applied: bool) -> Review:
    """The example while its pilot section waits, and a state after it."""
    sides = []
    for side, changed in (("before", False), ("after", True)):
        spec = folder / side
        shutil.copytree(EXAMPLE, spec)
        release = spec / "releases" / "tolling-1.5.0.yaml"
        if not (changed and applied):
            release.write_text(release.read_text().replace("  applied: pilot\n", ""))
        if changed and removed:
            for table in ("stations.csv", "nodes.csv", "addresses.csv"):
                file = spec / "provinces" / "hunan" / table
                file.write_text("".join(line for line in file.open() if "hn-g4-yinjiaao" not in line))
        made = compile_spec(spec, ["hunan"])
        assert not made.errors, made.said
        sides.append(planted(made))
    return review(*sides, GuardRules())


@pytest.mark.parametrize(("removed", "applied"), [(True, True), (True, False), (False, True)])
def test_only_both_in_one_change_are_refused(tmp_path: Path, removed: bool, applied: bool) -> None:
    found = reviewed(tmp_path, removed=removed, applied=applied)
    told = [f.diagnostic.message for f in found.findings if f.diagnostic.code.id == "MP7021"]
    assert bool(told) is (removed and applied)
    assert all("hn-g4-yinjiaao" in message and "would go on running" in message for message in told)
