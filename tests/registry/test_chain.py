"""Three tiers of real registries: locked, pulled through, cut off, switched off and on again."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
from pathlib import Path

import pytest
import yaml

from compiling import Compilation
from milepost.cli.main import _run
from milepost.registry import Credentials, HttpPool, RegistryClient
from milepost.registry.image_version import read_version
from objects import objects
from registry.conftest import needs
from registry.pictures import picture
from registry.running import Process, Registries, next_second, pull, push
from registry.tiers import HOST, compile_tiers, three, write_fleet

pytestmark = [pytest.mark.slow, pytest.mark.acceptance, needs("docker-registry")]
CENTRE, PROVINCE, SECTION = "127.0.0.11:5000", "127.0.0.12:5000", "127.0.0.13:5000"


def texts(compiled: Compilation, name: str) -> dict[str, str]:
    """The files of a rendered ConfigMap."""
    found = [
        o for _, o in objects(compiled.files) if o["kind"] == "ConfigMap" and o["metadata"]["name"] == name
    ]
    return dict(found[0]["data"])


def chain(registries: Registries, root: Path) -> tuple[Process, Process, Process]:
    """Centre, province and section, as the small fleet's tree runs them; none is started.

    The mirrors ask their upstreams to the end: no probe that a busy machine delays makes plain registries of them.
    """
    compiled = compile_tiers(root / "spec", three())
    assert not compiled.errors, compiled.said
    stubborn = {"patience": 60, "misses": 1_000_000}
    return (
        registries.centre(CENTRE),
        registries.mirror(PROVINCE, texts(compiled, "province"), **stubborn),
        registries.mirror(SECTION, texts(compiled, "milepost-registry-section"), **stubborn),
    )


def started(registries: Registries, root: Path) -> tuple[Process, Process, Process]:
    centre, province, section = chain(registries, root)
    centre.start()
    province.start()
    province.wait_for("serving as proxy.yml")
    section.start()
    section.wait_for("serving as proxy.yml")
    return centre, province, section


def test_a_lock_says_what_a_real_registry_has(registries: Registries, tmp_path: Path) -> None:
    """`images lock` against it, then `images verify`; a version pushed again is a mismatch."""
    registries.centre(CENTRE).start()
    made = picture(content="web")
    push(CENTRE, "apps/web", "1.0.0", made)
    push(CENTRE, "mirror/registry", "2.8.3", picture(content="mirror"))
    spec = write_fleet(tmp_path / "spec", [])
    assert _run(["images", "lock", str(spec)]) == 0
    (entry,) = yaml.safe_load((spec / "images.lock.yaml").read_text())["images"]["web"]["1.0.0"]
    assert entry["repository"] == f"{HOST}/apps/web"
    assert entry["digest"] == made.digest
    for architecture, layers in made.layers.items():
        assert [(x["digest"], x["size"]) for x in entry["platforms"][architecture]["layers"]] == layers
    assert _run(["images", "verify", str(spec)]) == 0
    push(CENTRE, "apps/web", "1.0.0", picture(content="pushed again"))
    assert _run(["images", "verify", str(spec)]) == 1


@needs("skopeo")
def test_an_image_that_another_program_pushed_is_locked_alike(registries: Registries, tmp_path: Path) -> None:
    """skopeo copies it, index and all, from one registry to another: the lock says the same of both."""
    other = "127.0.0.21:5000"
    for address in (CENTRE, other):
        registries.centre(address).start()
    push(CENTRE, "apps/web", "1.0.0", picture(content="web"))
    plain = ["--src-tls-verify=false", "--dest-tls-verify=false"]
    names = [f"docker://{address}/apps/web:1.0.0" for address in (CENTRE, other)]
    subprocess.run(["skopeo", "copy", "--quiet", "--all", *plain, *names], check=True, timeout=60)
    client = RegistryClient(HttpPool(), Credentials())
    here, there = (read_version(client, f"{address}/apps/web", "1.0.0") for address in (CENTRE, other))
    assert there == here.model_copy(update={"repository": f"{other}/apps/web"})


HTPASSWD = "bot:$2y$05$milepostmilepostmile..5Q/0uYanWDEab8MTOlwCsCeBXNWMpOW\n"
"""Name and bcrypt of "secret"."""


def test_a_lock_is_read_with_credentials(registries: Registries, tmp_path: Path) -> None:
    """A registry that asks everybody for a name is read with a Docker configuration, and not without."""
    (tmp_path / "htpasswd").write_text(HTPASSWD)
    auth = "auth: {htpasswd: {realm: test, path: %s}}\n" % (tmp_path / "htpasswd")
    registries.centre(CENTRE, more=auth).start()
    for name, tag in (("apps/web", "1.0.0"), ("mirror/registry", "2.8.3")):
        push(CENTRE, name, tag, picture(content=name), basic("bot:secret"))
    spec = write_fleet(tmp_path / "spec", [])
    config = docker_config(tmp_path, CENTRE, "bot:secret")
    assert _run(["images", "lock", str(spec)]) == 2
    assert _run(["images", "lock", str(spec), "--docker-config", str(config)]) == 0
    docker_config(tmp_path, CENTRE, "bot:slip")
    assert _run(["images", "verify", str(spec), "--docker-config", str(config)]) == 2


def test_a_second_pull_by_digest_never_reaches_the_centre(registries: Registries, tmp_path: Path) -> None:
    """What a section has it serves by itself; its upstreams are not asked, not even for the tag."""
    centre, _, _ = started(registries, tmp_path)
    made = picture()
    digest = push(CENTRE, "apps/web", "1.0.0", made)
    lacking = push(CENTRE, "apps/db", "1.0.0", picture(content="lacking"))
    size = pull(SECTION, "apps/web", digest)
    # Each mirror fetches a blob once more for its disk while it serves it, and the province may still be at it when the
    # section is done.
    for address in (SECTION, PROVINCE):
        registries.wait_stored(address, "apps/web", made)
    second = next_second()
    assert pull(SECTION, "apps/web", digest) == size
    pull(SECTION, "apps/db", lacking)
    centre.stop()
    asked = centre.asked(second)
    assert any("apps/db" in request for request in asked)
    assert not any("apps/web" in request for request in asked)


def test_a_section_serves_on_when_the_centre_is_down(registries: Registries, tmp_path: Path) -> None:
    """By digest, with the province up and with the province down, too."""
    centre, province, _ = started(registries, tmp_path)
    made = picture()
    digest = push(CENTRE, "apps/web", "1.0.0", made)
    size = pull(SECTION, "apps/web", digest)
    registries.wait_stored(SECTION, "apps/web", made)
    centre.stop()
    assert pull(SECTION, "apps/web", digest) == size
    province.stop()
    assert pull(SECTION, "apps/web", digest) == size


@pytest.mark.parametrize("shell", [["sh"], ["bash"], ["busybox", "sh"]], ids=" ".join)
def test_a_mirror_comes_up_without_its_upstream(
    registries: Registries, tmp_path: Path, shell: list[str]
) -> None:
    """After a power cut with the line cut: what it holds is served within seconds, and pushes are refused; when the
    upstream is back, what it lacks is fetched."""
    import shutil

    if shutil.which(shell[0]) is None:
        pytest.skip(f"not on this machine: {shell[0]}")
    compiled = compile_tiers(tmp_path / "spec", three())
    centre = registries.centre(CENTRE)
    mirror = registries.mirror(PROVINCE, texts(compiled, "province"), shell)
    centre.start()
    mirror.start()
    mirror.wait_for("serving as proxy.yml")
    made = picture(content="held")
    held = push(CENTRE, "apps/web", "1.0.0", made)
    lacking = push(CENTRE, "apps/db", "1.0.0", picture(content="lacking"))
    size = pull(PROVINCE, "apps/web", held)
    registries.wait_stored(PROVINCE, "apps/web", made)
    mirror.stop()
    centre.stop()
    assert mirror.start() < 5
    assert pull(PROVINCE, "apps/web", held) == size
    with pytest.raises(LookupError, match="404"):
        pull(PROVINCE, "apps/db", lacking)
    with pytest.raises(AssertionError):
        push(PROVINCE, "apps/web", "2.0.0", picture(content="poison"))
    centre.start()
    mirror.wait_for("serving as proxy.yml", times=2)
    assert pull(PROVINCE, "apps/db", lacking) > 0
    assert pull(PROVINCE, "apps/web", held) == size


def test_a_mirror_comes_up_when_its_upstream_accepts_and_says_nothing(
    registries: Registries, tmp_path: Path
) -> None:
    """A registry by itself would wait for ever without serving anybody."""
    compiled = compile_tiers(tmp_path / "spec", three())
    mirror = registries.mirror(PROVINCE, texts(compiled, "province"))
    with socket.create_server(("127.0.0.11", 5000)):
        assert mirror.start() < 5
        mirror.wait_for("serving as plain.yml")
    registries.centre(CENTRE).start()
    mirror.wait_for("serving as proxy.yml")


def test_a_mirror_stops_asking_an_upstream_that_fell_silent(registries: Registries, tmp_path: Path) -> None:
    """So that what it lacks is refused at once and nodes go on to the next tier, instead of waiting for it."""
    compiled = compile_tiers(tmp_path / "spec", three())
    centre, mirror = registries.centre(CENTRE), registries.mirror(PROVINCE, texts(compiled, "province"))
    centre.start()
    mirror.start()
    mirror.wait_for("serving as proxy.yml")
    centre.stop()
    with socket.create_server(("127.0.0.11", 5000)):
        mirror.wait_for("the upstream is silent; serving as plain.yml")
        with pytest.raises(LookupError, match="404"):
            pull(PROVINCE, "apps/web", f"sha256:{'0' * 64}")


def test_a_mirror_ends_when_it_is_told_to(registries: Registries, tmp_path: Path) -> None:
    """The container ends in seconds, and with it everything that it started."""
    _, _, section = started(registries, tmp_path)
    section.stop()
    assert section.running is not None and section.running.returncode == 0


def basic(text: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(text.encode()).decode()}"}


def docker_config(folder: Path, host: str, text: str) -> Path:
    file = folder / "config.json"
    file.write_text(json.dumps({"auths": {host: {"auth": base64.b64encode(text.encode()).decode()}}}))
    return file
