"""The cache stays true whatever another run, or a person, does while a run is under way."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import small
from cache.interleaved import STEPS, Stepper, orders, stop_at_steps, take_turns, without_locks
from compiling import write_files
from milepost import driver, pipeline
from milepost.cache import Cache
from milepost.diagnostics import Sink
from milepost.executors import executor_protocol

pytestmark = pytest.mark.slow

ENOUGH = len(STEPS) + 1
"""Steps of a run that has work to do in one province."""


def spec(root: Path, level: str) -> Path:
    """A fleet whose tree says ``level``."""
    requests = {"requests": {"cpu": "100m", "memory": "64Mi"}}
    part = small.component(workload="Deployment", replicas=1, resources=requests, env={"LEVEL": level})
    documents = [*small.base(), small.image("web"), small.application("app", [part])]
    return Path(write_files(root, small.files(documents).items()))


def compiled(root: Path, output: Path, *, cached: bool = True) -> driver.RunResult:
    return driver.run(driver.RunRequest(root, output, jobs=1, cached=cached))


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@dataclass
class Scene:
    """Specs ``a`` and ``b``, the trees that they have, and an output to compile them into."""

    root: Path
    cache: Path

    def __post_init__(self) -> None:
        self.trees = {}
        for level in "ab":
            folder = self.root / f"cold-{level}"
            compiled(spec(self.root / level, level), folder, cached=False)
            self.trees[level] = tree(folder)
        assert self.trees["a"] != self.trees["b"]

    @property
    def output(self) -> Path:
        return self.root / "rendered"

    def begin(self) -> None:
        """Nothing stands and nothing is known but what compiling ``a`` leaves."""
        for folder in (self.output, self.cache):
            shutil.rmtree(folder, ignore_errors=True)
        compiled(self.root / "a", self.output)

    def run(self, level: str) -> Callable[[], object]:
        return lambda: compiled(self.root / level, self.output)

    def check(self, said: str) -> None:
        """What the cache knows of either spec is so, and a compile leaves what it should."""
        stands = tree(self.output)
        for level in "ab":
            cache = Cache(self.root / level, self.output)
            shared = pipeline.read(self.root / level, Sink())
            assert shared is not None
            if cache.nothing_changed() or cache.unchanged("north", shared.spec):
                assert stands == self.trees[level], f"{said}: {level} is known to stand, and does not"
        compiled(self.root / "b", self.output)
        assert tree(self.output) == self.trees["b"], said


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setenv("MILEPOST_CACHE_DIR", str(tmp_path / "cache"))
    return Scene(tmp_path, tmp_path / "cache")


@pytest.mark.parametrize("stop", range(ENOUGH))
def test_a_run_that_stands_still_while_another_one_runs_records_nothing_false(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    """At each of its steps in turn, also where a file system has no locks to make them take turns."""
    scene.begin()
    with monkeypatch.context() as patch:
        without_locks(patch)
        stop_at_steps(patch)
        order = [True] * stop + [False] * ENOUGH + [True] * ENOUGH
        take_turns(order, scene.run("b"), scene.run("a"))
    scene.check(f"stopped at step {stop}")


QUICK = tuple(step for step in STEPS if step[1] in ("put", "kept", "_write"))
"""The steps that change what others see."""
PARTS = 2


@pytest.mark.parametrize("part", range(PARTS))
def test_in_whatever_order_two_runs_take_their_steps_nothing_false_is_recorded(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    """Every order there is; the fault campaign does the same with finer steps."""
    with monkeypatch.context() as patch:
        without_locks(patch)
        stop_at_steps(patch, QUICK)
        for order in list(orders(len(QUICK) + 1, len(QUICK) + 1))[part::PARTS]:
            scene.begin()
            take_turns(order, scene.run("b"), scene.run("a"))
            scene.check(f"order {order}")


def test_with_locks_two_runs_take_turns(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second waits until the first has ended, says so, and neither fails."""
    scene.begin()
    waited: list[bool] = []
    watch = driver.ProgressListener(wait=lambda: waited.append(True))
    stop_at_steps(monkeypatch)
    first = Stepper(scene.run("b"))
    for _ in range(4):
        first.step()
    second = Stepper(lambda: driver.run(driver.RunRequest(scene.root / "a", scene.output, jobs=1), watch))
    second.may_go.release()
    assert not second.has_stopped.acquire(timeout=0.2)
    while not first.ended:
        first.step()
    assert second.has_stopped.acquire(timeout=60)
    while not second.ended:
        second.step()
    assert (first.error, second.error, waited) == (None, None, [True])
    assert tree(scene.output) == scene.trees["a"]
    scene.check("one after the other")


@pytest.mark.parametrize("back", range(1, ENOUGH + 1))
@pytest.mark.parametrize("there", range(ENOUGH))
def test_a_spec_that_is_edited_and_put_back_meanwhile_is_never_taken_for_compiled(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, there: int, back: int
) -> None:
    """The key is made of the bytes that were compiled, whatever stood there before and after."""
    scene.begin()
    files = {level: (scene.root / level / "fleet.yaml").read_text() for level in "ab"}
    edited = scene.root / "a" / "fleet.yaml"
    shutil.rmtree(scene.cache)
    with monkeypatch.context() as patch:
        stop_at_steps(patch)
        run = Stepper(scene.run("a"))
        for step in range(ENOUGH + 1):
            if step == there:
                edited.write_text(files["b"])
            if step == back:
                edited.write_text(files["a"])
            run.step()
    assert run.ended and run.error is None
    edited.write_text(files["a"])
    scene.check(f"edited before step {there}, put back before step {back}")


def test_a_compile_of_one_province_alone_is_not_taken_for_one_of_the_fleet(scene: Scene) -> None:
    """The spec was edited, one province compiled, and the edit taken back."""
    scene.begin()
    driver.run(driver.RunRequest(scene.root / "b", scene.output, provinces=("north",), jobs=1))
    assert tree(scene.output) == scene.trees["b"]
    scene.check("one province of b over a")


def test_an_edit_of_a_tree_while_it_is_put_in_place_is_put_right(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that was written, and one that was taken over: what stands is not what was made."""
    changed = {path for path, data in scene.trees["b"].items() if scene.trees["a"][path] != data}
    kept = scene.trees["b"].keys() - changed - {"north/milepost.json"}
    for path in (min(changed - {"north/milepost.json"}), min(kept)):
        scene.begin()
        with monkeypatch.context() as patch:
            stop_at_steps(patch, [(executor_protocol.StagedProvinces, "kept")])
            run = Stepper(scene.run("b"))
            run.step()
            victim = scene.output / path
            victim.write_bytes(victim.read_bytes()[::-1])
            run.step()
        assert run.ended and run.error is None
        scene.check(f"{path} was edited")
