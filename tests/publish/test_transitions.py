"""``milepost diff`` where both states are proved and the way between them is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compiling import write_files
from plan.test_transitions import asks, listens
from publish.test_branches import committed
from publish.test_commands import milepost
from small import application, base, files, image

pytestmark = pytest.mark.slow


def state(root: Path, message: str, *components: dict[str, object], **fleet: object) -> None:
    """Commit a spec of ``components`` with its tree."""
    documents = [*base(None, **fleet), image("web"), application("app", components)]
    write_files(root / "fleet-spec", files(documents).items())
    done = milepost(root, "compile", "--quiet")
    assert done.returncode == 0, done.stderr
    committed(root, message)


def test_it_stops_until_this_very_change_is_acknowledged(tmp_path: Path) -> None:
    """With the way to cut it in two."""
    state(tmp_path, "before", asks("a", "2600Mi"), asks("b", "1000Mi"))
    state(tmp_path, "after", asks("a", "1000Mi"), asks("b", "2600Mi"))
    done = milepost(tmp_path, "diff", "HEAD~1", "HEAD")
    assert done.returncode == 4 and "MP7020" in done.stdout, done.stdout + done.stderr
    text = " ".join(done.stdout.split())
    assert "at a of north app-a, app-b may ask node a1 for 5200 MiB of memory where it has" in text
    (allowed,) = re.findall(r"allows: (unsafe-order-\w+)", text)
    acknowledged = [{"allows": allowed, "reason": "the station is closed"}]
    state(tmp_path, "after", asks("a", "1000Mi"), asks("b", "2600Mi"), acknowledge=acknowledged)
    assert milepost(tmp_path, "diff", "HEAD~2").returncode == 0


def test_a_swap_of_ports_is_told(tmp_path: Path) -> None:
    state(tmp_path, "before", listens("a", 80), listens("b", 81))
    state(tmp_path, "after", listens("a", 81), listens("b", 80))
    done = milepost(tmp_path, "diff", "HEAD~1")
    text = " ".join(done.stdout.split())
    assert done.returncode == 4 and "app-a may wait for port 81/TCP of node a1, which app-b has" in text


def test_what_asks_for_less_passes(tmp_path: Path) -> None:
    state(tmp_path, "before", asks("a", "2600Mi"), asks("b", "1000Mi"))
    state(tmp_path, "after", asks("a", "1000Mi"), asks("b", "1000Mi"))
    assert milepost(tmp_path, "diff", "HEAD~1").returncode == 0


def test_two_folders_have_no_spec_to_judge_by(tmp_path: Path) -> None:
    """Which is said, and stops nobody."""
    for side, (one, other) in {"old": ("2600Mi", "1000Mi"), "new": ("1000Mi", "2600Mi")}.items():
        (tmp_path / side).mkdir()
        state(tmp_path / side, side, asks("a", one), asks("b", other))
    done = milepost(tmp_path, "diff", f"{tmp_path}/old/rendered", f"{tmp_path}/new/rendered")
    assert done.returncode == 0 and "was not judged: only one side has its spec" in " ".join(
        done.stdout.split()
    )
