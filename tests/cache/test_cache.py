"""The cache says only what is true: with it, the same bytes stand as without."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from milepost import driver
from milepost.cache import fingerprint
from milepost.cli.main import main
from milepost.driver import RunVerdict
from milepost.generate import generate

pytestmark = pytest.mark.slow


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    monkeypatch.setenv("MILEPOST_CACHE_DIR", str(tmp_path / "cache"))
    generate(tmp_path / "spec", provinces=3, nodes=90, seed=7)
    return tmp_path / "spec", tmp_path / "rendered"


def compiled(spec: Path, output: Path, *, cached: bool = True) -> driver.RunResult:
    return driver.run(driver.RunRequest(spec, output, jobs=1, cached=cached))


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def written(run: driver.RunResult) -> dict[str, int]:
    return {o.province: o.written.written for o in run.outcomes}


def test_a_second_run_over_an_unchanged_fleet_writes_nothing_and_says_the_same(
    places: tuple[Path, Path],
) -> None:
    first, second = compiled(*places), compiled(*places)
    assert second.diagnostics == first.diagnostics
    assert all(count == 0 for count in written(second).values())
    assert [o.numbers for o in second.outcomes] == [o.numbers for o in first.outcomes]


def test_an_edit_of_one_province_compiles_that_province_alone(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other provinces are known to stand: nobody asks for them."""
    spec, output = places
    compiled(spec, output)
    province = sorted(p.name for p in (spec / "provinces").iterdir())[0]
    stations = spec / "provinces" / province / "stations.csv"
    stations.write_text(re.sub(r"K(\d+)\+\d{3}", r"K\1+007", stations.read_text(), count=1))
    from milepost import pipeline

    asked: list[str] = []
    original = pipeline.compile_province
    monkeypatch.setattr(
        pipeline, "compile_province", lambda s, n, *more: asked.append(n) or original(s, n, *more)
    )
    compiled(spec, output)
    assert asked == [province]


def test_a_tree_that_was_edited_by_hand_is_put_right(places: tuple[Path, Path]) -> None:
    """Also where the edit kept the size and the time of the file."""
    spec, output = places
    compiled(spec, output)
    before = tree(output)
    victim = next(p for p in sorted(output.rglob("*.yaml")) if "groups" in p.parts)
    state = victim.stat()
    victim.write_bytes(bytes(victim.read_bytes()[::-1]))
    os.utime(victim, ns=(state.st_atime_ns, state.st_mtime_ns))
    compiled(spec, output)
    assert tree(output) == before


def test_a_removed_file_is_written_again(places: tuple[Path, Path]) -> None:
    spec, output = places
    compiled(spec, output)
    before = tree(output)
    next(output.rglob("kustomization.yaml")).unlink()
    compiled(spec, output)
    assert tree(output) == before


def test_another_compiler_compiles_everything(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, output = places
    compiled(spec, output)
    monkeypatch.setattr(fingerprint, "compiler", lambda: "another")
    from milepost import pipeline

    asked: list[str] = []
    original = pipeline.compile_province
    monkeypatch.setattr(
        pipeline, "compile_province", lambda s, n, *more: asked.append(n) or original(s, n, *more)
    )
    compiled(spec, output)
    assert len(asked) == 3


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"key": 1, "stands": [], "numbers": null}', b"\xff\xfe"]
)
def test_records_that_cannot_be_read_are_misses(
    places: tuple[Path, Path], tmp_path: Path, damage: bytes
) -> None:
    spec, output = places
    compiled(spec, output)
    before = tree(output)
    for record in (tmp_path / "cache").rglob("*.json"):
        record.write_bytes(damage)
    assert compiled(spec, output).verdict is RunVerdict.FINE
    assert tree(output) == before


def test_a_folder_without_room_for_records_only_costs_time(
    places: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MILEPOST_CACHE_DIR", str(tmp_path / "file" / "below"))
    assert compiled(*places).verdict is RunVerdict.FINE


def _no_home(patch: pytest.MonkeyPatch, root: Path) -> None:
    """As in a container that runs under a number."""
    patch.delenv("HOME")

    def getpwuid(_number: int) -> None:
        raise KeyError("getpwuid(): uid not found: 54321")

    patch.setattr("pwd.getpwuid", getpwuid)


def _empty_home(patch: pytest.MonkeyPatch, root: Path) -> None:
    patch.setenv("HOME", "")


def _home_is_a_file(patch: pytest.MonkeyPatch, root: Path) -> None:
    (root / "home").write_text("")
    patch.setenv("HOME", str(root / "home"))


def _home_below_a_device(patch: pytest.MonkeyPatch, root: Path) -> None:
    patch.setenv("HOME", "/dev/null")


def _name_too_long(patch: pytest.MonkeyPatch, root: Path) -> None:
    patch.setenv("MILEPOST_CACHE_DIR", str(root / ("x" * 300)))


def _link_to_itself(patch: pytest.MonkeyPatch, root: Path) -> None:
    (root / "loop").symlink_to(root / "loop")
    patch.setenv("MILEPOST_CACHE_DIR", str(root / "loop"))


@pytest.mark.parametrize(
    "without", [_no_home, _empty_home, _home_is_a_file, _home_below_a_device, _name_too_long, _link_to_itself]
)
def test_without_a_place_for_a_cache_work_goes_on_and_verbose_says_so(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    without: Callable[..., None],
) -> None:
    """A cache is a convenience. One note, and only for those who ask."""
    generate(tmp_path / "spec", provinces=1, nodes=30, seed=7)
    for name in ("MILEPOST_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    without(monkeypatch, tmp_path)
    for flags in ([], ["--verbose"]):
        with pytest.raises(SystemExit) as ended:
            main(["compile", str(tmp_path / "spec"), "-o", str(tmp_path / "rendered"), *flags])
        said = capsys.readouterr().err
        assert ended.value.code == 0
        assert said.count("note: without a cache: ") == len(flags), said


def test_a_record_that_is_a_pipe_is_not_waited_for(places: tuple[Path, Path], tmp_path: Path) -> None:
    spec, output = places
    compiled(spec, output)
    for record in (tmp_path / "cache").rglob("*.json"):
        record.unlink()
        os.mkfifo(record)
    assert compiled(spec, output).verdict is RunVerdict.FINE


def _another_stake(spec: Path, dice: random.Random) -> None:
    path = dice.choice(sorted(spec.rglob("stations.csv")))
    lines = path.read_text().splitlines()
    index = dice.randrange(1, len(lines))
    lines[index] = re.sub(r"K(\d+)\+\d{3}", rf"K\1+{dice.randrange(1000):03d}", lines[index], count=1)
    path.write_text("\n".join(lines) + "\n")


def _a_comment(spec: Path, dice: random.Random) -> None:
    path = dice.choice(sorted(spec.rglob("*.yaml")))
    path.write_text(path.read_text() + f"# {dice.randrange(1000)}\n")


def _a_fleet_value(spec: Path, dice: random.Random) -> None:
    path = spec / "fleet.yaml"
    path.write_text(re.sub(r"log_level: \w+", f"log_level: level{dice.randrange(9)}", path.read_text()))


def _a_moved_line(spec: Path, dice: random.Random) -> None:
    path = dice.choice(sorted(spec.rglob("nodes.csv")))
    head, *rows = path.read_text().splitlines()
    dice.shuffle(rows)
    path.write_text("\n".join([head, *rows]) + "\n")


EDITS: list[Callable[[Path, random.Random], None]] = [
    _another_stake,
    _a_comment,
    _a_fleet_value,
    _a_moved_line,
]


@pytest.mark.parametrize("seed", range(3))
def test_after_any_edits_the_cache_gives_the_bytes_of_a_cold_compile(
    places: tuple[Path, Path], tmp_path: Path, seed: int
) -> None:
    spec, output = places
    dice = random.Random(seed)
    for step in range(5):
        for edit in dice.choices(EDITS, k=dice.randrange(3)):
            edit(spec, dice)
        warm = compiled(spec, output)
        cold = compiled(spec, tmp_path / f"cold-{step}", cached=False)
        assert warm.diagnostics == cold.diagnostics
        assert tree(output) == tree(tmp_path / f"cold-{step}")


def test_what_is_said_of_hidden_documents_is_never_of_yesterday(places: tuple[Path, Path]) -> None:
    """They are no part of the fleet, and the warning about them comes and goes with them all the same."""
    spec, output = places
    compiled(spec, output)
    hidden = spec / ".old"
    hidden.mkdir()
    (hidden / "fleet.yaml").write_text((spec / "fleet.yaml").read_text())
    assert "MP1009" in [d.code.id for d in compiled(spec, output).diagnostics]
    (hidden / "fleet.yaml").unlink()
    assert "MP1009" not in [d.code.id for d in compiled(spec, output).diagnostics]
