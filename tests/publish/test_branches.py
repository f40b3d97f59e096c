"""Every province on its own branch: exactly its tree, in one push, whoever else publishes and whatever is killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from milepost.publish.branches import PublishedBranch, PushOptions, publish
from milepost.publish.git import GitError
from milepost.publish.source_commit import SourceCommit, source_of
from milepost.publish.standing import Conditions, PushState
from milepost.publish.trees import IncompleteTreeError, trees
from publish.forest import Files, for_cluster, province, write
from publish.serving import Server, serving

pytestmark = pytest.mark.slow

NAMES = ("guangdong", "hunan", "qinghai")
PERSON = {
    f"GIT_{who}_{what}": "bot@toll.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


@pytest.fixture(params=[True, False], ids=["partial", "whole"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """One that can leave file contents out of a fetch, and one that cannot."""
    setting = ("uploadpack.allowFilter", str(request.param).lower())
    with serving(tmp_path, setting) as running:
        yield running


@pytest.fixture
def openpgp(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The fingerprint of a key without a passphrase, in a keyring that goes with the test."""
    # Short, because the agent's socket is in it and a socket's path may have some hundred bytes.
    with tempfile.TemporaryDirectory(prefix="gpg-", dir="/tmp") as home:
        monkeypatch.setenv("GNUPGHOME", home)
        quiet = ["gpg", "--batch", "--quiet", "--passphrase", "", "--pinentry-mode", "loopback"]
        subprocess.run(
            [*quiet, "--quick-gen-key", "bot <bot@toll.example>", "ed25519", "sign", "never"], check=True
        )
        keys = subprocess.run(
            ["gpg", "--batch", "--with-colons", "-k"], check=True, capture_output=True, text=True
        )
        yield next(line.split(":")[9] for line in keys.stdout.splitlines() if line.startswith("fpr:"))
        subprocess.run(["gpgconf", "--kill", "gpg-agent"], check=False)


def fleet(version: str = "1.4.2", level: str = "info", names: tuple[str, ...] = NAMES) -> Files:
    files: Files = {}
    for name in names:
        files |= province(name, {f"{name}-g4": [f"{name}-a", f"{name}-b"]}, version=version)
    return {path: text.replace("value: info", f"value: {level}") for path, text in files.items()}


def published(
    rendered: Path, url: str, source: SourceCommit | None = None, **options: object
) -> dict[str, PublishedBranch]:
    own = {key: options.pop(key) for key in ("dry_run", "allow_older", "over_foreign") if key in options}
    rules = Conditions(rendered, source, **own)  # type: ignore[arg-type]
    done = publish(trees(rendered), url, PushOptions(environment=PERSON, **options), rules)  # type: ignore[arg-type]
    return {one.province: one for one in done}


def test_each_branch_holds_exactly_its_province(server: Server, tmp_path: Path) -> None:
    """No file of another province, and none that Milepost does not own."""
    rendered = write(fleet() | {"hunan/notes.txt": "mine\n"}, tmp_path / "rendered")
    done = published(rendered, server.url)
    assert {one.state for one in done.values()} == {PushState.PUBLISHED}
    assert server.tips() == {f"province/{name}": done[name].commit for name in NAMES}
    for name in NAMES:
        assert server.files(f"province/{name}") == for_cluster(fleet(), name)


def test_only_what_changed_gets_a_commit(server: Server, tmp_path: Path) -> None:
    """No empty commits, and history is a line."""
    rendered = write(fleet(), tmp_path / "rendered")
    before = published(rendered, server.url)
    assert {one.state for one in published(rendered, server.url).values()} == {PushState.UNCHANGED}
    write({p: t.replace("info", "warn") for p, t in fleet().items() if p.startswith("hunan")}, rendered)
    after = published(rendered, server.url)
    assert [one.state for one in after.values()] == [
        PushState.UNCHANGED,
        PushState.PUBLISHED,
        PushState.UNCHANGED,
    ]
    assert after["qinghai"].commit == before["qinghai"].commit
    assert server.commits("province/hunan") == [after["hunan"].commit, before["hunan"].commit]
    assert server.files("province/hunan")["groups/hunan-g4/hunan-a.yaml"].count("value: warn") == 2


def test_a_file_that_is_gone_leaves_its_branch(server: Server, tmp_path: Path) -> None:
    """And one that is new comes, also where folders begin alike."""
    published(write(fleet(), tmp_path / "one"), server.url)
    new = province("hunan", {"hunan-g4": ["hunan-a", "hunan-ab"], "hunan-g4-b": ["x"]})
    published(write(new, tmp_path / "two"), server.url)
    assert server.files("province/hunan") == for_cluster(new, "hunan")


def test_a_commit_says_where_it_comes_from(server: Server, tmp_path: Path) -> None:
    """Trailers that git reads: the spec's commit, the tree's digest, and Argo CD's."""
    work = tmp_path / "work"
    rendered = write(fleet(), work / "rendered")
    commit = committed(work, "Move a wave")
    published(rendered, server.url, source_of(rendered))
    told = server.git("log", "-1", "--format=%(trailers:only,unfold)", "province/hunan").splitlines()
    trailers = dict(line.split(": ", 1) for line in told)
    assert trailers["Milepost-Source"] == trailers["Argocd-reference-commit-sha"] == commit
    assert trailers["Argocd-reference-commit-subject"] == "Move a wave"
    hashed = subprocess.run(
        "find . -path ./bootstrap -prune -o -type f -print | sed 's,^./,,' | LC_ALL=C sort | xargs sha256sum | sha256sum",
        shell=True, cwd=rendered / "hunan", capture_output=True, text=True, check=True,
    ).stdout.split()[0]  # fmt: skip
    assert trailers["Milepost-Tree"] == f"sha256:{hashed}"


def test_a_folder_that_was_not_committed_is_told_apart(server: Server, tmp_path: Path) -> None:
    """The trailer does not claim a commit for what it does not hold."""
    work = tmp_path / "work"
    rendered = write(fleet(), work / "rendered")
    commit = committed(work, "One")
    write({"hunan/groups/hunan-g4/hunan-a.yaml": "kind: X\n"}, rendered)
    published(rendered, server.url, source_of(rendered))
    assert f"Milepost-Source: {commit}-dirty" in server.git("log", "-1", "--format=%B", "province/hunan")


def test_an_older_commit_never_overwrites_a_newer_one(server: Server, tmp_path: Path) -> None:
    """A publisher that was slow leaves alone what a later commit published; a wish can say otherwise."""
    work = tmp_path / "work"
    rendered = write(fleet(), work / "rendered")
    committed(work, "Old")
    old = source_of(rendered)
    write(fleet(level="warn"), rendered)
    committed(work, "New")
    published(rendered, server.url, source_of(rendered))
    write(fleet(), rendered)
    assert {one.state for one in published(rendered, server.url, old).values()} == {PushState.NEWER}
    assert len(server.commits("province/hunan")) == 1
    back = published(rendered, server.url, old, allow_older=True)
    assert {one.state for one in back.values()} == {PushState.PUBLISHED}


def test_of_commits_that_nobody_here_knows_the_later_date_wins(server: Server, tmp_path: Path) -> None:
    """A clone without history still does not go back in time."""
    rendered = write(fleet(), tmp_path / "rendered")
    late = SourceCommit("f" * 40, "2027-03-01T10:00:00+08:00", "late", "a <a@toll.example>")
    early = SourceCommit("e" * 40, "2027-03-01T01:59:59+00:00", "early", "a <a@toll.example>")
    published(rendered, server.url, late)
    write(fleet(level="warn"), rendered)
    assert {one.state for one in published(rendered, server.url, early).values()} == {PushState.NEWER}


def test_a_dry_run_publishes_nothing(server: Server, tmp_path: Path) -> None:
    """It says what it would do."""
    done = published(write(fleet(), tmp_path / "rendered"), server.url, dry_run=True)
    assert {one.state for one in done.values()} == {PushState.WOULD_PUBLISH}
    assert server.branches() == []


def test_all_branches_go_or_none(server: Server, tmp_path: Path) -> None:
    """One refused branch holds back the others, and the server's reason is told."""
    server.hook(
        "update", '[ "$1" = refs/heads/province/qinghai ] && echo "qinghai is closed" && exit 1\nexit 0'
    )
    with pytest.raises(GitError, match="hook declined"):
        published(write(fleet(), tmp_path / "rendered"), server.url)
    assert server.branches() == []


def test_an_incomplete_tree_is_not_published(server: Server, tmp_path: Path) -> None:
    """A file that the index lists and that is not there: something was killed or deleted."""
    rendered = write(fleet(), tmp_path / "rendered")
    (rendered / "hunan/groups/hunan-g4/hunan-a.yaml").unlink()
    with pytest.raises(IncompleteTreeError, match=r"hunan-a\.yaml is not there"):
        published(rendered, server.url)
    assert server.branches() == []


def test_a_server_that_is_not_there_is_told_in_gits_words(tmp_path: Path) -> None:
    """One sentence, no traceback."""
    with pytest.raises(GitError, match="unable to connect"):
        published(write(fleet(), tmp_path / "rendered"), "git://127.0.0.1:9/none.git")


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="not on this machine: ssh-keygen")
def test_commits_are_signed_with_an_ssh_key_where_it_is_wished(server: Server, tmp_path: Path) -> None:
    """Flux and Git itself can verify the branch's tip."""
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    (tmp_path / "signers").write_text(f"bot@toll.example {key.with_suffix('.pub').read_text()}")
    rendered = write(fleet(), tmp_path / "rendered")
    published(rendered, server.url, sign=str(key), settings={"gpg.format": "ssh"})
    server.git("-c", f"gpg.ssh.allowedSignersFile={tmp_path / 'signers'}", "verify-commit", "province/hunan")


@pytest.mark.skipif(shutil.which("gpg") is None, reason="not on this machine: gpg")
@pytest.mark.parametrize("wish", ["named", "configured"])
def test_commits_are_signed_with_an_openpgp_key_where_it_is_wished(
    server: Server, openpgp: str, wish: str, tmp_path: Path
) -> None:
    """Flux and Argo CD verify OpenPGP; the key is named to publish, or is the one that Git is configured with."""
    rendered = write(fleet(), tmp_path / "rendered")
    if wish == "named":
        published(rendered, server.url, sign=openpgp)
    else:
        published(rendered, server.url, sign="", settings={"user.signingkey": openpgp})
    for name in NAMES:
        server.git("verify-commit", f"province/{name}")
    signer = server.git("log", "-1", "--format=%G? %GF", "province/hunan").split()
    assert signer == ["U", openpgp] or signer == ["G", openpgp]


@pytest.mark.skipif(shutil.which("gpg") is None, reason="not on this machine: gpg")
def test_a_key_that_is_not_there_publishes_nothing(server: Server, openpgp: str, tmp_path: Path) -> None:
    """An unsigned commit would be refused by every cluster that verifies, long after the push."""
    rendered = write(fleet(), tmp_path / "rendered")
    with pytest.raises(GitError):
        published(rendered, server.url, sign="0" * len(openpgp))
    assert not server.git("for-each-ref", "refs/heads/province")


def test_two_publishers_of_one_commit_make_one_commit(server: Server, tmp_path: Path) -> None:
    """Dates are the source's, so that the second finds everything done."""
    work = tmp_path / "work"
    rendered = write(fleet(), work / "rendered")
    committed(work, "One")
    source = source_of(rendered)
    assert source is not None
    dates = {f"GIT_{who}_DATE": source.date for who in ("AUTHOR", "COMMITTER")}
    found = []
    for name in ("one", "two"):
        with serving_at(tmp_path / name) as other:
            options = PushOptions(environment=PERSON | dates)
            found.append(publish(trees(rendered), other.url, options, Conditions(rendered, source)))
    assert found[0] == found[1]


def test_racing_publishers_lose_nothing(server: Server, tmp_path: Path) -> None:
    """Four publishers, three trees each, all at once: every one of the twelve is a commit, in a line."""
    folders = [[write(fleet(level=f"l{i}-{k}"), tmp_path / f"{i}-{k}") for k in range(3)] for i in range(4)]
    with ProcessPoolExecutor(4, mp_context=get_context("fork")) as pool:
        for done in pool.map(_publish_all, folders, [server.url] * 4):
            assert done == [PushState.PUBLISHED] * 9
    for name in NAMES:
        branch = f"province/{name}"
        commits = server.commits(branch)
        assert len(commits) == 12 and server.is_linear(branch)
        wanted = {_level(for_cluster(fleet(level=f"l{i}-{k}"), name)) for i in range(4) for k in range(3)}
        assert {_level(server.files(commit)) for commit in commits} == wanted
        assert server.files(branch) in [
            for_cluster(fleet(level=f"l{i}-{k}"), name) for i in range(4) for k in range(3)
        ]
    server.git("fsck", "--strict")


def test_a_killed_publisher_leaves_all_branches_old_or_all_new(tmp_path: Path) -> None:
    """Killed at any moment, children and all; the next one just goes on."""
    with serving(tmp_path) as server:
        levels = {"l0": for_cluster(fleet(level="l0"), "hunan")}
        published(write(fleet(level="l0"), tmp_path / "l0"), server.url)
        rng = random.Random(7)
        for k in range(1, 11):
            folder = write(fleet(level=f"l{k}"), tmp_path / f"l{k}")
            levels[f"l{k}"] = for_cluster(fleet(level=f"l{k}"), "hunan")
            _killed_publish(folder, server.url, rng.uniform(0.15, 0.9))
            server.wait_until_quiet()
            assert len({_level(server.files(f"province/{name}")) for name in NAMES}) == 1
            assert server.files("province/hunan") in levels.values()
        server.git("fsck", "--strict")
        published(write(fleet(level="last"), tmp_path / "last"), server.url)
        assert {_level(server.files(f"province/{name}")) for name in NAMES} == {"last"}


def committed(work: Path, subject: str) -> str:
    """Commit everything; give the commit."""
    git = [
        "git",
        "-C",
        str(work),
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@toll.example",
        "-c",
        "commit.gpgsign=false",
    ]
    if not (work / ".git").exists():
        subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", subject], check=True)
    return subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()


def serving_at(folder: Path):  # type: ignore[no-untyped-def]
    folder.mkdir()
    return serving(folder)


def _publish_all(folders: list[Path], url: str) -> list[PushState]:
    return [one.state for folder in folders for one in published(folder, url).values()]


def _level(files: Mapping[str, str]) -> str:
    text = next(text for path, text in sorted(files.items()) if path.endswith("-a.yaml"))
    return text.partition("name: LOG_LEVEL\n          value: ")[2].partition("\n")[0]


def _killed_publish(rendered: Path, url: str, seconds: float) -> None:
    command = [sys.executable, "-m", "milepost", "publish", str(rendered), "--repository", url]
    process = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None
    process.wait()
