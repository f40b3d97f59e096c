"""The real containerd pulls through hosts.toml files that Milepost rendered."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from compiling import Compilation
from milepost.lower.hosts_faults import hosts_faults
from registry.conftest import needs
from registry.pictures import picture
from registry.running import Process, Registries, push
from registry.test_chain import HTPASSWD, basic
from registry.tiers import compile_tiers, three, tier

pytestmark = [pytest.mark.slow, pytest.mark.acceptance, needs("docker-registry", "containerd", "ctr")]
CENTRE, PROVINCE, SECTION = "127.0.0.11:5000", "127.0.0.12:5000", "127.0.0.13:5000"
HOSTS = "north/bootstrap/hosts/g4"


@dataclass
class Node:
    """A machine's containerd, with a certs.d of its own."""

    folder: Path

    @property
    def certs(self) -> Path:
        return self.folder / "certs.d"

    def prepare(self, compiled: Compilation) -> None:
        """What stands in ``bootstrap/hosts`` for its group, put in place by the script beside it."""
        for path, data in compiled.files.items():
            if path.startswith("north/bootstrap/hosts/"):
                file = self.folder / "tree" / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
        root = self.folder / "tree/north/bootstrap/hosts"
        subprocess.run(["sh", root / "hosts.sh", root / "g4", self.certs], check=True)

    def pull(self, reference: str) -> str:
        """Empty where the pull succeeded, or what containerd said. Unpacking is left out: that takes root."""
        command = ["ctr", "-a", f"{self.folder}/c.sock", "content", "fetch", "--hosts-dir", str(self.certs)]
        done = subprocess.run([*command, reference], capture_output=True, text=True, timeout=60)
        return done.stderr.strip() if done.returncode else ""


@pytest.fixture
def node(registries: Registries, tmp_path: Path) -> Iterator[Node]:
    """Running in the same network as the registries."""
    made = Node(tmp_path / "node")
    made.folder.mkdir()
    config = f'version = 2\nroot = "{made.folder}/root"\nstate = "{made.folder}/state"\n'
    config += (
        f'disabled_plugins = ["io.containerd.grpc.v1.cri"]\n[grpc]\n  address = "{made.folder}/c.sock"\n'
    )
    (made.folder / "config.toml").write_text(config)
    with (made.folder / "log").open("wb") as log:
        running = subprocess.Popen(
            ["containerd", "-c", str(made.folder / "config.toml")], stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait(running, made)
        yield made
    finally:
        running.terminate()
        running.wait(20)


def _wait(running: subprocess.Popen[bytes], node: Node) -> None:
    began = time.monotonic()
    while subprocess.run(["ctr", "-a", f"{node.folder}/c.sock", "version"], capture_output=True).returncode:
        if running.poll() is not None or time.monotonic() - began > 20:
            text = (node.folder / "log").read_text()
            if "operation not permitted" in text:
                pytest.skip("containerd may not run on this machine")
            raise AssertionError(text[-2000:])
        time.sleep(0.05)


def three_running(registries: Registries, root: Path) -> tuple[Compilation, list[Process]]:
    """Three registries that hold the same, each with an access log, instead of a chain: so it shows who was asked."""
    compiled = compile_tiers(root / "spec", three())
    assert not compiled.errors, compiled.said
    running = [registries.centre(address) for address in (SECTION, PROVINCE, CENTRE)]
    for process in running:
        process.start()
    return compiled, running


def asked(process: Process) -> bool:
    return any("/manifests/" in request for request in process.asked())


def test_a_node_asks_the_nearest_tier_alone(registries: Registries, node: Node, tmp_path: Path) -> None:
    """Where the section has an image, neither the province nor the centre hears of the pull."""
    compiled, (section, province, centre) = three_running(registries, tmp_path)
    node.prepare(compiled)
    digest = push(SECTION, "apps/web", "1.0.0", picture())
    assert node.pull(f"{CENTRE}/apps/web@{digest}") == ""
    assert asked(section)
    assert not asked(province) and not asked(centre)


def test_a_dead_first_tier_is_passed_over(registries: Registries, node: Node, tmp_path: Path) -> None:
    """The section is off: the province serves, and the centre is not asked."""
    compiled, (section, province, centre) = three_running(registries, tmp_path)
    node.prepare(compiled)
    section.stop()
    digest = push(PROVINCE, "apps/web", "1.0.0", picture())
    assert node.pull(f"{CENTRE}/apps/web@{digest}") == ""
    assert asked(province) and not asked(centre)


def test_the_centre_is_asked_last(registries: Registries, node: Node, tmp_path: Path) -> None:
    """Section and province are off, or lack the image: `server` is the centre."""
    compiled, (section, _, centre) = three_running(registries, tmp_path)
    node.prepare(compiled)
    section.stop()
    digest = push(CENTRE, "apps/web", "1.0.0", picture())
    assert node.pull(f"{CENTRE}/apps/web@{digest}") == ""
    assert asked(centre)


def test_an_image_pulled_by_its_canonical_name_has_that_name(
    registries: Registries, node: Node, tmp_path: Path
) -> None:
    """Whatever served it: so a pre-pulled image is the one that a pod starts."""
    compiled, _ = three_running(registries, tmp_path)
    node.prepare(compiled)
    digest = push(SECTION, "apps/web", "1.0.0", picture())
    node.pull(f"{CENTRE}/apps/web@{digest}")
    command = ["ctr", "-a", f"{node.folder}/c.sock", "images", "list", "-q"]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert names == [f"{CENTRE}/apps/web@{digest}"]


def test_a_registry_that_is_alone_needs_no_mirror(registries: Registries, node: Node, tmp_path: Path) -> None:
    """A centre without tiers below still has a host table, without which the whole file would be ignored."""
    compiled = compile_tiers(tmp_path / "spec", [tier("centre", "center", f"http://{CENTRE}")])
    node.prepare(compiled)
    assert f'[host."http://{CENTRE}"]' in (node.certs / "127.0.0.11_5000_/hosts.toml").read_text()
    registries.centre(CENTRE).start()
    digest = push(CENTRE, "apps/web", "1.0.0", picture())
    assert node.pull(f"{CENTRE}/apps/web@{digest}") == ""


def test_one_wrong_word_and_no_mirror_is_asked(registries: Registries, node: Node, tmp_path: Path) -> None:
    """Why files are read back strictly: containerd says nothing, and goes past every mirror to the image's own host."""
    compiled, (section, _, centre) = three_running(registries, tmp_path)
    node.prepare(compiled)
    file = node.certs / "127.0.0.11_5000_/hosts.toml"
    file.write_text(file.read_text().replace('"resolve"', '"resolv"', 1))
    assert hosts_faults(file.read_text())
    digest = push(SECTION, "apps/web", "1.0.0", picture())
    assert node.pull(f"{CENTRE}/apps/web@{digest}") != ""
    assert asked(centre) and not asked(section)


@pytest.mark.parametrize("tier_name", ["province", "centre"])
def test_certificate_and_credentials_of_a_tier_are_used(
    registries: Registries, node: Node, tmp_path: Path, tier_name: str
) -> None:
    """Behind HTTPS with a CA of its own, asking for a name: both come from Secrets, beside the file.

    A tier on the way has them in its host table; the centre, which is `server`, at the head of the file.
    """
    address = {"province": PROVINCE, "centre": CENTRE}[tier_name]
    own = {"endpoint": f"https://{address}", "mirror": None, "ca": "ca", "credentials": "login"}
    compiled = compile_tiers(tmp_path / "spec", three(**{tier_name: own}))
    assert not compiled.errors, compiled.said
    auth, tls = _asking(tmp_path, address)
    plain = registries.centre(address, more=auth)
    plain.start()
    digest = push(address, "apps/web", "1.0.0", picture(), basic("bot:secret"))
    plain.stop()
    registries.centre(address, tls=tls, more=auth).start()
    beside = node.folder / "tree/north/bootstrap/hosts/g4/127.0.0.11_5000_"
    beside.mkdir(parents=True)
    (beside / f"{tier_name}.crt").write_bytes((tmp_path / "ca.pem").read_bytes())
    (beside / f"{tier_name}.username").write_text("bot")
    (beside / f"{tier_name}.password").write_text("secret")
    node.prepare(compiled)
    assert node.pull(f"{CENTRE}/apps/web@{digest}") == ""


def _asking(folder: Path, address: str) -> tuple[str, str]:
    """What a registry's configuration says to ask for name and password, and to speak TLS; files are in ``folder``."""
    if shutil.which("openssl") is None:
        pytest.skip("not on this machine: openssl")
    request = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=tier"
    )
    name = f"subjectAltName=IP:{address.partition(':')[0]}"
    files = ["-addext", name, "-keyout", folder / "key.pem", "-out", folder / "ca.pem"]
    subprocess.run([*request.split(), *files], check=True, capture_output=True)
    (folder / "htpasswd").write_text(HTPASSWD)
    auth = f"auth: {{htpasswd: {{realm: test, path: {folder}/htpasswd}}}}\n"
    return auth, f", tls: {{certificate: {folder}/ca.pem, key: {folder}/key.pem}}"
