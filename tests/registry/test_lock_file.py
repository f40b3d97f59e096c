"""``images.lock.yaml`` as bytes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import yaml

from milepost.model.spec import ImageLock
from milepost.registry import lock_text, write_lock

EXAMPLE = Path(__file__).parents[2] / "fleet-spec"
SHA = "sha256:" + "0" * 64


def entry(repository: str = "registry.example/a") -> dict[str, object]:
    platform = {"digest": SHA, "size": 3, "layers": [{"digest": SHA, "size": 3}]}
    return {"repository": repository, "digest": SHA, "platforms": {"arm64": platform, "amd64": platform}}


def lock(images: dict[str, object]) -> ImageLock:
    body = {"apiVersion": "milepost.dev/v1alpha1", "kind": "ImageLock", "images": images}
    return ImageLock.model_validate(body)


def test_the_example_s_lock_is_what_would_be_written() -> None:
    """Reading the file and writing it again gives the same bytes, the comments at its head included."""
    text = (EXAMPLE / "images.lock.yaml").read_text(encoding="utf-8")
    again = lock_text(ImageLock.model_validate(yaml.safe_load(text)), text[: text.index("apiVersion")])
    assert again == text


@pytest.mark.parametrize(
    "tag", ["1.10", "1e5", "08", "null", "2026-01-01", "7.2.5", "v1.2", "0x1F", "latest", "1_0"]
)
def test_every_tag_and_name_is_read_back_as_text(tag: str) -> None:
    """What YAML would take for a number, a date or a truth value is quoted."""
    made = lock({"y": {tag: [entry()]}, "on": {tag: [entry()]}, "redis": {tag: [entry()]}})
    read = yaml.load(lock_text(made), yaml.CSafeLoader)
    assert ImageLock.model_validate(read) == made


def test_order_of_input_does_not_show() -> None:
    """Images, versions, repositories and platforms are sorted."""
    images = {
        f"image-{n}": {f"1.0.{v}": [entry("r.example/b"), entry("r.example/a")] for v in range(3)}
        for n in range(5)
    }
    first = lock_text(lock(images))  # type: ignore[arg-type]
    names = list(images)
    random.Random(1).shuffle(names)
    assert lock_text(lock({name: images[name] for name in names})) == first
    assert first.index("amd64") < first.index("arm64")
    assert first.index("r.example/a") < first.index("r.example/b")


def test_comments_at_the_head_stay(tmp_path: Path) -> None:
    """What a person wrote above the lock is not the lock's to remove."""
    file = tmp_path / "images.lock.yaml"
    file.write_text("# ours\n#\n# more\n" + lock_text(lock({}), ""))
    assert write_lock(tmp_path, lock({"redis": {"7.2.5": [entry()]}}))
    assert file.read_text().startswith("# ours\n#\n# more\napiVersion:")


def test_an_unchanged_lock_is_not_written(tmp_path: Path) -> None:
    """The file's time stays as it was, so nothing that watches it wakes up."""
    made = lock({"redis": {"7.2.5": [entry()]}})
    assert write_lock(tmp_path, made)
    before = (tmp_path / "images.lock.yaml").stat()
    assert not write_lock(tmp_path, made)
    assert (tmp_path / "images.lock.yaml").stat().st_mtime_ns == before.st_mtime_ns


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves the old lock whole and nothing beside it."""
    write_lock(tmp_path, lock({}))
    before = (tmp_path / "images.lock.yaml").read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_lock(tmp_path, lock({"redis": {"7.2.5": [entry()]}}))
    assert [p.name for p in tmp_path.iterdir()] == ["images.lock.yaml"]
    assert (tmp_path / "images.lock.yaml").read_bytes() == before


def test_a_new_lock_can_be_read_by_everybody(tmp_path: Path) -> None:
    """It is no secret: the mode is that of any file of the spec, and an old one keeps its own."""
    write_lock(tmp_path, lock({}))
    file = tmp_path / "images.lock.yaml"
    assert file.stat().st_mode & 0o777 == 0o644
    file.chmod(0o600)
    write_lock(tmp_path, lock({"redis": {"7.2.5": [entry()]}}))
    assert file.stat().st_mode & 0o777 == 0o600
