"""``milepost query`` as a shell sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from milepost.query import tables

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def query(cache: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "milepost", "query", *arguments],
        cwd=ROOT,
        env=os.environ | {"NO_COLOR": "1", "MILEPOST_CACHE_DIR": str(cache)},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_answer_goes_to_stdout_and_its_size_to_stderr(cache: Path) -> None:
    result = query(cache, "fleet-spec", "SELECT province, engine FROM provinces")
    assert (result.returncode, result.stderr) == (0, "3 rows\n")
    assert result.stdout.splitlines()[2].split() == ["guangdong", "argocd"]


def test_without_a_folder_the_usual_one_is_asked(cache: Path) -> None:
    result = query(cache, "SELECT count(*) AS n FROM provinces", "--format", "json")
    assert (json.loads(result.stdout), result.stderr) == ([{"n": 3}], "")


def test_sql_may_come_from_standard_input(cache: Path) -> None:
    assert query(cache, "fleet-spec", "-", "--format", "csv", stdin="SELECT 1 AS one").stdout == "one\n1\n"


def test_an_error_in_sql_exits_2_and_says_where(cache: Path) -> None:
    result = query(cache, "SELECT stake FORM stations")
    assert (result.returncode, result.stdout) == (2, "")
    assert "syntax error" in result.stderr
    assert "LINE 1: SELECT stake FORM stations" in result.stderr


def test_a_file_is_written_whole_or_not_at_all(cache: Path, tmp_path: Path) -> None:
    kept = tmp_path / "answer.csv"
    assert query(cache, "SELECT 1 AS one", "--format", "csv", "-o", str(kept)).returncode == 0
    assert query(cache, "SELECT error('x') FROM nodes", "--format", "csv", "-o", str(kept)).returncode == 2
    assert kept.read_text() == "one\n1\n"
    assert list(tmp_path.iterdir()) == [kept]


def test_parquet_wants_a_file(cache: Path) -> None:
    result = query(cache, "SELECT 1", "--format", "parquet")
    assert result.returncode == 2
    assert "--output" in result.stderr


def test_a_question_is_missing(cache: Path) -> None:
    assert query(cache).returncode == 2


def test_a_wrong_spec_exits_1(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text("kind: Fleet\n")
    result = query(cache, str(tmp_path), "SELECT 1")
    assert (result.returncode, result.stdout) == (1, "")
    assert "error MP" in result.stderr


def test_tables_are_listed_with_their_columns_and_meanings(cache: Path) -> None:
    listed = query(cache, "--tables").stdout
    for table in tables():
        assert f"{table.name}: {table.meaning}\n" in listed
        assert all(column.meaning in listed for column in table.columns)


def test_the_example_of_the_help_has_an_answer(cache: Path) -> None:
    """It is what people will start from."""
    shown = query(cache, "--help").stdout
    sql = shown[shown.index("SELECT province") : shown.index("Options:")]
    result = query(cache, sql)
    assert result.returncode == 0
    assert "qh-g6-k1790" in result.stdout
