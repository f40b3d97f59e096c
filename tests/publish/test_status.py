"""``milepost status``: what each cluster pulls, from which commit, and what people put on top, by real remotes."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from milepost.publish.source_commit import source_of
from publish.forest import province, write
from publish.serving import Server, serving
from publish.test_branches import committed, fleet, published
from publish.test_commands import milepost
from publish.test_foreign import HUNAN, by_hand
from publish.test_oci import MANIFEST, pushed
from registry.isolation import loopback_only
from registry.running import PROGRAM, Process, Registries, request

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path, ("uploadpack.allowFilter", "true")) as running:
        yield running


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A repository with a rendered folder of three provinces, committed."""
    write(fleet(), tmp_path / "work/rendered")
    committed(tmp_path / "work", "Open the second lane")
    return tmp_path / "work"


def rows(folder: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    done = milepost(folder, "status", *arguments, "--format", "json")
    assert done.returncode == 0 and done.stderr == "", done.stderr
    return {row["province"]: row for row in json.loads(done.stdout)["provinces"]}


def test_each_state_of_a_province_is_told(server: Server, work: Path, tmp_path: Path) -> None:
    """Up to date, not published yet, a hot fix on top; and nothing changes, there or here."""
    commit = subprocess.run(
        ["git", "-C", work, "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    nothing = milepost(work, "status", "--repository", server.url)
    assert nothing.stdout.splitlines()[1] == f"hunan: nothing is published ({HUNAN})"
    published(work / "rendered", server.url, source_of(work / "rendered"))
    (fix,) = by_hand(server, tmp_path / "clone")
    write(
        {p: t.replace("info", "warn") for p, t in fleet().items() if p.startswith("qinghai")},
        work / "rendered",
    )
    committed(work, "Say more")
    before, tips = sorted(work.rglob("*")), server.tips()
    done = milepost(work, "status", "--repository", server.url)
    assert done.returncode == 0 and done.stderr == ""
    day = source_of(work / "rendered").date[:10]  # type: ignore[union-attr]
    source = f"from {commit[:12]} of {day}: Open the second lane"
    assert done.stdout.splitlines() == [
        f"guangdong: up to date (province/guangdong {tips['province/guangdong'][:12]}), {source}",
        f"hunan: it holds what Milepost did not publish ({HUNAN} {fix[:12]}), {source}",
        f"  there is {fix[:12]} Stop lane 3: fix 0 (Li Wei <li@toll.example>)",
        f"qinghai: the tree here is not published (province/qinghai {tips['province/qinghai'][:12]}), {source}",
    ]
    assert (sorted(work.rglob("*")), server.tips()) == (before, tips)


def test_programs_get_all_of_it(server: Server, work: Path, tmp_path: Path) -> None:
    """Several commits of a person are all there, the newest first."""
    published(work / "rendered", server.url, source_of(work / "rendered"))
    first, second = by_hand(server, tmp_path / "clone", times=2)
    found = rows(work, "--repository", server.url, "--province", "hunan")
    assert list(found) == ["hunan"] and found["hunan"]["state"] == "foreign"
    assert [one["commit"] for one in found["hunan"]["foreign"]] == [second, first]
    assert found["hunan"]["foreign"][0]["author"] == "Li Wei <li@toll.example>"
    assert found["hunan"]["id"] == second
    source = found["hunan"]["source"]
    assert (source["subject"], source["dirty"]) == ("Open the second lane", False)


def test_ci_can_ask_whether_all_is_well(server: Server, work: Path, tmp_path: Path) -> None:
    """3 for what waits to be published or is a person's, 0 once the spec has taken it over."""
    check = ("status", "--repository", server.url, "--check")
    assert milepost(work, *check).returncode == 3
    published(work / "rendered", server.url)
    assert milepost(work, *check).returncode == 0
    by_hand(server, tmp_path / "clone")
    assert milepost(work, *check).returncode == 3
    assert milepost(work, *check, "--province", "qinghai").returncode == 0
    fixed = work / "rendered/hunan/groups/hunan-g4/hunan-a.yaml"
    fixed.write_text("kind: HotFix0\n")
    taken = milepost(work, *check)
    assert taken.returncode == 0 and "hunan: up to date" in taken.stdout
    assert "  there is " in taken.stdout


def test_without_trees_what_is_published_is_shown(server: Server, work: Path, tmp_path: Path) -> None:
    """On any machine; a branch of another kind is no province, and one that has no tree here any more is named."""
    published(work / "rendered", server.url)
    for name in ("main", "province/a/b"):
        server.git("branch", name, HUNAN)
    (tmp_path / "elsewhere").mkdir()
    found = rows(tmp_path / "elsewhere", "--repository", server.url)
    assert {name: row["state"] for name, row in found.items()} == dict.fromkeys(
        ("guangdong", "hunan", "qinghai"), "no-tree"
    )
    shutil.rmtree(work / "rendered/qinghai")
    assert {name: row["state"] for name, row in rows(work, "--repository", server.url).items()} == {
        "guangdong": "current",
        "hunan": "current",
        "qinghai": "no-tree",
    }
    empty = milepost(
        tmp_path / "elsewhere", "status", "--repository", server.url, "--branch", "env/{province}"
    )
    assert empty.returncode == 2 and "none is published there" in empty.stderr


def test_a_slip_in_a_name_is_told(server: Server, work: Path) -> None:
    """And no row that says that nothing is published."""
    done = milepost(work, "status", "--repository", server.url, "--province", "hunnan")
    assert done.returncode == 2 and done.stdout == ""
    assert 'province "hunnan" has no tree here and is not published' in done.stderr
    assert '"hunan"' in done.stderr


def test_a_name_in_any_bytes_is_shown(server: Server, work: Path, tmp_path: Path) -> None:
    """Git does not ask what encoding a name is in."""
    published(work / "rendered", server.url)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "-b", HUNAN, server.url, clone], check=True)
    (clone / "new").write_text("x\n")
    git: list[str | bytes] = [
        "git",
        "-C",
        str(clone),
        "-c",
        b"user.name=L\xfc",
        "-c",
        "user.email=l@x.example",
    ]
    git += ["-c", "commit.gpgsign=false"]
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", b"\xb8\xc4 \x1b[31m"], check=True)
    subprocess.run(["git", "-C", clone, "push", "-q", "origin", HUNAN], check=True)
    assert rows(work, "--repository", server.url)["hunan"]["foreign"][0]["author"].endswith("<l@x.example>")
    said = milepost(work, "status", "--repository", server.url)
    assert said.returncode == 0 and "\x1b" not in said.stdout
    dry = milepost(work, "publish", "--repository", server.url, "--dry-run")
    assert dry.returncode == 4 and "\x1b" not in dry.stdout
    over = milepost(work, "publish", "--repository", server.url, "--over-foreign-commits")
    assert over.returncode == 0, over.stderr


def test_a_tree_of_an_older_commit_is_told(server: Server, work: Path) -> None:
    """What a checkout of last week would do is left alone by publish, and said here."""
    old = fleet()
    write(fleet(level="warn"), work / "rendered")
    committed(work, "Newer")
    published(work / "rendered", server.url, source_of(work / "rendered"))
    subprocess.run(["git", "-C", work, "checkout", "-q", "HEAD~1"], check=True)
    assert old == fleet()
    assert rows(work, "--repository", server.url)["hunan"]["state"] == "newer"


def test_a_remote_that_says_nothing_is_left(work: Path) -> None:
    """As by publish: in time, in a sentence."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        began = time.monotonic()
        done = milepost(work, "status", "--repository", f"git://127.0.0.1:{port}/x.git", "--timeout", "1")
        assert done.returncode == 2 and "gave no answer within 1 s" in done.stderr
        assert time.monotonic() - began < 20


@pytest.mark.skipif(shutil.which(PROGRAM) is None, reason=f"not on this machine: {PROGRAM}")
def test_artifacts_are_shown_alike(tmp_path: Path) -> None:
    """With what another program says of its own: there are no commits to name."""
    rendered = write(province() | province("qinghai", {"g6": ["x"]}), tmp_path / "rendered")
    with loopback_only():
        running = Registries(tmp_path)
        try:
            centre = running.centre("127.0.0.79:5000")
            centre.start()
            url = f"oci://{centre.address}/rendered/{{province}}"
            assert rows(tmp_path, "--oci", url)["hunan"]["state"] == "absent"
            digest = pushed(rendered, centre)[0].digest
            found = rows(tmp_path, "--oci", url)["hunan"]
            assert (found["state"], found["id"]) == ("current", digest)
            assert found["place"] == f"{url}:hunan".replace("{province}", "hunan")
            _push_by_hand(centre)
            write(province(version="1.5.0"), rendered)
            found = rows(tmp_path, "--oci", url)["hunan"]
            assert found["state"] == "foreign"
            assert found["foreign"][0]["subject"] == "hot-fix@sha1:0123"
            assert found["foreign"][0]["author"] == "https://git.toll.example/fix"
        finally:
            running.stop()


def _push_by_hand(registry: Process) -> None:
    """As ``flux push artifact`` annotates."""
    path = "/v2/rendered/hunan/manifests/hunan"
    manifest = json.loads(request(registry.address, "GET", path, MANIFEST)[2])
    manifest["annotations"] = {
        "org.opencontainers.image.revision": "hot-fix@sha1:0123",
        "org.opencontainers.image.source": "https://git.toll.example/fix",
    }
    kind = {"Content-Type": MANIFEST["Accept"]}
    assert request(registry.address, "PUT", path, kind, json.dumps(manifest).encode())[0] == 201
