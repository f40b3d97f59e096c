"""Questions in SQL over the compiled fleet: what the tables hold, and that nothing but questions is taken."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from compiling import Compilation, compile_spec, write_files
from fleets import EXAMPLE
from milepost.diagnostics import Sink
from milepost.model.instances import Instances
from milepost.query import SqlError, ask, database, forms, tables, write_parquet
from objects import objects
from small import application, base, component, document, files, image

pytestmark = pytest.mark.slow

Rows = list[tuple[Any, ...]]
Question = Callable[[str], Rows]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The example fleet's tables, with a cache of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MILEPOST_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        with tables_of(EXAMPLE) as made:
            yield made


@pytest.fixture(scope="module")
def example() -> Compilation:
    return compile_spec(EXAMPLE)


@contextmanager
def tables_of(spec: Path) -> Iterator[Path]:
    sink = Sink()
    with database(spec, sink) as made:
        assert made is not None, list(sink)
        yield made


def rows(fleet: Path, sql: str) -> Rows:
    with ask(fleet, sql) as answer:
        return list(answer.rows)


def rendered(fleet: Path, sql: str, form: str) -> str:
    with ask(fleet, sql) as answer:
        return "".join(forms.get(form).render(answer))


QUESTION = """
    SELECT station FROM components JOIN links USING (province, station_group, station)
    WHERE image = 'gantry-core' AND list_contains(architectures, 'arm64') AND down < 4_000_000
"""


def test_which_stations_run_an_image_on_arm_behind_a_slow_line(fleet: Path, example: Compilation) -> None:
    """The answer is what a walk over the plan finds."""
    expected = set()
    for compiled in example.provinces.values():
        instances = Instances(compiled.plan)
        for station in (s for group in compiled.plan.fleet.province.groups for s in group.stations):
            assert station.access is not None
            for workload, _, _, architectures in instances.at(station):
                images = {c.image.name for c in compiled.plan.members(workload)}
                if "gantry-core" in images and "arm64" in architectures and station.access.down < 4_000_000:
                    expected.add(station.name)
    assert expected
    assert {name for (name,) in rows(fleet, QUESTION)} == expected


def test_every_object_that_compile_writes_is_a_row(fleet: Path, example: Compilation) -> None:
    """Path, kind and name agree with the rendered bytes."""
    found = rows(fleet, "SELECT province, file, kind, name FROM objects WHERE file LIKE 'groups/%'")
    assert len(found) > 300
    for province, file, kind, name in found:
        text = example.files[f"{province}/{file}"].decode()
        assert f"kind: {kind}\n" in text
        assert f"  name: {name}\n" in text


def test_no_object_is_missing(fleet: Path, example: Compilation) -> None:
    """As many as the tree's files hold, but for what kustomize reads by itself."""
    counted = dict(rows(fleet, "SELECT kind, count(*) FROM objects WHERE province = 'hunan' GROUP BY kind"))
    held = Counter(b["kind"] for path, b in objects(example.files) if path.startswith("hunan/"))
    assert counted == dict(held)


def test_instances_are_no_more_than_the_nodes_that_fit(fleet: Path) -> None:
    assert rows(fleet, "SELECT * FROM components WHERE instances > fitting OR instances < 1") == []


def test_images_are_those_that_the_release_pins(fleet: Path, example: Compilation) -> None:
    """A group that has switched runs the new version, and its digest stands in the release's folder."""
    sql = "SELECT DISTINCT digest FROM images WHERE station_group = 'hn-g4-changtan' AND application = 'tolling'"
    pins = example.files["hunan/releases/tolling-1.5.0/kustomization.yaml"].decode()
    digests = [digest for (digest,) in rows(fleet, sql)]
    assert digests
    assert all(digest in pins for digest in digests)


@pytest.mark.parametrize("table", [table.name for table in tables()])
def test_every_table_has_rows_and_says_what_they_mean(fleet: Path, table: str) -> None:
    assert rows(fleet, f"SELECT count(*) FROM {table}")[0][0] > 0
    sql = f"SELECT count(*) FROM duckdb_columns() WHERE table_name = '{table}' AND comment IS NULL"
    assert rows(fleet, sql) == [(0,)]


def test_rows_keep_their_order(fleet: Path) -> None:
    """Provinces by name, then groups, then stations: an answer without ORDER BY is the same every time."""
    found = rows(fleet, "SELECT province, station_group, station FROM stations")
    assert found == sorted(found)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('fleet-spec/fleet.yaml')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM read_json('https://example.com/x.json')",
        "COPY nodes TO '/tmp/nodes.csv'",
        "ATTACH '/tmp/other.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "CREATE TABLE x (a INT)",
        "DELETE FROM nodes",
        "EXPORT DATABASE '/tmp/all'",
        "SELECT 1; DROP TABLE nodes",
        "",
        "-- nothing",
    ],
)
def test_what_is_no_question_about_the_fleet_is_refused(fleet: Path, sql: str) -> None:
    """Nothing is written, no file is read, nothing is loaded."""
    with pytest.raises(SqlError):
        rows(fleet, sql)


def test_variables_of_the_program_are_not_tables(fleet: Path) -> None:
    secret = [{"a": 1}]
    with pytest.raises(SqlError, match="does not exist"):
        rows(fleet, "SELECT * FROM secret")
    assert secret


def test_a_slip_in_a_name_is_told_with_the_near_one(fleet: Path) -> None:
    with pytest.raises(SqlError, match='Did you mean "stations"'):
        rows(fleet, "SELECT * FROM sation")


def test_an_error_in_the_middle_of_an_answer_is_told(fleet: Path) -> None:
    with pytest.raises(SqlError, match="boom"):
        rows(fleet, "SELECT error('boom') FROM nodes")


VALUES = (
    "SELECT 'a,\"b' AS t, NULL AS n, 1.5::DECIMAL(4,2) AS d, ['x', 'y'] AS l, 'nan'::DOUBLE AS f, true AS b"
)


def test_json_holds_every_value_or_nothing(fleet: Path) -> None:
    """What JSON has no number for is null."""
    (record,) = json.loads(rendered(fleet, VALUES, "json"))
    assert record == {"t": 'a,"b', "n": None, "d": 1.5, "l": ["x", "y"], "f": None, "b": True}
    assert json.loads(rendered(fleet, "SELECT 1 WHERE false", "json")) == []


def test_csv_reads_back(fleet: Path) -> None:
    header, row = csv.reader(io.StringIO(rendered(fleet, VALUES, "csv")))
    assert header == ["t", "n", "d", "l", "f", "b"]
    assert row == ['a,"b', "", "1.5", '["x", "y"]', "", "true"]


def test_a_table_is_aligned(fleet: Path) -> None:
    """Numbers to the right, wide characters counted as two."""
    text = rendered(fleet, "SELECT '长沙' AS title, 1204 AS n UNION ALL SELECT 'Leiyang', 7", "table")
    assert text == "title       n\n-------  ----\n长沙     1204\nLeiyang     7\n"


def test_what_a_terminal_would_obey_is_not_printed(fleet: Path) -> None:
    assert "\x1b" not in rendered(fleet, "SELECT chr(27) || '[2J' AS x", "table")


def test_parquet_holds_what_was_asked_for(fleet: Path, tmp_path: Path) -> None:
    import duckdb

    file = tmp_path / "links.parquet"
    assert write_parquet(fleet, "SELECT * FROM links", file) == len(rows(fleet, "SELECT * FROM links"))
    assert duckdb.sql(f"SELECT * FROM '{file}'").fetchall() == rows(fleet, "SELECT * FROM links")
    assert list(tmp_path.iterdir()) == [file]


def test_a_parquet_that_fails_leaves_nothing(fleet: Path, tmp_path: Path) -> None:
    with pytest.raises(SqlError):
        write_parquet(fleet, "SELECT error('boom') FROM links", tmp_path / "links.parquet")
    assert list(tmp_path.iterdir()) == []


def hard_spec(root: Path, title: str) -> Path:
    """A fleet whose one station is called ``title``; its owner has a comma, a quote and a bracket."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows([("name", "group", "type", "title"), ("a", "g4", "toll-station", title)])
    documents = [*base(owners=['a, "b"]', "it's"]), image("web"), application("app", [component()])]
    return write_files(root, files(documents, stations=buffer.getvalue()).items())


@pytest.mark.parametrize("title", ["\\N", "NULL", '"', "a,b", "'", "  x  ", "{a=b}", "长沙", "\\"])
def test_hard_strings_come_out_as_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, title: str
) -> None:
    monkeypatch.setenv("MILEPOST_CACHE_DIR", str(tmp_path / "cache"))
    with tables_of(hard_spec(tmp_path / "spec", title)) as made:
        assert rows(made, "SELECT title, owners FROM stations") == [(title, ['a, "b"]', "it's"])]


def test_a_changed_spec_is_asked_anew_and_an_unchanged_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One database is kept for a spec: the newest."""
    monkeypatch.setenv("MILEPOST_CACHE_DIR", str(tmp_path / "cache"))
    kept = []
    for title in ("One", "One", "Two"):
        with tables_of(hard_spec(tmp_path / "spec", title)) as made:
            kept.append((made, made.stat().st_mtime_ns))
            assert rows(made, "SELECT title FROM stations") == [(title,)]
    assert kept[0] == kept[1] != kept[2]
    assert [p for p in (tmp_path / "cache").rglob("*") if p.is_file()] == [kept[2][0]]


def test_a_machine_without_room_for_a_cache_answers_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MILEPOST_CACHE_DIR", str(tmp_path / "file" / "cache"))
    with tables_of(hard_spec(tmp_path / "spec", "One")) as made:
        assert rows(made, "SELECT title FROM stations") == [("One",)]


def test_a_wrong_spec_gives_messages_and_no_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILEPOST_CACHE_DIR", str(tmp_path / "cache"))
    spec = write_files(
        tmp_path / "spec", files([*base(), document("Policy", "p", {"registires": []})]).items()
    )
    sink = Sink()
    with database(spec, sink) as made:
        assert made is None
    assert sink.failed
