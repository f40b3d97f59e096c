"""The page of exercises: each is carried out as it is written, on a copy of the compiler."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from guards.package_copy import REPOSITORY, PackageCopy

pytestmark = pytest.mark.slow

PAGE = (REPOSITORY / "docs/extending.md").read_text(encoding="utf-8")
CASE = REPOSITORY / "tests/cases/base/fleet-spec"


def blocks(exercise: str) -> list[str]:
    """The Python of one exercise, in order."""
    (section,) = (part for part in PAGE.split("\n## ") if part.startswith(f"{exercise}\n"))
    return re.findall(r"```python\n(.*?)```", section, re.DOTALL)


@pytest.fixture
def copy(tmp_path: Path) -> PackageCopy:
    return PackageCopy(tmp_path)


def edit(file: Path, before: str, text: str) -> None:
    """``text`` above the one line that begins with ``before``."""
    held = file.read_text(encoding="utf-8")
    assert held.count(f"\n{before}") == 1
    file.write_text(held.replace(f"\n{before}", f"\n{text}{before}"), encoding="utf-8")


def test_a_rule(copy: PackageCopy) -> None:
    """It refuses what it is about, at its place, and nothing else; and it is typed as the house wants it."""
    (rule,) = blocks("A rule")
    copy.put("validate/rules/short_names.py", rule)
    assert copy.run("python", "-m", "milepost", "validate", CASE).returncode == 0
    spec = copy.folder / "fleet-spec"
    shutil.copytree(CASE, spec)
    app = spec / "app.yaml"
    app.write_text(
        app.read_text().replace("metadata: {name: app}", "metadata: {name: electronic-toll-collection}")
    )
    run = copy.run("python", "-m", "milepost", "validate", spec)
    assert run.returncode == 1
    assert 'error MP2990: "electronic-toll-collection" has more than 20 characters' in run.stderr
    assert "app.yaml:3:" in run.stderr


def test_a_kind(copy: PackageCopy) -> None:
    """Its object is rendered for every section and passes every check of what goes out."""
    row, back_end = blocks("A kind")
    edit(copy.package / "model/kinds.py", "KINDS: tuple", f"{row}\n")
    copy.put("lower/backends/disruption_budgets.py", back_end)
    assert copy.run("python", "-m", "milepost.emit.schemas.update").returncode == 0
    run = copy.run("python", "-m", "milepost", "compile", CASE, "--output", copy.folder / "rendered")
    assert run.returncode == 0, run.stderr
    shared = (copy.folder / "rendered/north/groups/g4/shared.yaml").read_text()
    assert "kind: PodDisruptionBudget\n" in shared and "name: drain\n" in shared
    assert "poddisruptionbudgets" in (copy.folder / "rendered/north/sync/identity.yaml").read_text()


def test_a_column(copy: PackageCopy) -> None:
    """It is read from the table, and a query and a template have it."""
    (field,) = blocks("A column")
    edit(copy.package / "model/spec/node.py", "    access: Name | None", field)
    spec = copy.folder / "fleet-spec"
    shutil.copytree(CASE, spec)
    head, first, *rest = (spec / "nodes.csv").read_text().splitlines()
    rows = [f"{head},serial", f"{first},sn-4711", *(f"{row}," for row in rest)]
    (spec / "nodes.csv").write_text("\n".join(rows) + "\n")
    question = "select node, serial from nodes where serial is not null"
    run = copy.run("python", "-m", "milepost", "query", "--format", "json", spec, question)
    assert run.returncode == 0, run.stderr
    assert '"sn-4711"' in run.stdout
