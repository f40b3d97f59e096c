"""``milepost diff``, ``publish`` and ``owners`` as people and workflows run them: output, and exit codes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from publish.forest import province, write
from publish.serving import serving
from publish.test_branches import committed
from publish.test_summary import replaced, without

pytestmark = pytest.mark.slow

EXAMPLE = Path(__file__).parents[2] / "fleet-spec"
WARN = replaced(province(), "value: info", "value: warn")
LESS = without(province(), "hunan/groups/g4/a.yaml")


def milepost(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "milepost", *arguments]
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A repository at ``main`` with a rendered tree, and a branch ``change`` that is checked out."""
    write(province(), tmp_path / "rendered")
    committed(tmp_path, "base")
    _git(tmp_path, "branch", "-M", "main")
    _git(tmp_path, "checkout", "-q", "-b", "change")
    write(WARN, tmp_path / "rendered")
    committed(tmp_path, "warn")
    return tmp_path


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True)


def test_revisions_are_compared_from_where_they_parted(work: Path) -> None:
    """What main got meanwhile is not part of the change, unless it is wished."""
    _git(work, "checkout", "-q", "main")
    write({"hunan/groups/g60/c.yaml": "kind: X\n"}, work / "rendered")
    committed(work, "meanwhile")
    assert "3 stations of hunan" in milepost(work, "diff", "main", "change").stdout
    raw = milepost(work, "diff", "main", "change", "--format", "raw").stdout
    direct = milepost(work, "diff", "main", "change", "--format", "raw", "--direct").stdout
    assert "kind: X" not in raw and "-kind: X" in direct


def test_without_a_head_the_working_tree_is_compared(work: Path) -> None:
    """As it stands, committed or not."""
    write({"hunan/groups/g4/a.yaml": "kind: X\n"}, work / "rendered")
    result = milepost(work, "diff", "HEAD", "--format", "json")
    assert json.loads(result.stdout)["head"] == "the working tree"
    assert json.loads(result.stdout)["coverage"]["files"] == 1


def test_the_raw_form_is_a_patch_for_git(work: Path) -> None:
    """Applied to main, it gives the branch."""
    patch = milepost(work, "diff", "main", "change", "--format", "raw").stdout
    _git(work, "checkout", "-q", "main")
    command = ["git", "-C", str(work), "apply", "--unidiff-zero", "--directory=rendered"]
    subprocess.run(command, input=patch, text=True, check=True)
    assert subprocess.run(["git", "-C", work, "diff", "--quiet", "change"]).returncode == 0


def test_exit_codes_of_diff(tmp_path: Path) -> None:
    """0 as long as no guard waits, 3 when a difference was asked for, 4 for a guard, 2 for what is not there."""
    for name, files in (("a", province()), ("b", WARN), ("c", LESS)):
        write(files, tmp_path / name)
    runs = {
        ("./a", "./a", "--exit-code"): 0,
        ("./a", "./b"): 0,
        ("./a", "./b", "--exit-code"): 3,
        ("./a", "./c", "--exit-code"): 4,
        ("./b", "./c", "--province", "qinghai", "--exit-code"): 0,
        ("./a", "nowhere"): 2,
        ("no-such-revision",): 2,
        ("./a", "./b", "--now", "tomorrow"): 2,
    }
    for arguments, code in runs.items():
        assert milepost(tmp_path, "diff", *arguments).returncode == code, arguments


def test_guards_are_those_of_the_fleet(tmp_path: Path) -> None:
    """An acknowledgement in the spec opens them; a broken fleet is told and exits 1, whatever else is broken is not asked."""
    shutil.copytree(EXAMPLE, tmp_path / "fleet-spec")
    fleet = tmp_path / "fleet-spec" / "fleet.yaml"
    write(province(), tmp_path / "a")
    write(LESS, tmp_path / "b")
    assert milepost(tmp_path, "diff", "./a", "./b").returncode == 4
    plain = fleet.read_text()
    entry = "  acknowledge:\n    - removes: hunan/groups/g4/a.yaml\n      reason: closed for good\n"
    fleet.write_text(plain + entry)
    opened = milepost(tmp_path, "diff", "./a", "./b")
    assert opened.returncode == 0, opened.stdout + opened.stderr
    (tmp_path / "fleet-spec" / "images.yaml").write_text(
        "apiVersion: milepost.dev/v1alpha1\nkind: Image\nspec: [\n"
    )
    assert milepost(tmp_path, "diff", "./a", "./b").returncode == 0
    fleet.write_text(plain + "  guards:\n    provincesPerChange: 0\n")
    assert milepost(tmp_path, "diff", "./a", "./b").returncode == 1
    fleet.write_text(plain + "spec: [\n")
    broken = milepost(tmp_path, "diff", "./a", "./b")
    assert broken.returncode == 1 and "MP1010" in broken.stderr and "MP2006" not in broken.stderr
    fleet.write_text(plain, encoding="utf-16")
    assert "MP1001" in milepost(tmp_path, "diff", "./a", "./b").stderr


def test_a_freeze_is_judged_by_the_commit_or_by_now(tmp_path: Path) -> None:
    """The date of HEAD, unless --now says another."""
    shutil.copytree(EXAMPLE, tmp_path / "fleet-spec")
    with (tmp_path / "fleet-spec" / "fleet.yaml").open("a") as fleet:
        fleet.write("  guards:\n    frozen:\n      - {name: always, from: 2020-01-01, until: 2999-01-01}\n")
    write(province(), tmp_path / "rendered")
    committed(tmp_path, "base")
    write(WARN, tmp_path / "rendered")
    committed(tmp_path, "change")
    frozen = milepost(tmp_path, "diff", "HEAD~1", "HEAD")
    assert frozen.returncode == 4 and "frozen time always" in frozen.stdout
    assert milepost(tmp_path, "diff", "HEAD~1", "HEAD", "--now", "2019-12-31T12:00+08:00").returncode == 0
    unjudged = milepost(tmp_path, "diff", "HEAD~1")
    assert unjudged.returncode == 0 and "give --now" in unjudged.stdout


def test_a_known_secret_has_an_end(tmp_path: Path) -> None:
    """A change after its last day waits for somebody; on that day it does not."""
    shutil.copytree(EXAMPLE, tmp_path / "fleet-spec")
    known = "{fingerprint: 0123456789abcdef, owner: tolling, reason: old camera, until: 2026-01-31}"
    policy = f"apiVersion: milepost.dev/v1alpha1\nkind: Policy\nmetadata: {{name: known}}\nspec: {{knownSecrets: [{known}]}}\n"
    (tmp_path / "fleet-spec" / "known.yaml").write_text(policy)
    write(province(), tmp_path / "a")
    write(WARN, tmp_path / "b")
    late = milepost(tmp_path, "diff", "./a", "./b", "--now", "2026-02-01T00:00+08:00")
    assert late.returncode == 4 and "0123456789abcdef of tolling may stand until 2026-01-31" in late.stdout
    assert milepost(tmp_path, "diff", "./a", "./b", "--now", "2026-01-31T23:00+08:00").returncode == 0
    assert "give --now" in milepost(tmp_path, "diff", "./a", "./b").stdout


def test_output_goes_into_a_file(tmp_path: Path) -> None:
    """And nothing is printed."""
    write(province(), tmp_path / "a")
    write(WARN, tmp_path / "b")
    result = milepost(tmp_path, "diff", "./a", "./b", "--format", "markdown", "-o", "comment.md")
    assert result.stdout == "" and (tmp_path / "comment.md").read_text().startswith("<!-- milepost diff -->")


def test_publish_says_what_it_did(tmp_path: Path) -> None:
    """A line a province; nothing to do is fine too."""
    write(province() | province("qinghai"), tmp_path / "rendered")
    with serving(tmp_path) as server:
        would = milepost(tmp_path, "publish", "--repository", server.url, "--dry-run")
        assert (
            would.stdout
            == "hunan: would be published (province/hunan)\nqinghai: would be published (province/qinghai)\n"
        )
        done = milepost(tmp_path, "publish", "--repository", server.url, "--province", "hunan")
        assert done.stdout.startswith("hunan: published (province/hunan ") and done.returncode == 0
        assert server.branches() == ["province/hunan"]
        assert "hunan: unchanged" in milepost(tmp_path, "publish", "--repository", server.url).stdout


def test_publish_fails_in_a_sentence(tmp_path: Path) -> None:
    """Exit code 2, and no traceback."""
    write(province(), tmp_path / "rendered")
    for arguments in ([], ["--repository", "git://127.0.0.1:9/x"], ["--oci", "oci://127.0.0.1:9/x"]):
        result = milepost(tmp_path, "publish", *arguments)
        assert result.returncode == 2 and "Traceback" not in result.stderr and result.stdout == ""


def test_owners_are_printed_written_and_checked(tmp_path: Path) -> None:
    """--check exits 3 while the file is not what the fleet says."""
    shutil.copytree(EXAMPLE, tmp_path / "fleet-spec")
    printed = milepost(tmp_path, "owners", "--organization", "toll")
    assert "/rendered/hunan/ @toll/platform-engineering @toll/hunan-operations" in printed.stdout.splitlines()
    check = ("owners", "--organization", "toll", "--check", "-o", "CODEOWNERS")
    assert milepost(tmp_path, *check).returncode == 3
    assert milepost(tmp_path, *check[:3], "-o", "CODEOWNERS").returncode == 0
    assert (tmp_path / "CODEOWNERS").read_text() == printed.stdout
    assert milepost(tmp_path, *check).returncode == 0
    assert milepost(tmp_path, "owners", "--gitattributes").stdout == "/rendered/** linguist-generated -text\n"
