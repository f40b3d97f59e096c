"""What somebody else put onto a province's branch, a remote that says nothing, a hook's words, and a shallow clone."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from milepost.publish.git import GitError, Repository
from milepost.publish.source_commit import SourceCommit, is_newer, source_of
from milepost.publish.standing import LostRaceError, PushState
from publish.forest import for_cluster, write
from publish.serving import Server, serving
from publish.test_branches import committed, fleet, published
from publish.test_commands import milepost

pytestmark = pytest.mark.slow

HUNAN = "province/hunan"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path, ("uploadpack.allowFilter", "true")) as running:
        yield running


def by_hand(server: Server, folder: Path, *, amend: bool = False, times: int = 1) -> list[str]:
    """A person's commits on Hunan's branch; the newest last."""
    git = ["git", "-C", str(folder), "-c", "user.name=Li Wei", "-c", "user.email=li@toll.example"]
    git += ["-c", "commit.gpgsign=false"]
    subprocess.run(["git", "clone", "-q", "-b", HUNAN, server.url, folder], check=True)
    for number in range(times):
        (folder / "groups/hunan-g4/hunan-a.yaml").write_text(f"kind: HotFix{number}\n")
        how = ["--amend", "--no-edit"] if amend else ["-m", f"Stop lane 3: fix {number}"]
        subprocess.run([*git, "commit", "-q", "-a", *how], check=True)
    subprocess.run([*git, "push", "-q", "--force", "origin", HUNAN], check=True)
    return server.commits(HUNAN)[:times][::-1]


def test_a_persons_commit_is_left_alone_and_named(server: Server, tmp_path: Path) -> None:
    """It may be a hot fix. The other provinces go on; the exit code asks for somebody, and --dry-run says the same."""
    rendered = write(fleet(), tmp_path / "rendered")
    published(rendered, server.url)
    (fix,) = by_hand(server, tmp_path / "clone")
    write(fleet(level="warn"), rendered)
    for more in (["--dry-run"], []):
        result = milepost(tmp_path, "publish", "--repository", server.url, *more)
        assert result.returncode == 4, result.stderr
        assert (
            f"hunan: left alone: it holds what Milepost did not publish ({HUNAN} {fix[:12]})" in result.stdout
        )
        assert f"  there is {fix[:12]} Stop lane 3: fix 0 (Li Wei <li@toll.example>)" in result.stdout
        assert "--over-foreign-commits" in result.stderr
    assert server.tips()[HUNAN] == fix
    assert "value: warn" in server.files("province/qinghai")["groups/qinghai-g4/qinghai-a.yaml"]


def test_a_wished_cover_names_what_it_covers(server: Server, tmp_path: Path) -> None:
    """In the output and in the commit's message; history keeps the fix, and the next publish is an ordinary one."""
    rendered = write(fleet(), tmp_path / "rendered")
    published(rendered, server.url)
    first, second = by_hand(server, tmp_path / "clone", times=2)
    result = milepost(tmp_path, "publish", "--repository", server.url, "--over-foreign-commits")
    assert result.returncode == 0 and f"  covers {second[:12]} Stop lane 3: fix 1" in result.stdout
    text = server.git("log", "-1", "--format=%B", HUNAN)
    assert "Covers commits that Milepost did not make:" in text
    assert f"- {first[:12]} Stop lane 3: fix 0" in text and f"- {second[:12]} Stop lane 3: fix 1" in text
    assert server.commits(HUNAN)[1:3] == [second, first]
    assert "HotFix" not in server.files(HUNAN)["groups/hunan-g4/hunan-a.yaml"]
    write(fleet(level="warn"), rendered)
    assert published(rendered, server.url)["hunan"].state is PushState.PUBLISHED


def test_an_amended_commit_is_not_milepost_s(server: Server, tmp_path: Path) -> None:
    """Its message still says so; its tree is another."""
    rendered = write(fleet(), tmp_path / "rendered")
    published(rendered, server.url)
    by_hand(server, tmp_path / "clone", amend=True)
    assert published(rendered, server.url)["hunan"].state is PushState.FOREIGN


def test_a_commit_that_made_the_tree_right_is_no_obstacle(server: Server, tmp_path: Path) -> None:
    """Whoever made it: there is nothing to cover."""
    one, two = (write(fleet(level=level), tmp_path / level) for level in ("info", "warn"))
    published(one, server.url)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "-b", HUNAN, server.url, clone], check=True)
    for path, text in for_cluster(fleet(level="warn"), "hunan").items():
        (clone / path).write_text(text)
    committed(clone, "By hand")
    subprocess.run(["git", "-C", clone, "push", "-q", "origin", HUNAN], check=True)
    assert published(two, server.url)["hunan"].state is PushState.UNCHANGED


def test_below_a_foreign_commit_the_newer_source_still_counts(server: Server, tmp_path: Path) -> None:
    """Leave to cover a hot fix is no leave to go back."""
    old, new = (
        SourceCommit(name * 40, f"2026-0{month}-01T00:00:00+00:00", "", "")
        for name, month in (("a", 1), ("b", 2))
    )
    published(write(fleet(), tmp_path / "new"), server.url, new)
    by_hand(server, tmp_path / "clone")
    rendered = write(fleet(level="old"), tmp_path / "old")
    assert published(rendered, server.url, old, over_foreign=True)["hunan"].state is PushState.NEWER


def test_a_hooks_reasons_are_told(server: Server, tmp_path: Path) -> None:
    """Git's own word is "hook declined"; why stands in the lines of the remote, which cannot speak to the terminal."""
    server.hook("pre-receive", 'printf "frozen until \\033[31mMonday\\nask the road office\\n" >&2; exit 1')
    with pytest.raises(
        GitError, match=r"hook declined\); remote: frozen until .*Monday; remote: ask the road"
    ) as told:
        published(write(fleet(), tmp_path / "rendered"), server.url)
    assert str(told.value).isprintable()


def test_a_lock_that_a_killed_server_left_is_told(server: Server, tmp_path: Path) -> None:
    """It looks as if another publisher were faster, and no try will ever end that: the remote's words say what will."""
    published(write(fleet(), tmp_path / "one"), server.url)
    before = server.tips()
    (server.repository / f"refs/heads/{HUNAN}.lock").touch()
    with pytest.raises(LostRaceError, match=r"Unable to create .*; remote: Another git process"):
        published(write(fleet(level="warn"), tmp_path / "two"), server.url, attempts=2)
    (server.repository / f"refs/heads/{HUNAN}.lock").unlink()
    assert server.tips() == before


def test_a_remote_that_says_nothing_is_left(tmp_path: Path) -> None:
    """It accepts and is silent: one sentence when the time is over, and nothing is left running."""
    rendered = write(fleet(), tmp_path / "rendered")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for scheme in ("git", "http"):
            url = f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/rendered.git"
            began = time.monotonic()
            with pytest.raises(GitError, match="gave no answer within 1 s"):
                published(rendered, url, timeout=1.0)
            assert time.monotonic() - began < 20
            assert url not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout


def test_a_push_that_never_ends_is_left(server: Server, tmp_path: Path) -> None:
    """A hook that waits for ever."""
    server.hook("pre-receive", "sleep 60")
    with pytest.raises(GitError, match="--timeout allows more"):
        published(write(fleet(), tmp_path / "rendered"), server.url, timeout=3.0)


def test_a_shallow_clone_is_told_from_strangers(tmp_path: Path) -> None:
    """Two branches whose common commit was cut off; and two that never had one."""
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    write({"a": "1"}, origin)
    committed(origin, "base")
    for branch in ("one", "two"):
        subprocess.run(["git", "-C", origin, "checkout", "-q", "-B", branch, "HEAD~0"], check=True)
        write({branch: branch}, origin)
        committed(origin, branch)
        subprocess.run(["git", "-C", origin, "checkout", "-q", "--detach", "HEAD~1"], check=True)
    shallow = ["git", "clone", "-q", "--depth=1", "--no-single-branch", f"file://{origin}", str(clone)]
    subprocess.run(shallow, check=True)
    found = Repository.around(clone)
    assert found is not None
    with pytest.raises(GitError, match="shallow clone; fetch the rest of the history"):
        found.merge_base("origin/one", "origin/two")
    subprocess.run(["git", "-C", clone, "fetch", "-q", "--unshallow"], check=True)
    found.merge_base("origin/one", "origin/two")
    subprocess.run(["git", "-C", clone, "checkout", "-q", "--orphan", "alone"], check=True)
    committed(clone, "alone")
    with pytest.raises(GitError, match=r"no commit in common$"):
        found.merge_base("origin/one", "alone")


def test_a_shallow_clone_asks_the_dates(tmp_path: Path) -> None:
    """History that was cut off must not make an older commit look like one that has nothing to do with the newer."""
    origin = tmp_path / "origin"
    write({"a": "1"}, origin)
    committed(origin, "base")
    sources = []
    for number in range(3):
        write({"a": f"{number + 2}"}, origin)
        committed(origin, f"{number}")
        found = source_of(origin)
        assert found is not None
        sources.append(SourceCommit(found.id, f"2026-01-0{number + 1}T00:00:00+00:00", "", ""))
    old, _, new = sources
    assert is_newer(origin, new, old) and not is_newer(origin, old, new)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{origin}", clone], check=True)
    subprocess.run(["git", "-C", clone, "fetch", "-q", "--depth=1", "origin", old.commit], check=True)
    assert is_newer(clone, new, old) and not is_newer(clone, old, new)


def test_a_password_in_an_address_is_not_shown(tmp_path: Path) -> None:
    """Git puts the address that it could not reach into its words."""
    write(fleet(), tmp_path / "rendered")
    url = "http://bot:opensesame@127.0.0.1:9/rendered.git"
    result = milepost(tmp_path, "publish", "--repository", url)
    assert result.returncode == 2 and "opensesame" not in result.stdout + result.stderr
    assert json.dumps(result.stderr).isascii()
