"""The script that puts hosts.toml on a node, run for real by every shell that is at hand."""

from __future__ import annotations

import base64
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from milepost.lower.registry_config import script

pytestmark = pytest.mark.slow

SHELLS = [shell for shell in (["sh"], ["bash"], ["busybox", "sh"]) if shutil.which(shell[0])]
MARK = "# Written by Milepost. section -> centre\n"
HOST = "registry.example_5000_"


@pytest.fixture(params=SHELLS, ids=" ".join)
def shell(request: pytest.FixtureRequest) -> list[str]:
    return list(request.param)


@pytest.fixture
def wanted(tmp_path: Path) -> Path:
    """A folder of files as the DaemonSet mounts it, and the script beside it."""
    (tmp_path / "hosts.sh").write_text(script("hosts.sh"))
    folder = tmp_path / "wanted" / HOST
    folder.mkdir(parents=True)
    (folder / "hosts.toml").write_text(MARK + 'server = "https://registry.example:5000"\n')
    return folder


def run(shell: list[str], wanted: Path, *more: str) -> subprocess.CompletedProcess[str]:
    root = wanted.parents[1]
    command = [*shell, str(root / "hosts.sh"), str(root / "wanted"), str(root / "certs.d"), *more]
    return subprocess.run(command, capture_output=True, text=True, timeout=30)


def there(wanted: Path, name: str = "hosts.toml") -> Path:
    return wanted.parents[1] / "certs.d" / HOST / name


def test_files_are_put_in_place_for_everybody_to_read(shell: list[str], wanted: Path) -> None:
    """Once, and again without a change; nothing half-written stays behind."""
    assert run(shell, wanted).returncode == 0
    assert there(wanted).read_text() == (wanted / "hosts.toml").read_text()
    assert there(wanted).stat().st_mode & 0o777 == 0o644
    assert there(wanted).parent.stat().st_mode & 0o777 == 0o755
    again = run(shell, wanted)
    assert (again.returncode, again.stdout) == (0, "")
    assert [p.name for p in there(wanted).parent.iterdir()] == ["hosts.toml"]


def test_a_certificate_is_there_before_the_file_that_names_it(shell: list[str], wanted: Path) -> None:
    """containerd fails a pull for a certificate that is missing, so such a file is not put in place."""
    (wanted / "hosts.toml").write_text(MARK + '[host."https://m.example"]\n  ca = "section.crt"\n')
    refused = run(shell, wanted)
    assert refused.returncode == 1
    assert "section.crt is not there" in refused.stderr
    assert not there(wanted).exists()
    (wanted / "section.crt").write_text("certificate")
    assert run(shell, wanted).returncode == 0
    assert there(wanted, "section.crt").read_text() == "certificate"
    assert there(wanted).exists()


def test_credentials_are_filled_on_the_node_for_root_alone(shell: list[str], wanted: Path) -> None:
    """Name and password of the tier, whatever characters they are made of; without them there is no file."""
    (wanted / "hosts.toml").write_text(MARK + '[header]\nAuthorization = "Basic @section@"\n')
    assert run(shell, wanted).returncode == 1
    assert not there(wanted).exists()
    (wanted / "section.username").write_text("bot")
    password = "p|a&s\\s/w" + "o" * 60
    (wanted / "section.password").write_text(password)
    assert run(shell, wanted).returncode == 0
    encoded = base64.b64encode(f"bot:{password}".encode()).decode()
    assert f'"Basic {encoded}"' in there(wanted).read_text()
    assert there(wanted).stat().st_mode & 0o777 == 0o600
    assert run(shell, wanted, "check").returncode == 0


def test_what_somebody_else_wrote_stays(shell: list[str], wanted: Path) -> None:
    """Only files with our mark are removed, once they are wanted no more."""
    run(shell, wanted)
    foreign = there(wanted).parents[1] / "docker.io" / "hosts.toml"
    foreign.parent.mkdir()
    foreign.write_text('server = "https://registry-1.docker.io"\n')
    shutil.rmtree(wanted)
    assert run(shell, wanted).returncode == 0
    assert not there(wanted).parent.exists()
    assert foreign.exists()


def test_a_check_says_whether_all_is_in_place_and_writes_nothing(shell: list[str], wanted: Path) -> None:
    """It is the probe of readiness: a file that somebody changed is one that is not in place."""
    assert run(shell, wanted, "check").returncode == 1
    assert not there(wanted).exists()
    run(shell, wanted)
    assert run(shell, wanted, "check").returncode == 0
    there(wanted).write_text("changed by hand")
    assert run(shell, wanted, "check").returncode == 1


def test_it_goes_on_until_it_is_told_to_end(shell: list[str], wanted: Path) -> None:
    """A file that was changed by hand is put right again; a signal ends it at once."""
    root = wanted.parents[1]
    command = [*shell, str(root / "hosts.sh"), str(root / "wanted"), str(root / "certs.d"), "1"]
    with (root / "log").open("wb") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _until(lambda: there(wanted).exists())
        there(wanted).write_text("changed by hand")
        _until(lambda: there(wanted).read_text().startswith(MARK))
    finally:
        os.kill(running.pid, signal.SIGTERM)
    assert running.wait(5) == 0


def _until(happened: object) -> None:
    began = time.monotonic()
    while not happened():  # type: ignore[operator]
        assert time.monotonic() - began < 10
        time.sleep(0.05)
