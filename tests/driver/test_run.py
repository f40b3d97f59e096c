"""One run over the fleet: together or not at all, and nothing that may run lanes goes away unseen."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from milepost import driver, pipeline
from milepost.diagnostics import Sink
from milepost.driver import RunVerdict
from milepost.driver.gather import gather
from milepost.emit import atomic_swap
from milepost.executors.executor_protocol import NotWholeError
from milepost.generate import generate

pytestmark = pytest.mark.slow


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    generate(tmp_path / "spec", provinces=3, nodes=90, seed=3)
    return tmp_path / "spec", tmp_path / "rendered"


def run(spec: Path, output: Path | None, **more: object) -> driver.RunResult:
    return driver.run(driver.RunRequest(spec, output, **{"jobs": 1, "cached": False} | more))  # type: ignore[arg-type]


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def last_province(spec: Path) -> Path:
    return sorted((spec / "provinces").iterdir())[-1]


def test_two_processes_give_the_bytes_of_one(places: tuple[Path, Path], tmp_path: Path) -> None:
    spec, output = places
    run(spec, output)
    run(spec, tmp_path / "two", jobs=2)
    assert tree(output) == tree(tmp_path / "two")


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_in_one_province_leaves_every_province_as_it_was(
    places: tuple[Path, Path], jobs: int
) -> None:
    spec, output = places
    run(spec, output)
    before = tree(output)
    (spec / "fleet.yaml").write_text((spec / "fleet.yaml").read_text().replace("log_level: ", "log_level: x"))
    nodes = last_province(spec) / "nodes.csv"
    head, first, *rest = nodes.read_text().splitlines()
    nodes.write_text("\n".join([head, first.replace(",", ",nowhere-", 1), *rest]) + "\n")
    result = run(spec, output, jobs=jobs)
    assert result.verdict is RunVerdict.WRONG
    assert [d.code.id for d in result.diagnostics if d.severity == "error"] == ["MP3001"]
    assert tree(output) == before


def test_checking_writes_nothing(places: tuple[Path, Path]) -> None:
    spec, output = places
    assert run(spec, None).verdict is RunVerdict.FINE
    assert not output.exists()


def test_comparing_tells_what_differs_and_writes_nothing(places: tuple[Path, Path]) -> None:
    spec, output = places
    run(spec, output)
    victim = next(p for p in sorted(output.rglob("*.yaml")) if "groups" in p.parts)
    victim.write_text("edited: true\n")
    before = tree(output)
    result = run(spec, output, compare=True)
    found = [(o.province, path, kind) for o in result.outcomes for path, kind in o.differences]
    province, _, path = victim.relative_to(output).as_posix().partition("/")
    assert (result.verdict, found) == (RunVerdict.DIFFERENT, [(province, path, "changed")])
    assert tree(output) == before


def rename_group(spec: Path) -> str:
    """Rename one station group everywhere; give its old name."""
    group = next(
        n for n in re.findall(r"^  name: (\S+)$", (last_province(spec) / "sections.yaml").read_text(), re.M)
    )
    for path in (p for p in spec.rglob("*") if p.is_file()):
        text = path.read_text()
        if group in text:
            path.write_text(re.sub(rf"\b{re.escape(group)}(?![-\w])", f"{group}-new", text))
    return group


def test_a_renamed_group_is_refused_until_its_removal_is_acknowledged(places: tuple[Path, Path]) -> None:
    spec, output = places
    run(spec, output)
    before = tree(output)
    group = rename_group(spec)
    result = run(spec, output)
    assert result.verdict is RunVerdict.GUARDED
    removed = f"{last_province(spec).name}/groups/{group}"
    assert [d.message for d in result.diagnostics if d.code.id == "MP6090"] == [
        f"{removed} stands in the rendered tree and is no longer rendered: what runs there would go on unmanaged"
    ]
    assert tree(output) == before

    fleet = spec / "fleet.yaml"
    text = fleet.read_text()
    entry = f"  acknowledge:\n    - removes: {removed}\n      reason: renamed on a day without traffic\n"
    fleet.write_text(
        re.sub(r"^  acknowledge:\n", entry, text, flags=re.M) if "  acknowledge:" in text else text + entry
    )
    assert run(spec, output).verdict is RunVerdict.FINE
    assert not (output / removed).exists()


def test_a_province_that_is_gone_from_the_spec_is_refused_and_stays(places: tuple[Path, Path]) -> None:
    spec, output = places
    run(spec, output)
    (output / "elsewhere").mkdir()
    (output / "elsewhere" / "milepost.json").write_text('{"files": []}')
    result = run(spec, output)
    assert result.verdict is RunVerdict.GUARDED
    assert (output / "elsewhere").exists()


def test_what_a_killed_run_left_is_reported_by_a_check_and_removed_by_the_next_run(
    places: tuple[Path, Path],
) -> None:
    """It is no province; also where the cache knows that nothing changed."""
    spec, output = places
    run(spec, output, cached=True)
    for cached in (False, True):
        name = last_province(spec).name
        leftover = f".milepost-{name}-0023a7df"
        shutil.copytree(output / name, output / leftover)
        checked = run(spec, output, compare=True, cached=cached)
        assert (checked.verdict, checked.leftovers) == (RunVerdict.DIFFERENT, (leftover,))
        assert run(spec, output, cached=cached).verdict is RunVerdict.FINE
        assert not list(output.glob(".milepost-*"))
        assert run(spec, output, compare=True, cached=cached).verdict is RunVerdict.FINE


def test_an_interrupt_of_the_starter_alone_ends_every_process(places: tuple[Path, Path]) -> None:
    """As `kill -INT` sends it; a terminal's Ctrl-C reaches all of them."""
    spec, output = places
    program = (
        "import os, signal, sys, pathlib; from milepost import driver, pipeline\n"
        # A shell that starts tests in the background has them ignore interrupts, and children inherit that.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "starter = os.getpid(); original = pipeline.compile_province\n"
        "def compile_province(*arguments):\n"
        "    os.kill(starter, signal.SIGINT)\n"
        "    return original(*arguments)\n"
        "pipeline.compile_province = compile_province\n"
        "spec, output = map(pathlib.Path, sys.argv[1:])\n"
        "driver.run(driver.RunRequest(spec, output, jobs=2, cached=False))\n"
    )
    command = [sys.executable, "-c", program, str(spec), str(output)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "KeyboardInterrupt" in done.stderr
    assert not list(output.glob("*")) if output.exists() else True


def test_a_foreign_file_in_the_way_stops_the_run_and_stays(places: tuple[Path, Path]) -> None:
    spec, output = places
    foreign = output / last_province(spec).name / "milepost.json"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("mine")
    result = run(spec, output)
    assert result.verdict is RunVerdict.CANNOT
    assert tree(output) == {foreign.relative_to(output).as_posix(): b"mine"}


def test_a_worker_that_is_killed_ends_the_run_with_every_tree_as_it_was(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that the system ends for want of memory must not leave half a fleet."""
    spec, output = places
    run(spec, output)
    before = tree(output)
    fleet = spec / "fleet.yaml"
    fleet.write_text(re.sub(r"log_level: \w+", "log_level: other", fleet.read_text()))
    original, victim = pipeline.compile_province, last_province(spec).name

    def killed(shared: pipeline.SharedSpec, name: str, *more: object) -> object:
        if name == victim:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(shared, name, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "compile_province", killed)
    with pytest.raises(ChildProcessError):
        run(spec, output, jobs=2)
    assert {path: data for path, data in tree(output).items() if not path.startswith(".milepost-")} == before
    monkeypatch.setattr(pipeline, "compile_province", original)
    run(spec, output, jobs=2)
    assert not list(output.glob(".milepost-*")), "the next run removes what the killed one left"


def edited(spec: Path) -> None:
    """A change that reaches every province."""
    fleet = spec / "fleet.yaml"
    fleet.write_text(re.sub(r"log_level: \w+", "log_level: other", fleet.read_text()))


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("failing", range(3))
def test_where_one_province_cannot_be_replaced_all_are_put_back(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, jobs: int, failing: int
) -> None:
    """Whichever it is, and whichever process has it."""
    spec, output = places
    run(spec, output)
    before = tree(output)
    edited(spec)
    victim = sorted((spec / "provinces").iterdir())[failing].name
    refuse_to_swap(monkeypatch, {victim})
    with pytest.raises(
        OSError, match=f"{victim} could not be replaced: .*; every province's tree is as it was"
    ):
        run(spec, output, jobs=jobs)
    assert tree(output) == before


def refuse_to_swap(monkeypatch: pytest.MonkeyPatch, victims: set[str], *, back: bool = False) -> None:
    def swap(new: Path, target: Path) -> None:
        if target.name in victims:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(target))
        atomic_swap.swap(new, target)

    def swap_back(new: Path, target: Path) -> None:
        if back:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(target))
        atomic_swap.swap_back(new, target)

    monkeypatch.setattr(sys.modules["milepost.emit.tree_writer"], "swap", swap)
    monkeypatch.setattr(sys.modules["milepost.emit.tree_writer"], "swap_back", swap_back)


@pytest.mark.parametrize("jobs", [1, 2])
def test_where_trees_cannot_be_put_back_it_is_said_which_are_new(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    spec, output = places
    run(spec, output)
    before = tree(output)
    edited(spec)
    refuse_to_swap(monkeypatch, {last_province(spec).name}, back=True)
    with pytest.raises(NotWholeError) as caught:
        run(spec, output, jobs=jobs)
    new = {path.partition("/")[0] for path, data in tree(output).items() if before.get(path) != data}
    assert new <= {p.name for p in (spec / "provinces").iterdir()} - {last_province(spec).name}
    assert all(f"{name} is new and could not be put back" in str(caught.value) for name in new)


def test_a_province_that_goes_goes_with_the_others_or_not_at_all(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, output = places
    run(spec, output)
    gone = output / "elsewhere"
    gone.mkdir()
    (gone / "milepost.json").write_text('{"files": ["a.yaml"]}')
    (gone / "a.yaml").write_text("a: 1\n")
    before = tree(output)
    fleet = spec / "fleet.yaml"
    entry = "  acknowledge:\n    - removes: elsewhere\n      reason: decommissioned\n"
    text = fleet.read_text()
    fleet.write_text(
        re.sub(r"^  acknowledge:\n", entry, text, flags=re.M) if "  acknowledge:" in text else text + entry
    )
    edited(spec)
    with monkeypatch.context() as patch:
        refuse_to_swap(patch, {"elsewhere"})
        with pytest.raises(OSError, match="elsewhere could not be replaced"):
            run(spec, output, jobs=2)
    assert tree(output) == before
    assert run(spec, output, jobs=2).verdict is RunVerdict.FINE
    assert not gone.exists()


RUN = "driver.run(driver.RunRequest(spec, output, jobs=2, cached=False))"
GATHER = (
    "shared = pipeline.read(spec, Sink()); "
    "gather(shared, shared.provinces, pipeline.compile_province, lambda compiled: 1, 2)"
)


@pytest.mark.parametrize("work", [RUN, GATHER], ids=["compile", "report, query, plan, owners"])
def test_processes_say_nothing_when_their_starter_is_killed(
    places: tuple[Path, Path], tmp_path: Path, work: str
) -> None:
    """They end by themselves, without a traceback, and the next run finds an output that it can use."""
    spec, output = places
    program = (
        "import os, signal, sys, pathlib; from milepost import driver, pipeline\n"
        "from milepost.diagnostics import Sink; from milepost.driver.gather import gather\n"
        "starter = os.getpid(); original = pipeline.compile_province\n"
        "def compile_province(*arguments):\n"
        "    os.kill(starter, signal.SIGKILL)\n"
        "    return original(*arguments)\n"
        "pipeline.compile_province = compile_province\n"
        "spec, output = map(pathlib.Path, sys.argv[1:])\n"
        f"{work}\n"
    )
    killed = subprocess.Popen(
        [sys.executable, "-c", program, str(spec), str(output)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    # Processes that are left hold the pipe until they end.
    said, _ = killed.communicate(timeout=60)
    assert (killed.returncode, said) == (-signal.SIGKILL, b"")
    assert run(spec, output).verdict is RunVerdict.FINE
    assert not list(output.glob(".milepost-*"))


def test_a_process_that_is_killed_ends_a_query_and_does_not_hang_it(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = pipeline.read(places[0], Sink())
    assert shared is not None

    def killed(*_arguments: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(ChildProcessError, match="ended early"):
        gather(shared, shared.provinces, killed, lambda reached: reached, 2)
