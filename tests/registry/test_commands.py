"""``milepost images lock`` and ``verify``, as a person runs them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from compiling import compile_spec, write_files
from milepost.cli.main import _run
from registry.pictures import picture
from registry.standin import Standin, standin
from small import application, base, component, document, files

pytestmark = pytest.mark.slow

LOCK = "images.lock.yaml"


@pytest.fixture
def registry() -> Iterator[Standin]:
    with standin() as running:
        running.publish("apps/web", "1.0.0", picture(content="web"))
        running.publish("apps/db", "1.0.0", picture(content="db"))
        yield running


@pytest.fixture
def spec(tmp_path: Path, registry: Standin) -> Path:
    """A fleet of two images in the registry, without a lock."""
    images = [
        document("Image", name, {"repository": f"{registry.host}/apps/{name}", "versions": ["1.0.0"]})
        for name in ("web", "db")
    ]
    app = application("app", [component("web"), component("db")])
    made = files([*base(), *images, app])
    del made[LOCK]
    return write_files(tmp_path, made.items())


def run(*arguments: str | Path) -> int:
    return _run(["images", *map(str, arguments)])


def test_a_locked_fleet_compiles_and_verifies(spec: Path, registry: Standin) -> None:
    """Lock writes what compile needs, and verify finds what lock wrote."""
    assert run("lock", spec) == 0
    assert not compile_spec(spec).errors
    assert run("verify", spec) == 0


def test_the_same_registries_give_the_same_bytes(spec: Path) -> None:
    """Locking again changes nothing."""
    run("lock", spec)
    first = (spec / LOCK).read_bytes()
    (spec / LOCK).unlink()
    run("lock", spec)
    assert (spec / LOCK).read_bytes() == first


def test_compile_asks_nobody(spec: Path, registry: Standin) -> None:
    """What is locked is compiled without a single request."""
    run("lock", spec)
    registry.asked.clear()
    compile_spec(spec)
    assert registry.asked == []


def test_entries_that_were_not_asked_for_stay(spec: Path, registry: Standin) -> None:
    """`--image web` reads web alone, and keeps what the lock says of db."""
    run("lock", spec)
    before = yaml.safe_load((spec / LOCK).read_text())["images"]
    registry.publish("apps/web", "1.0.0", picture(content="web again"))
    registry.publish("apps/db", "1.0.0", picture(content="db again"))
    registry.asked.clear()
    assert run("lock", spec, "--image", "web") == 0
    after = yaml.safe_load((spec / LOCK).read_text())["images"]
    assert after["db"] == before["db"]
    assert after["web"] != before["web"]
    assert not any("apps/db" in request for request in registry.asked)


def test_versions_that_the_spec_no_longer_names_go(spec: Path) -> None:
    """A full lock holds what the spec names and nothing else."""
    run("lock", spec)
    text = (spec / LOCK).read_text()
    (spec / LOCK).write_text(text.replace("    1.0.0:", "    0.9.9:", 1))
    run("lock", spec)
    assert (spec / LOCK).read_text() == text


def test_a_moved_tag_is_a_mismatch_at_its_place(
    spec: Path, registry: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    """Verify exits 1 and points at the digest in the lock; lock warns and writes what is there now."""
    run("lock", spec)
    registry.publish("apps/web", "1.0.0", picture(content="pushed again"))
    capsys.readouterr()
    assert run("verify", spec) == 1
    said = capsys.readouterr().err
    assert "MP8006" in said and f"{LOCK}:" in said
    assert run("lock", spec) == 0
    assert "MP8005" in capsys.readouterr().err
    assert run("verify", spec) == 0


def test_a_frozen_lock_fails_where_it_would_change(
    spec: Path, registry: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tag that moved, a version that is not locked, one that nobody names any more; and nothing is written."""
    assert run("lock", spec, "--frozen") == 1
    assert not (spec / LOCK).exists()
    run("lock", spec)
    assert run("lock", spec, "--frozen") == 0
    text = (spec / LOCK).read_text()
    entry = text[text.index("    1.0.0:") : text.index("  web:")]
    (spec / LOCK).write_text(text.replace("  db:\n", "  db:\n" + entry.replace("1.0.0", "0.9.0", 1)))
    capsys.readouterr()
    assert run("lock", spec, "--frozen") == 1
    said = capsys.readouterr().err
    assert "MP8008" in said and "0.9.0" in said and f"{LOCK}:" in said
    assert run("lock", spec, "--frozen", "--image", "web") == 0
    registry.publish("apps/web", "1.0.0", picture(content="pushed again"))
    capsys.readouterr()
    assert run("lock", spec, "--frozen", "--image", "web") == 1
    assert "MP8006" in capsys.readouterr().err
    assert "0.9.0" in (spec / LOCK).read_text()


def test_all_questions_together_have_a_limit_where_one_is_asked_for(
    spec: Path, registry: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    """After it nobody is asked any more: Milepost could not run."""
    assert run("lock", spec, "--timeout", "0.000001") == 2
    assert "too slowly" in capsys.readouterr().err
    assert run("lock", spec, "--timeout", "60") == 0
    assert run("lock", spec, "--timeout", "0") == 2


def test_a_lock_changed_by_hand_is_found(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The digest alone may still be right."""
    run("lock", spec)
    text = (spec / LOCK).read_text()
    (spec / LOCK).write_text(text.replace("          arm64:\n", "          arm:\n", 1))
    assert run("verify", spec) == 1
    assert "is locked for amd64 and arm, and the registry has amd64 and arm64" in capsys.readouterr().err


def test_a_version_that_is_not_locked_is_found(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Verify compares with the spec, not only with what happens to be in the lock."""
    assert run("verify", spec) == 1
    assert capsys.readouterr().err.count("MP8007") >= 2


def test_a_missing_version_writes_nothing(
    spec: Path, registry: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    """The spec is wrong: exit 1, and the lock is as it was."""
    run("lock", spec)
    before = (spec / LOCK).read_bytes()
    registry.replies = {path: r for path, r in registry.replies.items() if "apps/db" not in path}
    assert run("lock", spec) == 1
    assert "MP8003" in capsys.readouterr().err
    assert (spec / LOCK).read_bytes() == before


def test_a_silent_registry_writes_nothing(
    spec: Path, registry: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    """Milepost could not run: exit 2, said once for both images."""
    registry.replies["/v2/apps/web/manifests/1.0.0"] = (500, {}, b"")
    registry.replies["/v2/apps/db/manifests/1.0.0"] = (500, {}, b"")
    assert run("lock", spec) == 2
    assert capsys.readouterr().err.count("MP8001") == 1
    assert not (spec / LOCK).exists()
    assert run("verify", spec) == 2


def test_credentials_are_neither_stored_nor_shown(
    spec: Path,
    registry: Standin,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """They are read from a Docker configuration; the spec's folder and what is printed hold nothing of them."""
    registry.login = "bot:opensesame"
    config = tmp_path_factory.mktemp("docker") / "config.json"
    config.write_text(json.dumps({"auths": {registry.host: {"username": "bot", "password": "opensesame"}}}))
    assert run("lock", spec) == 2
    assert run("lock", spec, "--docker-config", config) == 0
    said = "".join(capsys.readouterr())
    assert "opensesame" not in said
    assert not any("opensesame" in file.read_text() for file in spec.iterdir())


def test_the_folder_of_the_environment_is_read(
    spec: Path, registry: Standin, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DOCKER_CONFIG names a folder, as for docker itself."""
    registry.login = "bot:opensesame"
    folder = tmp_path_factory.mktemp("docker")
    config = {"auths": {registry.host: {"username": "bot", "password": "opensesame"}}}
    (folder / "config.json").write_text(json.dumps(config))
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    assert run("lock", spec) == 0


def test_an_unknown_image_is_a_slip_of_the_command(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2 and the near name, before any registry is asked."""
    assert run("lock", spec, "--image", "wbe") == 2
    assert 'did you mean "web"?' in capsys.readouterr().err


def test_machine_output_stands_alone_on_stdout(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--format json` prints JSON and nothing else there."""
    assert run("verify", spec, "--format", "json") == 1
    json.loads(capsys.readouterr().out)
