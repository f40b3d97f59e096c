"""Images of the generated fleet, and a lock file for them.

The registry does not exist, so a digest is the SHA-256 of a string that names the thing; layers that images share are
named alike, so a release moves as few bytes as a real one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from milepost.model.record import by_value

REGISTRY = "registry.tolling.example"
MEGABYTE = 1_000_000
OWN_LAYER = "own"
"""The layer that every version has for itself; all others are shared."""
BOTH = ("amd64", "arm64")
BASE, RUNTIME = ("base", 28.3), ("runtime", 41.2)


@by_value
class SampleImage:
    """An image of the generated fleet.

    Layers are (name, megabytes); without ``apart`` one index covers all architectures, otherwise each has a repository.
    """

    name: str
    path: str
    versions: tuple[str, str]
    layers: tuple[tuple[str, float], ...]
    architectures: tuple[str, ...] = BOTH
    apart: bool = False

    def repositories(self) -> dict[str, tuple[str, ...]]:
        """Repository to the architectures in it."""
        stem = f"{REGISTRY}/{self.path}/{self.name}"
        if not self.apart:
            return {stem: self.architectures}
        return {f"{stem}-{architecture}": (architecture,) for architecture in self.architectures}


IMAGES = (
    SampleImage("collector", "platform", ("0.31.0", "0.32.0"), (BASE, (OWN_LAYER, 16.2))),
    SampleImage("db-backup", "tolling", ("0.9.1", "0.9.2"), (BASE, (OWN_LAYER, 24.7)), ("amd64",)),
    SampleImage("gantry-antenna", "tolling", ("2.4.0", "2.4.1"), (BASE, (OWN_LAYER, 8.8))),
    SampleImage("gantry-core", "tolling", ("3.0.4", "3.1.0"), (BASE, RUNTIME, (OWN_LAYER, 31.9))),
    SampleImage("gantry-uplink", "tolling", ("3.0.4", "3.1.0"), (BASE, RUNTIME, (OWN_LAYER, 7.5))),
    SampleImage("keepalived", "mirror", ("2.2.8", "2.2.9"), (BASE, (OWN_LAYER, 5.4))),
    SampleImage("lane-antenna", "tolling", ("2.4.0", "2.4.1"), (BASE, (OWN_LAYER, 8.1))),
    SampleImage("lane-backend", "tolling", ("1.4.2", "1.5.0"), (BASE, RUNTIME, (OWN_LAYER, 22.8))),
    SampleImage("lane-frontend", "tolling", ("1.4.2", "1.5.0"), (BASE, ("web", 11.6), (OWN_LAYER, 9.4))),
    SampleImage("lane-video", "tolling", ("1.4.0", "1.4.1"), (BASE, ("media", 33.0), (OWN_LAYER, 12.3))),
    SampleImage("lane-watchdog", "tolling", ("1.1.0", "1.2.0"), ((OWN_LAYER, 3.1),), ("arm64",)),
    SampleImage("mysql", "mirror", ("8.0.39", "8.0.40"), (("base-mysql", 47.6), (OWN_LAYER, 118.4))),
    SampleImage(
        "plate-recognition",
        "vendor",
        ("5.2.0", "5.2.1"),
        (("vendor-base", 64.5), ("models", 142.0), (OWN_LAYER, 18.6)),
        apart=True,
    ),
    SampleImage("redis", "mirror", ("7.2.5", "7.2.6"), (("base-mirror", 29.1), (OWN_LAYER, 11.9))),
    SampleImage("registry-mirror", "mirror", ("2.8.2", "2.8.3"), (("base-alpine", 3.4), (OWN_LAYER, 6.6))),
    SampleImage("sign-driver", "tolling", ("0.5.0", "0.6.0"), (BASE, (OWN_LAYER, 5.5))),
    SampleImage(
        "sign-planner", "tolling", ("0.5.0", "0.6.0"), (BASE, RUNTIME, (OWN_LAYER, 14.0)), ("amd64",)
    ),
    SampleImage(
        "station-report", "tolling", ("1.4.2", "1.5.0"), (BASE, RUNTIME, (OWN_LAYER, 19.4)), ("amd64",)
    ),
    SampleImage(
        "station-service", "tolling", ("1.4.2", "1.5.0"), (BASE, RUNTIME, (OWN_LAYER, 37.5)), ("amd64",)
    ),
)


def image_documents() -> str:
    """Every Image, as one file."""
    return "---\n".join(_document(image) for image in IMAGES)


def lock_document() -> str:
    """``images.lock.yaml``."""
    lines = [
        "# The registry of this fleet does not exist: each digest is the SHA-256 of a string that names the thing,",
        f"# such as `{REGISTRY}/tolling/lane-backend:1.5.0 linux/arm64` for a platform of an image.",
        "apiVersion: milepost.dev/v1alpha1",
        "kind: ImageLock",
        "images:",
    ]
    for image in IMAGES:
        lines.append(f"  {image.name}:")
        for version in image.versions:
            lines.append(f"    {version}:")
            for repository, architectures in image.repositories().items():
                lines += _entry(image, f"{repository}:{version}", architectures)
    return "\n".join([*lines, ""])


def _document(image: SampleImage) -> str:
    repositories = image.repositories()
    lines = [f"    {of[0]}: {repository}" for repository, of in repositories.items()]
    where = "\n".join(["repositories:", *lines]) if image.apart else f"repository: {next(iter(repositories))}"
    return f"""\
apiVersion: milepost.dev/v1alpha1
kind: Image
metadata:
  name: {image.name}
spec:
  {where}
  versions: ["{'", "'.join(image.versions)}"]
"""


def _entry(image: SampleImage, reference: str, architectures: tuple[str, ...]) -> Iterator[str]:
    manifest = f" linux/{architectures[0]}" if image.apart else ""
    yield f"      - repository: {reference.rpartition(':')[0]}"
    yield f"        digest: {_digest(reference + manifest)}"
    yield "        platforms:"
    for architecture in architectures:
        layers = [_layer(reference, architecture, name, size) for name, size in image.layers]
        yield f"          {architecture}:"
        yield f"            digest: {_digest(f'{reference} linux/{architecture}')}"
        yield f"            size: {sum(size for _, size in layers)}"
        yield "            layers:"
        yield from (f"              - {{digest: {digest}, size: {size}}}" for digest, size in layers)


def _layer(reference: str, architecture: str, name: str, megabytes: float) -> tuple[str, int]:
    owner = f"{reference} " if name == OWN_LAYER else ""
    return _digest(f"{owner}linux/{architecture} {name}"), round(megabytes * MEGABYTE)


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
