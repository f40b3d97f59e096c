"""Artifacts in a real registry: pushed once, whole or not at all, and pulled back as the tree that they are."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from milepost.publish import oci
from milepost.publish.artifact import Blob
from milepost.publish.oci import PushedArtifact, push
from milepost.publish.push_registry import PushError, PushRegistry
from milepost.publish.source_commit import SourceCommit
from milepost.publish.standing import Conditions, LostRaceError, PushState
from milepost.publish.trees import trees
from milepost.registry import Credentials, HttpPool
from milepost.registry.address import Address
from milepost.registry.errors import RegistryError
from publish.forest import for_cluster, province, write
from registry.isolation import loopback_only
from registry.running import PROGRAM, Process, Registries, request

pytestmark = [
    pytest.mark.slow,
    pytest.mark.acceptance,
    pytest.mark.skipif(shutil.which(PROGRAM) is None, reason=f"not on this machine: {PROGRAM}"),
]
SETTLE = 0.8
"""Seconds: on loopback a tag is moved in some milliseconds, unless the machine is busy."""
MANIFEST = {"Accept": "application/vnd.oci.image.manifest.v1+json"}


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Process]:
    with loopback_only():
        running = Registries(tmp_path)
        try:
            centre = running.centre("127.0.0.77:5000")
            centre.start()
            yield centre
        finally:
            running.stop()


def pushed(
    rendered: Path,
    registry: Process,
    tag: str = "{province}",
    source: SourceCommit | None = None,
    settle: float = SETTLE,
    **options: bool,
) -> list[PushedArtifact]:
    url = f"oci://{registry.address}/rendered/{{province}}"
    rules = Conditions(rendered, source, **options)
    return push(trees(rendered), url, tag, HttpPool(), Credentials(), rules, settle=settle)


def pulled(registry: Process, repository: str, tag: str) -> dict[str, str]:
    """The files of an artifact, as an agent unpacks them."""
    manifest = json.loads(request(registry.address, "GET", f"/v2/{repository}/manifests/{tag}", MANIFEST)[2])
    layer = request(registry.address, "GET", f"/v2/{repository}/blobs/{manifest['layers'][0]['digest']}")[2]
    with tarfile.open(fileobj=io.BytesIO(layer), mode="r:gz") as archive:
        return {member.name: archive.extractfile(member).read().decode() for member in archive}  # type: ignore[union-attr]


def test_each_province_is_an_artifact_of_its_own(registry: Process, tmp_path: Path) -> None:
    """The tag is the province's name, the content its tree."""
    files = province() | province("qinghai", {"g6": ["x"]})
    done = pushed(write(files, tmp_path / "rendered"), registry)
    assert [each.new for each in done] == [True, True]
    for name in ("hunan", "qinghai"):
        assert pulled(registry, f"rendered/{name}", name) == for_cluster(files, name)
    stated = request(registry.address, "HEAD", "/v2/rendered/hunan/manifests/hunan", MANIFEST)[1]
    assert stated["Docker-Content-Digest"] == done[0].digest


def test_an_unchanged_tree_is_not_pushed(registry: Process, tmp_path: Path) -> None:
    """One question and nothing sent; a changed one moves its tag."""
    rendered = write(province(), tmp_path / "rendered")
    first = pushed(rendered, registry)[0]
    sent = _writes(registry)
    again = pushed(rendered, registry)[0]
    assert (again.digest, again.new) == (first.digest, False)
    assert _writes(registry) == sent
    write({"hunan/groups/g4/a.yaml": "kind: X\n"}, rendered)
    assert pushed(rendered, registry)[0].new
    assert pulled(registry, "rendered/hunan", "hunan")["groups/g4/a.yaml"] == "kind: X\n"


def test_what_is_there_already_is_not_sent_again(registry: Process, tmp_path: Path) -> None:
    """Another tag for the same tree costs a manifest."""
    rendered = write(province(), tmp_path / "rendered")
    pushed(rendered, registry)
    sent = _writes(registry)
    pushed(rendered, registry, tag="stable")
    assert [row.split(" ")[0] for row in _writes(registry)[len(sent) :]] == ["PUT"]


def test_a_dry_run_pushes_nothing(registry: Process, tmp_path: Path) -> None:
    """It says what it would push, and under which digest."""
    done = pushed(write(province(), tmp_path / "rendered"), registry, dry_run=True)
    assert done[0].new and not _writes(registry)


MOMENTS = ("2026-01-01T00:00:00+00:00", "2026-02-01T00:00:00+00:00")
OLD, NEW = (SourceCommit(name * 40, moment, "", "") for name, moment in zip("ab", MOMENTS, strict=True))


def test_an_older_commit_never_takes_the_place_of_a_newer_one(registry: Process, tmp_path: Path) -> None:
    """As on a branch: it is left alone, unless that is wished."""
    new, old = write(province(), tmp_path / "new"), write(province(version="1.3.0"), tmp_path / "old")
    pushed(new, registry, source=NEW)
    assert pushed(old, registry, source=OLD)[0].state is PushState.NEWER
    assert pulled(registry, "rendered/hunan", "hunan") == for_cluster(province())
    assert pushed(old, registry, source=OLD, allow_older=True)[0].state is PushState.PUBLISHED
    assert pulled(registry, "rendered/hunan", "hunan") == for_cluster(province(version="1.3.0"))


def test_what_somebody_else_pushed_is_left_alone(registry: Process, tmp_path: Path) -> None:
    """Under the same tag, by whatever program: it may be a hot fix."""
    rendered = write(province(), tmp_path / "rendered")
    pushed(rendered, registry)
    theirs = b'{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[]}'
    manifest = json.loads(request(registry.address, "GET", "/v2/rendered/hunan/manifests/hunan", MANIFEST)[2])
    body = theirs % json.dumps(manifest["config"]).encode()
    kind = {"Content-Type": MANIFEST["Accept"]}
    assert request(registry.address, "PUT", "/v2/rendered/hunan/manifests/hunan", kind, body)[0] == 201
    assert pushed(rendered, registry)[0].state is PushState.FOREIGN
    assert pushed(rendered, registry, dry_run=True)[0].state is PushState.FOREIGN
    assert request(registry.address, "GET", "/v2/rendered/hunan/manifests/hunan", MANIFEST)[2] == body
    assert pushed(rendered, registry, over_foreign=True)[0].state is PushState.PUBLISHED
    assert pulled(registry, "rendered/hunan", "hunan") == for_cluster(province())


def held_up(monkeypatch: pytest.MonkeyPatch, before: Callable[[], object], *, times: int = 1) -> None:
    """``before`` happens between a publisher's last look at a tag and its move of it."""
    move, left = PushRegistry.push_manifest, times

    def slow(self: PushRegistry, address: Address, tag: str, manifest: Blob) -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            before()
        move(self, address, tag, manifest)

    monkeypatch.setattr(PushRegistry, "push_manifest", slow)


def history(registry: Process) -> list[str]:
    """The levels of Hunan's artifacts, from the one under the tag to the first, by the word of each of its parent."""
    found, name = [], "hunan"
    while name:
        status, _, body = request(registry.address, "GET", f"/v2/rendered/hunan/manifests/{name}", MANIFEST)
        if status == 500:
            # The plain registry's answer in the very moment that somebody moves the tag.
            continue
        name = f"sha256:{hashlib.sha256(body).hexdigest()}"
        files = pulled(registry, "rendered/hunan", name)
        found.append(files["groups/g4/a.yaml"].partition("value: ")[2].partition("\n")[0])
        name = json.loads(body)["annotations"].get("dev.milepost.parent", "")
    return found


def level(name: str) -> dict[str, str]:
    return {path: text.replace("value: info", f"value: {name}") for path, text in province().items()}


def test_whoever_was_overtaken_unseen_publishes_on_top(
    registry: Process, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the last look of one and its move, another one moves the tag: nobody's work is lost, as on a branch."""
    first, slow, quick = (write(level(name), tmp_path / name) for name in ("first", "slow", "quick"))
    pushed(first, registry)
    done: list[Future[list[PushedArtifact]]] = []
    with ThreadPoolExecutor() as pool:

        def overtaken() -> None:
            done.append(pool.submit(pushed, quick, registry, settle=3))
            while history(registry)[0] != "quick":
                time.sleep(0.01)

        held_up(monkeypatch, overtaken)
        assert pushed(slow, registry, settle=3)[0].state is PushState.PUBLISHED
        assert done[0].result()[0].state is PushState.PUBLISHED
    assert history(registry) == ["quick", "slow", "first"]


def test_a_newer_commit_wins_the_race(
    registry: Process, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older one covered it, and puts it back by leaving it alone the second time; or the newer one does."""
    new, old = (write(level(name), tmp_path / name) for name in ("new", "old"))
    done: list[Future[list[PushedArtifact]]] = []
    with ThreadPoolExecutor() as pool:

        def overtaken() -> None:
            done.append(pool.submit(pushed, new, registry, source=NEW, settle=3))
            while not _stands(registry):
                time.sleep(0.01)

        held_up(monkeypatch, overtaken)
        pushed(old, registry, source=OLD, settle=3)
        assert done[0].result()[0].state is PushState.PUBLISHED
    assert history(registry) == ["new", "old"]


def _stands(registry: Process) -> bool:
    return request(registry.address, "GET", "/v2/rendered/hunan/manifests/hunan", MANIFEST)[0] == 200


def test_a_move_that_took_too_long_is_told(
    registry: Process, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who covers what it did not see, later than others wait for it, is the only one who can know."""
    held_up(monkeypatch, lambda: time.sleep(2 * SETTLE))
    with pytest.raises(PushError, match=r"rendered/hunan:hunan was pushed, but took [1-9] s"):
        pushed(write(province(), tmp_path / "rendered"), registry)


def test_whoever_is_covered_every_time_says_so(
    registry: Process, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a publisher that does not wait for anybody."""
    monkeypatch.setattr(oci, "_ATTEMPTS", 2)
    number = iter(range(9))

    def covered(self: object) -> bool:
        rendered = write(level(f"l{next(number)}"), tmp_path / "theirs")
        monkeypatch.setattr("milepost.publish.oci._Turn.holds", lambda self: True)
        pushed(rendered, registry)
        monkeypatch.setattr("milepost.publish.oci._Turn.holds", covered)
        return False

    monkeypatch.setattr("milepost.publish.oci._Turn.holds", covered)
    with pytest.raises(LostRaceError, match="rendered/hunan:hunan"):
        pushed(write(level("mine"), tmp_path / "mine"), registry)


def test_a_registry_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    """And an address that is none as well."""
    found = trees(write(province(), tmp_path))
    with pytest.raises(RegistryError, match="cannot be reached"):
        push(found, "oci://127.0.0.78:5000/x", "t", HttpPool(), Credentials(), Conditions(tmp_path, None))
    with pytest.raises(PushError, match="oci://HOST"):
        push(found, "https://127.0.0.78:5000/x", "t", HttpPool(), Credentials(), Conditions(tmp_path, None))


def test_a_refused_name_is_told_in_the_registrys_words(registry: Process, tmp_path: Path) -> None:
    """A tag cannot hold a slash."""
    with pytest.raises(PushError):
        pushed(write(province(), tmp_path / "rendered"), registry, tag="province/hunan")


def _writes(registry: Process) -> list[str]:
    """Requests that change something, from the registry's own log."""
    rows = registry.log.read_text(errors="replace").splitlines()
    quoted = [row.split('"')[1] for row in rows if row.count('"') > 1]
    return [row for row in quoted if row.startswith(("POST /v2/", "PUT /v2/"))]
