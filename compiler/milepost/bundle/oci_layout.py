"""An OCI image layout on disk, filled from a registry: blobs by digest, so that layers are shared and a run is resumed.

A blob is fetched in pieces into a file of its own and gets its name only when its digest is right. What is there already is not
fetched again; what was begun goes on where it ended. ``ctr images import`` takes the layout as a tar, ``skopeo`` as it stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from milepost.bundle.site_images import SiteImage
from milepost.registry.address import Address
from milepost.registry.client import RegistryClient
from milepost.registry.errors import UnusableImageError
from milepost.staging import replace_file

PIECE = 2 * 2**20
"""Bytes of a blob that are asked for at once."""
NAME = "io.containerd.image.name"
"""The annotation by which containerd names what it imports."""


class OciLayout:
    """A layout below ``folder``."""

    def __init__(self, folder: Path, client: RegistryClient, mirror: str | None) -> None:
        """``mirror`` is the address, with its scheme, of a registry to ask instead of those that images name."""
        self._blobs = folder / "blobs/sha256"
        self._folder, self._client, self._mirror = folder, client, mirror
        self.fetched = 0
        """Bytes that came over the network."""

    def add(self, images: Iterable[SiteImage]) -> None:
        """Every image with all that its manifests name, then the index. Raises RegistryError."""
        self._blobs.mkdir(parents=True, exist_ok=True)
        entries = [entry for image in images for entry in self._image(image)]
        index = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.index.v1+json",
            "manifests": entries,
        }
        replace_file(self._folder / "oci-layout", b'{"imageLayoutVersion": "1.0.0"}\n')
        # Last: a layout without an index is plainly not whole.
        replace_file(self._folder / "index.json", (json.dumps(index, indent=1) + "\n").encode())

    def _image(self, image: SiteImage) -> Iterator[dict[str, Any]]:
        """Its entries in the index: pods name it by its digest, keadm its installation package by the tag."""
        address = self._address(image.repository)
        for _, digest in image.platforms:
            for blob, size in self._named(self._manifest(address, digest)):
                self._blob(address, blob, size)
        body = self._manifest(address, image.digest)
        media_type = json.loads(body).get("mediaType") or "application/vnd.oci.image.index.v1+json"
        for name in (f"{image.repository}@{image.digest}", f"{image.repository}:{image.version}"):
            yield {
                "mediaType": media_type,
                "digest": image.digest,
                "size": len(body),
                "annotations": {NAME: name, "org.opencontainers.image.ref.name": image.version},
            }

    def _address(self, repository: str) -> Address:
        found = Address.of(repository)
        return (
            found if self._mirror is None else Address(found.host, self._mirror.rstrip("/"), found.repository)
        )

    def _manifest(self, address: Address, digest: str) -> bytes:
        path = self._path(digest)
        if not path.exists():
            content = self._client.manifest(address, digest)
            self.fetched += len(content.body)
            replace_file(path, content.body)
        return path.read_bytes()

    def _named(self, manifest: bytes) -> Iterator[tuple[str, int]]:
        body = json.loads(manifest)
        for descriptor in (body.get("config"), *body.get("layers", ())):
            if isinstance(descriptor, dict):
                yield str(descriptor.get("digest")), int(descriptor.get("size") or 0)

    def _blob(self, address: Address, digest: str, size: int) -> None:
        path = self._path(digest)
        if path.exists():
            return
        begun = path.with_name(f"{path.name}.part")
        with begun.open("ab") as file:
            while (there := file.tell()) < size:
                piece = self._client.piece(address, digest, there, min(size, there + PIECE) - 1)
                file.write(piece)
                self.fetched += len(piece)
        if _digest(begun) != digest:
            begun.unlink()
            raise UnusableImageError(f"what {address.host} gave for {digest} is not what its digest says")
        begun.rename(path)

    def _path(self, digest: str) -> Path:
        return self._blobs / digest.removeprefix("sha256:")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
