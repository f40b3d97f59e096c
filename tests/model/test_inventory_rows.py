"""A row of inventory is defined once: exercises that change its model, and nothing else, in a copy of the compiler."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from milepost.model import spec
from milepost.model.row_record import Carried, plain_type, records, several

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
NODE, STATION = (Path("compiler/milepost/model/spec") / name for name in ("node.py", "station.py"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The compiler and the example fleet, to be changed."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "compiler" / "milepost", tmp_path / "compiler" / "milepost", ignore=ignored)
    shutil.copytree(ROOT / "fleet-spec", tmp_path / "fleet-spec")
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    return tmp_path


def milepost(copy: Path, *arguments: str) -> str:
    """What a command of the copy says."""
    return run(copy, "-m", "milepost", *arguments)


def run(copy: Path, *arguments: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(copy / "compiler"), "XDG_CACHE_HOME": str(copy / "cache")}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def swap(file: Path, one: Sequence[str], other: Sequence[str]) -> None:
    """Exchange two pieces of a file, each given by how it begins and how it ends."""
    text = file.read_text(encoding="utf-8")
    first, second = (
        text[(at := text.index(begin)) : text.index(end, at) + len(end)] for begin, end in (one, other)
    )
    text = text.replace(first, "\0").replace(second, first).replace("\0", second)
    file.write_text(text, encoding="utf-8")


def tree(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_the_order_of_fields_in_a_model_says_nothing(copy: Path) -> None:
    """An address is never taken for a profile because of the line that it stands on."""
    swap(copy / NODE, ("    profile: Name", "\n"), ("    address: ", "    )\n"))
    swap(copy / STATION, ("    title: ", "\n"), ("    access: ", "\n"))
    swap(copy / STATION, ("    name: ", "\n"), ("    owners: ", "    )\n"))
    milepost(copy, "compile", "--jobs", "1", "--quiet")
    assert tree(copy / "rendered") == tree(ROOT / "rendered")


def test_a_column_is_one_line_and_what_uses_it(copy: Path) -> None:
    """It is read, checked, told by queries, named by templates and documented."""
    column = '    serial: Name | None = Field(None, description="Number on its type plate.")\n'
    edit(copy / NODE, "    access: Name | None", f"{column}    access: Name | None")
    nodes = copy / "fleet-spec/provinces/qinghai/nodes.csv"
    header, first, *rest = nodes.read_text(encoding="utf-8").splitlines()
    lines = [f"{header},serial", f"{first},sn-4711", *(f"{line}," for line in rest)]
    nodes.write_text("\n".join(lines) + "\n", encoding="utf-8")
    name = first.split(",")[0]
    template = copy / "fleet-spec/templates/lane.yaml.j2"
    edit(template, "", "# {% for node in station.nodes %}{{ node.serial or '-' }} {% endfor %}\n")
    milepost(copy, "compile", "--jobs", "1", "--quiet")
    assert any("sn-4711 - " in text.decode() for text in tree(copy / "rendered/qinghai").values())
    asked = milepost(copy, "query", "--format", "json", f"select serial from nodes where node = '{name}'")
    assert "sn-4711" in asked
    page = milepost(copy, "query", "--tables") + run(copy, "-c", _PAGE)
    assert page.count("Number on its type plate.") == 2
    assert "`serial`, `roles`, `architecture`." in page


_PAGE = "from pathlib import Path; from milepost.reference import spec_page; print(spec_page.page(Path()))"


def test_rows_are_read_by_name() -> None:
    """Records have the fields of their model, whatever their order."""
    names = tuple(spec.NodeRow.model_fields)
    (row,) = records(spec.NodeRow, [[name] for name in names])
    assert [getattr(row, name) for name in names] == list(names)


def test_what_a_column_is_follows_from_its_field() -> None:
    """Which are carried, which hold several words, what a cell is."""
    assert {"name", "address"} <= Carried(spec.NodeRow).fields.keys() <= spec.NodeRow.model_fields.keys()
    assert "profile" not in Carried(spec.NodeRow).fields
    assert {"title", "stake"} <= Carried(spec.StationRow, but=("name",)).fields.keys()
    assert "name" not in Carried(spec.StationRow, but=("name",)).fields
    assert {name for model in spec.ROWS for name in several(model)} == {
        *("roles", "owners", "subnets", "gateways", "addresses")
    }
    assert plain_type(spec.NodeRow.model_fields["access"].annotation) is str
    assert plain_type(spec.NodeRow.model_fields["roles"].annotation) == list[str]


@pytest.mark.parametrize("model", spec.ROWS)
def test_what_is_resolved_is_a_field(model: type[spec.base.InventoryRow]) -> None:
    """No name of a field that is gone."""
    assert model.resolved <= model.model_fields.keys()
