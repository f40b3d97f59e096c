"""OCI artifacts in Flux's form: the same tree is the same bytes, whoever makes it and whenever.

``fluxcd/flux2: cmd/flux/push_artifact.go`` gives the media types and, for ``--reproducible``, the fixed moment. The
compressed bytes are those of the zlib at hand; that another zlib's differ is why the tree's digest is an annotation.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tarfile
import zlib
from collections.abc import Mapping

from milepost.model.record import by_value
from milepost.publish.source_commit import SourceCommit
from milepost.publish.trees import ProvinceTree

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.cncf.flux.config.v1+json"
CONTENT = "application/vnd.cncf.flux.content.v1.tar+gzip"
TREE = "dev.milepost.tree"
"""Annotation of the manifest: the digest of the tree, ``ProvinceTree.digest``."""
SOURCE, SOURCE_DATE = "dev.milepost.source", "dev.milepost.source-date"
"""Annotations: the commit of the spec, as a publisher of an older one must know it, and its date."""
PARENT = "dev.milepost.parent"
"""Annotation: the digest of the manifest that this one takes the place of, as its publisher saw it under the tag."""

_MOMENT = "1970-01-01T00:00:00Z"


@by_value
class Blob:
    """A blob of an artifact: bytes and what they are."""

    media_type: str
    data: bytes

    @property
    def digest(self) -> str:
        return f"sha256:{hashlib.sha256(self.data).hexdigest()}"

    @property
    def descriptor(self) -> dict[str, object]:
        return {"mediaType": self.media_type, "digest": self.digest, "size": len(self.data)}


@by_value
class Artifact:
    """An OCI artifact: one layer, its configuration, and what its manifest tells of them."""

    config: Blob
    content: Blob
    annotations: Mapping[str, str]

    def manifest(self, parent: str | None = None) -> Blob:
        """Names the other two; ``parent`` is the digest of the manifest that it follows under its tag."""
        told = {**self.annotations, **({PARENT: parent} if parent else {})}
        body = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self.config.descriptor,
            "layers": [self.content.descriptor],
            "annotations": told,
        }
        return Blob(MANIFEST, _json(body))


def artifact(tree: ProvinceTree, source: SourceCommit | None = None) -> Artifact:
    """The tree as one layer; the manifest also tells ``source``."""
    archive = _tar(tree)
    content = Blob(CONTENT, _gzip(archive))
    rootfs = {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(archive).hexdigest()}"]}
    config = Blob(
        CONFIG, _json({"architecture": "", "os": "", "config": {}, "created": _MOMENT, "rootfs": rootfs})
    )
    annotations = {
        TREE: tree.digest,
        "org.opencontainers.image.created": _MOMENT,
        # The tree's digest and not the commit: a new commit that changes nothing in this
        # province would otherwise be a new artifact, and every cluster would fetch it.
        "org.opencontainers.image.revision": tree.digest,
        "org.opencontainers.image.title": tree.province,
        **({SOURCE: source.id, SOURCE_DATE: source.date} if source else {}),
    }
    return Artifact(config, content, annotations)


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _tar(tree: ProvinceTree) -> bytes:
    """Files in order of path, without owner and time, so that equal trees give equal bytes."""
    out = io.BytesIO()
    # PAX takes names of any length; USTAR ends at 100 characters without a prefix.
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in tree.files:
            data = tree.read(path)
            # TarInfo starts with owner 0, group 0 and time 0; gettarinfo() would take those of the disk, and the digest
            # would differ from machine to machine.
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(data), 0o644
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def _gzip(data: bytes) -> bytes:
    """RFC 1952 with every optional field zero, so that neither time nor system shows."""
    # Not gzip.compress(): what it writes of time and system has changed between versions of Python.
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(data) + deflate.flush()
    tail = struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
    # Magic, deflate, no flags, time 0, "slowest" and "unknown system".
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + body + tail
