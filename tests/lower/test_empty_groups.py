"""A group can be emptied before it is dropped: its unit stays, so that the agent prunes what ran there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from milepost import driver
from milepost.model.owned_files import units
from milepost.scaffold import write_small_fleet

pytestmark = pytest.mark.slow

OTHER = """apiVersion: milepost.dev/v1alpha1
kind: StationGroup
metadata: {name: hn-g72}
spec:
  province: hunan
  road: {code: G72, name: Quannan Expressway}
"""


def run(folder: Path) -> driver.RunResult:
    return driver.run(driver.RunRequest(folder / "spec", folder / "rendered", cached=False, jobs=1))


def test_a_group_is_emptied_first_and_dropped_second(tmp_path: Path) -> None:
    """Emptying needs nobody's word, since the agent prunes it; dropping the empty unit does."""
    spec, group = tmp_path / "spec", tmp_path / "rendered" / "hunan" / "groups" / "hn-g4"
    write_small_fleet(spec)
    (spec / "other.yaml").write_text(OTHER)
    assert run(tmp_path).verdict is driver.RunVerdict.FINE

    for table in spec.glob("*.csv"):
        table.write_text(table.read_text().splitlines()[0] + "\n")
    assert run(tmp_path).verdict is driver.RunVerdict.FINE
    assert sorted(path.name for path in group.iterdir()) == ["empty.yaml", "kustomization.yaml"]

    province = (spec / "province.yaml").read_text()
    (spec / "province.yaml").write_text(province[: province.index("---\n# A road section")])
    assert run(tmp_path).verdict is driver.RunVerdict.GUARDED
    fleet = (spec / "fleet.yaml").read_text()
    word = "spec:\n  acknowledge:\n    - {removes: hunan/groups/hn-g4, reason: the road is closed}\n"
    (spec / "fleet.yaml").write_text(fleet.replace("spec:\n", word, 1))
    assert run(tmp_path).verdict is driver.RunVerdict.FINE
    index = json.loads((tmp_path / "rendered" / "hunan" / "milepost.json").read_text())
    assert "groups/hn-g4" not in units(index)
