"""Checkouts as people and CI have them, made by the real Git: each works, or Milepost says what is wrong with it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from compiling import write_files
from small import application, base, component, files, image

pytestmark = pytest.mark.slow
TEMPLATE = "name = {{ station.name }}\nlast line\n"


def git(root: Path, *arguments: str) -> str:
    named = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always")
    run = subprocess.run(["git", *named, *arguments], cwd=root, capture_output=True, text=True, check=True)
    return run.stdout


def milepost(root: Path, *arguments: str, more: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Exit code, and all that is said."""
    run = subprocess.run(
        [sys.executable, "-m", "milepost", *arguments],
        cwd=root,
        env=os.environ | (more or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A compiled fleet with one commit, on a branch that is called master."""
    root = tmp_path / "fleet"
    web = component(files=[{"path": "/etc/web.conf", "template": "web.conf"}])
    documents = [*base(), image("web"), application("app", [web])]
    write_files(root / "fleet-spec", files(documents, more={"web.conf": TEMPLATE}).items())
    assert milepost(root, "compile", "--quiet")[0] == 0
    git(root, "init", "-q", "-b", "master", ".")
    commit(root, "one")
    return root


def commit(root: Path, message: str) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-qm", message)


def change(root: Path, quiet: bool = True) -> str:
    """One more replica, compiled; what was said."""
    spec = root / "fleet-spec" / "fleet.yaml"
    spec.write_text(spec.read_text().replace('"web", "image"', '"web", "replicas": 2, "image"'))
    code, said = milepost(root, "compile", *(["--quiet"] if quiet else []))
    assert code == 0, said
    return said


def test_a_clone_with_converted_line_ends_is_unchanged(repository: Path, tmp_path: Path) -> None:
    """`git status` is clean there, and so is the difference; --check names the cause, and a compile mends it."""
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", str(repository), str(clone))
    assert b"\r\n" in (clone / "rendered/north/milepost.json").read_bytes()
    assert git(clone, "status", "--short") == ""
    assert "Nothing changed" in milepost(clone, "diff", "HEAD")[1]
    code, said = milepost(clone, "compile", "--check")
    assert (code, "CRLF line ends" in said) == (3, True)
    assert milepost(clone, "compile", "--quiet")[0] == 0
    assert git(clone, "diff", "--stat") == ""
    assert (clone / "rendered/north/groups/g4/a.yaml").read_bytes() == (
        repository / "rendered/north/groups/g4/a.yaml"
    ).read_bytes()


def test_a_clone_with_attributes_keeps_its_line_ends(repository: Path, tmp_path: Path) -> None:
    """The line of `milepost owners --gitattributes` is what --check asks for."""
    code, line = milepost(repository, "owners", "--gitattributes")
    assert code == 0
    (repository / ".gitattributes").write_text(line)
    commit(repository, "two")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", str(repository), str(clone))
    assert milepost(clone, "compile", "--check")[0] == 0


def test_a_folder_of_another_user_is_told_in_gits_words(repository: Path) -> None:
    """With the line that helps."""
    code, said = milepost(repository, "diff", "HEAD", more={"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"})
    assert code == 2
    assert "dubious ownership" in said and "safe.directory" in said


def test_what_git_ignores_is_told_and_can_be_taken_back(repository: Path) -> None:
    """A rule of a template for another language swallows releases/; the line that is offered brings it back."""
    git(repository, "rm", "-rq", "--cached", "rendered")
    (repository / ".gitignore").write_text("*.log\n[Rr]eleases/\n")
    code, said = milepost(repository, "compile", "--check")
    assert code == 0
    assert "ignored  rendered/north/releases" in said
    (repository / ".gitignore").write_text("*.log\n[Rr]eleases/\n!/rendered/**\n")
    assert "ignored" not in milepost(repository, "compile", "--check")[1]
    assert "releases" in git(repository, "ls-files", "--others", "--exclude-standard")


def test_an_output_that_is_ignored_as_a_whole_is_no_fault(repository: Path) -> None:
    """Whoever publishes branches need not commit the trees."""
    git(repository, "rm", "-rq", "--cached", "rendered")
    (repository / ".gitignore").write_text("/rendered/\n")
    assert "ignored" not in milepost(repository, "compile", "--check")[1]


def test_a_shallow_clone_says_what_is_missing(repository: Path, tmp_path: Path) -> None:
    """CI clones one commit; the one before is not there, and the message says how to get it."""
    change(repository)
    commit(repository, "two")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", str(clone))
    code, said = milepost(clone, "diff", "HEAD~1")
    assert code == 2 and "shallow" in said and "--unshallow" in said
    assert "Nothing changed" in milepost(clone, "diff", "HEAD")[1]
    git(clone, "fetch", "-q", "--unshallow")
    assert "Deployment app-web" in milepost(clone, "diff", "HEAD~1")[1]


def test_a_detached_head_is_a_head(repository: Path) -> None:
    """As CI checks commits out."""
    git(repository, "checkout", "-q", "--detach")
    change(repository)
    assert "Deployment app-web" in milepost(repository, "diff", "HEAD")[1]
    assert "Deployment app-web" in milepost(repository, "diff", "master")[1]


def test_a_linked_worktree_is_a_checkout(repository: Path, tmp_path: Path) -> None:
    """Its .git is a file."""
    linked = tmp_path / "linked"
    git(repository, "worktree", "add", "-q", str(linked), "-b", "other")
    said = change(linked, quiet=False)
    assert "ignored" not in said
    assert "Deployment app-web" in milepost(linked, "diff", "HEAD")[1]


def test_a_fleet_in_a_submodule_is_compared_in_its_own_repository(repository: Path, tmp_path: Path) -> None:
    """The repository around knows nothing but a commit of it."""
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q", "-b", "main", ".")
    git(outer, "submodule", "add", "-q", str(repository), "fleet")
    commit(outer, "one")
    inner = outer / "fleet"
    assert "Nothing changed" in milepost(inner, "diff", "HEAD")[1]
    change(inner)
    assert "Deployment app-web" in milepost(inner, "diff", "HEAD")[1]


def test_a_submodule_in_the_output_is_no_part_of_the_tree(repository: Path, tmp_path: Path) -> None:
    """A commit id stands where Git has a file otherwise."""
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q", "-b", "main", ".")
    (other / "x").write_text("x")
    commit(other, "one")
    git(repository, "submodule", "add", "-q", str(other), "rendered/notes")
    commit(repository, "two")
    assert milepost(repository, "diff", "HEAD~1", "HEAD")[0] == 0


def test_a_sparse_checkout_is_refused_where_it_leaves_something_out(repository: Path) -> None:
    """Of the rendered trees, what is not there would look like removed; of the spec, like never said."""
    git(repository, "sparse-checkout", "set", "--no-cone", "/fleet-spec/", "/rendered/north/milepost.json")
    code, said = milepost(repository, "diff", "HEAD")
    assert code == 2 and "sparse" in said
    assert milepost(repository, "validate")[0] == 0
    git(repository, "sparse-checkout", "set", "--no-cone", "/rendered/", "/fleet-spec/*.yaml")
    assert "Nothing changed" in milepost(repository, "diff", "HEAD")[1]
    code, said = milepost(repository, "compile")
    assert code == 2 and "sparse" in said
    git(repository, "sparse-checkout", "disable")
    assert milepost(repository, "compile", "--check")[0] == 0
