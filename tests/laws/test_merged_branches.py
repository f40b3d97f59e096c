"""Two branches, one province: trees of two pull requests that each touch another section merge, by Git itself."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from compiling import compile_spec, write_files
from milepost import driver
from milepost.driver import RunRequest
from milepost.model.owned_files import grouped, listed
from small import application, component, document, fleet, group, image, profile, province
from small import files as spec_files

pytestmark = pytest.mark.slow

GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{who}_{what}": "x@example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}
SECTIONS = ("a", "a-b", "b", "c")
"""Of which one begins like another: `-` sorts before `/`."""
Stations = Mapping[str, tuple[str, ...]]


def git(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "-C", str(root), *arguments],
        env=os.environ | GIT,
        capture_output=True,
        text=True,
        check=False,
    )


def spec(stations: Stations) -> dict[str, str]:
    """A province of four sections, of which every station has two nodes, a text of its own, a file and a Service."""
    line = {"medium": "wired", "line": "private", "down": "20Mbit/s", "up": "20Mbit/s"}
    rows = "".join(f"{s},{name},toll-station,{s}\n" for name, here in stations.items() for s in here)
    nodes = "".join(
        f"{s}-{n},{s},box,server,10.{ord(name[-1]) % 50}.{i % 250}.{n + 1}\n"
        for name, here in stations.items()
        for i, s in enumerate(here)
        for n in range(2)
    )
    web = component(
        replicas=2,
        env={"TITLE": "{{ station.title }}"},
        files=[{"path": "/etc/web.txt", "content": "{{ station.name }}"}],
        ports=[{"name": "http-web", "port": 80}],
    )
    log = component("log", image="web", replicas="every-node")
    documents = [
        fleet(owners=["operations"]),
        document("AccessProfile", "line", line),
        profile(),
        province(),
        *(group(name) for name in SECTIONS),
        image("web"),
        application("app", [web, log]),
    ]
    return spec_files(
        documents,
        stations=f"name,group,type,title\n{rows}",
        nodes=f"name,station,profile,roles,address\n{nodes}",
    )


def commit(root: Path, stations: Stations, branch: str) -> None:
    """The rendered trees of a fleet of these stations, as a commit of ``branch``."""
    made = compile_spec(write_files(root / "specs" / branch, spec(stations).items()))
    assert not made.errors, made.said
    repository = root / "repository"
    for path in sorted(repository.rglob("*"), reverse=True):
        if path.is_file() and ".git" not in path.relative_to(repository).parts:
            path.unlink()
    write_files(repository, ((path, data.decode()) for path, data in made.files.items()))
    git(repository, "add", "--all")
    assert git(repository, "commit", "--quiet", "--message", branch).returncode == 0


def merged(root: Path, before: Stations, one: Stations, other: Stations) -> subprocess.CompletedProcess[str]:
    """Both changes from one beginning, the second branch merged into the first."""
    repository = root / "repository"
    repository.mkdir(parents=True)
    git(repository, "init", "--quiet", "--initial-branch", "main")
    commit(root, before, "main")
    for branch, stations in (("one", one), ("other", other)):
        git(repository, "checkout", "--quiet", "-B", branch, "main")
        commit(root, stations, branch)
    return git(repository, "merge", "--quiet", "--no-edit", "one")


def drawn(seed: int) -> tuple[Stations, Stations, Stations, Stations]:
    """A beginning, two changes of two sections, and both of them together."""
    dice = random.Random(seed)
    names = [f"s{n:02}" for n in range(40)]
    dice.shuffle(names)
    before = {name: tuple(sorted(names.pop() for _ in range(dice.randint(1, 4)))) for name in SECTIONS}
    first, second = dice.sample(SECTIONS, 2)
    changed = {
        name: tuple(sorted((*before[name], *(names.pop() for _ in range(dice.randint(1, 2))))))
        for name in (first, second)
    }
    if dice.random() < 0.3 and len(before[second]) > 1:
        changed[second] = before[second][1:]
    one = {**before, first: changed[first]}
    other = {**before, second: changed[second]}
    return before, one, other, {**before, **changed}


@pytest.mark.parametrize("seed", range(12))
def test_changes_of_two_sections_merge_to_the_tree_of_both(seed: int, tmp_path: Path) -> None:
    """No conflict, and byte for byte what a compile of both changes writes."""
    before, one, other, both = drawn(seed)
    result = merged(tmp_path, before, one, other)
    assert result.returncode == 0, result.stdout + result.stderr
    made = compile_spec(write_files(tmp_path / "specs" / "both", spec(both).items()))
    repository = tmp_path / "repository"
    found = {
        str(path.relative_to(repository)): path.read_bytes()
        for path in repository.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(repository).parts
    }
    assert found == made.files


def test_a_compile_heals_what_could_not_be_merged(tmp_path: Path) -> None:
    """Two stations of one section meet in its lists: the next compile takes what either wrote as Milepost's own."""
    before = {name: (f"{name}0",) for name in SECTIONS}
    one, other = {**before, "b": ("b0", "b1")}, {**before, "b": ("b0", "b2")}
    assert merged(tmp_path, before, one, other).returncode != 0
    repository = tmp_path / "repository"
    assert "<<<<<<< " in (repository / "north/milepost.json").read_text()
    both = {**before, "b": ("b0", "b1", "b2")}
    root = write_files(tmp_path / "specs" / "both", spec(both).items())
    result = driver.run(RunRequest(root, repository))
    assert result.verdict is driver.RunVerdict.FINE, result
    made = compile_spec(root)
    for path, data in made.files.items():
        assert (repository / path).read_bytes() == data


@pytest.mark.parametrize("seed", range(20))
def test_files_are_listed_whole_and_each_section_by_itself(seed: int) -> None:
    """Whatever the names, what is grouped is listed again, and two sections share no folder."""
    dice = random.Random(seed)
    letters = "ab-."
    parts = [
        "groups",
        "bootstrap",
        "sync",
        *("".join(dice.choices(letters, k=dice.randint(1, 3))) for _ in range(5)),
    ]
    paths = {"/".join(dice.choices(parts, k=dice.randint(1, 4))) for _ in range(30)}
    found = grouped(paths)
    assert sorted(listed({"files": found})) == sorted(paths)
    assert all(len(folder.split("/")) <= 3 for folder in found)
