"""Pages that are written from the code say what the code says today."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiling import compile_spec
from milepost import diagnostic_codes, reference, spec_schema
from milepost.lower.template_texts import group_values, station_values
from milepost.reference import template_values

ROOT = Path(__file__).parents[2]


def test_generated_files_are_fresh() -> None:
    """``make docs`` would change nothing, add nothing and remove nothing."""
    wanted = reference.pages(ROOT)
    held = {
        file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8")
        for folder in reference.OWNED
        for file in (ROOT / folder).iterdir()
    }
    held["docs/glossary.md"] = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    assert sorted(held) == sorted(wanted)
    assert [path for path in wanted if held[path] != wanted[path]] == []


def test_writing_makes_the_folders_hold_the_pages_and_no_others(tmp_path: Path) -> None:
    """A page of a code that is gone is removed; a second run finds nothing to do."""
    (tmp_path / "docs" / "diagnostics").mkdir(parents=True)
    (tmp_path / "docs" / "diagnostics" / "MP9999.md").write_text("gone", encoding="utf-8")
    changed = reference.write(tmp_path)
    assert "docs/diagnostics/MP9999.md" in changed
    assert not (tmp_path / "docs" / "diagnostics" / "MP9999.md").exists()
    assert f"schemas/spec/{spec_schema.ANY}.json" in changed
    assert reference.write(tmp_path) == []


def test_two_codes_never_share_an_id(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An id that two files declare is refused, wherever they are."""
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text('MP1001 = Code(\n    "MP1001",\n)\n', encoding="utf-8")
    (tmp_path / "__init__.py").touch()
    monkeypatch.setattr(diagnostic_codes.milepost, "__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(diagnostic_codes.DuplicateCodeError, match="MP1001"):
        diagnostic_codes.homes.__wrapped__()


def test_every_value_of_a_template_is_documented() -> None:
    """The table of the reference holds exactly the values that a station's templates may name."""
    plan = compile_spec(ROOT / "fleet-spec").provinces["hunan"].plan
    group = plan.fleet.province.groups[0]
    component = next(iter(plan.fleet.components.values()))
    values = group_values(plan, group, component) | station_values(plan, group.stations[0])
    assert sorted(_paths(values)) == sorted(template_values.VALUES)


_WHOLE = {"values", "station.labels", "station.nodes", "station.addresses", "station.devices"}
"""Documented as one: what is below depends on the fleet."""


def _paths(values: dict[str, object], before: str = "") -> list[str]:
    found = []
    for key, value in values.items():
        path = f"{before}{key}"
        found += _paths(value, f"{path}.") if isinstance(value, dict) and path not in _WHOLE else [path]
    return found
