"""A bundle for a site, filled from a real registry: whole, shared, resumed, checked, and taken by the real containerd."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from compiling import write_files
from edge.fleets import ENDPOINTS, LINE
from registry.conftest import needs
from registry.pictures import Picture, picture
from registry.running import Registries, push
from registry.test_containerd import Node, node
from small import application, component, document, files, fleet, group, image, profile, province

__all__ = ["node"]
pytestmark = [pytest.mark.slow, pytest.mark.acceptance, needs("docker-registry")]
REGISTRY = "127.0.0.11:5000"
NODES = "name,station,profile,roles,address\na1,a,box,server,10.0.0.1\nb1,b,box,server,10.0.0.2\n"
STATIONS = "name,group,type\na,g4,toll-station\nb,g4,toll-station\n"


def milepost(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "milepost", *words], capture_output=True, text=True, timeout=120
    )


@pytest.fixture
def spec(tmp_path: Path, registries: Registries) -> Path:
    """A fleet whose two images are in a registry of this machine, for two architectures, and locked."""
    registries.centre(REGISTRY).start()
    made: dict[str, Picture] = {}
    for name, tag in (("web", "1.0.0"), ("installation-package", "v1.23.1")):
        made[name] = picture(content=name, size=5 * 2**20 if name == "web" else 4096)
        push(REGISTRY, name, tag, made[name])
    images = [image("web"), image("installation-package", ["v1.23.1"])]
    for each in images:
        each["spec"]["repository"] = f"{REGISTRY}/{each['metadata']['name']}"
    edge = {"installation": {"image": "installation-package", "version": "v1.23.1"}}
    documents = [
        *(fleet(), document("AccessProfile", "line", LINE), profile(), group()),
        province(cloudcore={"endpoints": ENDPOINTS}, edge=edge),
        *images,
        application("app", [component("web")]),
    ]
    root = write_files(tmp_path / "spec", files(documents, nodes=NODES, stations=STATIONS).items())
    (root / "images.lock.yaml").unlink()
    done = milepost("images", "lock", str(root))
    assert done.returncode == 0, done.stderr
    return root


def bundle(spec: Path, out: Path, site: str = "a", *more: str) -> subprocess.CompletedProcess[str]:
    return milepost("bundle", site, "--spec", str(spec), "--output", str(out), *more)


def sums(out: Path) -> int:
    return subprocess.run(
        ["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=out, capture_output=True
    ).returncode


def test_a_bundle_has_what_the_site_needs_and_nothing_of_others(spec: Path, tmp_path: Path) -> None:
    """Its node, its architecture, its images; every file is in the checksums, and none holds a secret."""
    out = tmp_path / "bundle"
    done = bundle(spec, out)
    assert done.returncode == 0, done.stderr
    assert sums(out) == 0
    assert {p.name for p in (out / "checklists").iterdir()} == {"a1.txt", "a1.html"}
    assert "b1" not in (out / "bootstrap/join/g4.tsv").read_text()
    index = json.loads((out / "images/index.json").read_text())
    names = {
        entry["annotations"]["io.containerd.image.name"].partition("@")[0] for entry in index["manifests"]
    }
    assert {f"{REGISTRY}/web", f"{REGISTRY}/web:1.0.0", f"{REGISTRY}/installation-package:v1.23.1"} <= names
    listed = {line.split("  ")[1] for line in (out / "SHA256SUMS").read_text().splitlines()}
    assert listed == {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()} - {"SHA256SUMS"}
    # Of the other architecture not even the manifest: the profile is amd64.
    platforms = [entry for entry in _manifests(out, index) if entry["platform"]["architecture"] == "arm64"]
    assert platforms and not any((out / "images/blobs/sha256" / p["digest"][7:]).exists() for p in platforms)
    command = ["sh", str(out / "bootstrap/join/join.sh"), "command", "a1"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "--edgenode-name=a1" in told


def _manifests(out: Path, index: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for entry in index["manifests"]:
        body = json.loads((out / "images/blobs/sha256" / entry["digest"][7:]).read_text())
        found += body["manifests"]
    return found


def test_a_second_run_fetches_nothing_and_a_broken_one_goes_on(spec: Path, tmp_path: Path) -> None:
    """A blob that was begun is not fetched from its start again; one that went bad is fetched anew."""
    out = tmp_path / "bundle"
    first = bundle(spec, out)
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    again = bundle(spec, out)
    assert "0 bytes fetched" in again.stdout and "0 bytes fetched" not in first.stdout
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before
    largest = max((out / "images/blobs/sha256").iterdir(), key=lambda path: path.stat().st_size)
    whole = largest.read_bytes()
    assert len(whole) > 4 * 2**20
    largest.unlink()
    largest.with_name(f"{largest.name}.part").write_bytes(whole[: 3 * 2**20])
    resumed = bundle(spec, out)
    assert f"{len(whole) - 3 * 2**20:,} bytes fetched" in resumed.stdout
    largest.unlink()
    largest.with_name(f"{largest.name}.part").write_bytes(b"x" * (3 * 2**20))
    refused = bundle(spec, out)
    assert refused.returncode == 2 and "not what its digest says" in refused.stderr
    assert not (out / "SHA256SUMS").exists()
    assert bundle(spec, out).returncode == 0 and sums(out) == 0


def test_a_section_shares_its_layers(spec: Path, tmp_path: Path) -> None:
    """Two stations, one copy of each blob."""
    assert bundle(spec, tmp_path / "a").returncode == bundle(spec, tmp_path / "g4", "g4").returncode == 0
    blobs = [{p.name for p in (tmp_path / name / "images/blobs/sha256").iterdir()} for name in ("a", "g4")]
    assert blobs[0] == blobs[1]
    assert len(list((tmp_path / "g4/checklists").iterdir())) == 4


def test_what_is_no_site_is_told_and_nothing_is_written(spec: Path, tmp_path: Path) -> None:
    """With the provinces that were looked at."""
    done = bundle(spec, tmp_path / "x", "nowhere")
    assert done.returncode == 2 and "no section and no station nowhere" in done.stderr
    assert not (tmp_path / "x").exists()


@needs("containerd", "ctr")
def test_containerd_takes_the_images(spec: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """As the check list says it, without any registry, under the names that pods and keadm use."""
    machine: Node = request.getfixturevalue("node")
    out = tmp_path / "bundle"
    assert bundle(spec, out).returncode == 0
    line = next(t for t in (out / "checklists/a1.txt").read_text().splitlines() if "ctr -n k8s.io" in t)
    command = (
        line.removeprefix("[ ] ").rpartition("   (")[0].replace("ctr ", f"ctr -a {machine.folder}/c.sock ")
    )
    done = subprocess.run(
        ["sh", "-c", f"{command.replace('import', 'import --no-unpack')}"],
        cwd=out,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    listing = ["ctr", "-a", f"{machine.folder}/c.sock", "-n", "k8s.io", "images", "list", "-q"]
    names = subprocess.run(listing, capture_output=True, text=True, check=True).stdout.split()
    assert f"{REGISTRY}/installation-package:v1.23.1" in names
    assert any(name.startswith(f"{REGISTRY}/web@sha256:") for name in names)
