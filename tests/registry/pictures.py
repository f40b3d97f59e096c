"""Images made of nothing but the standard library: an index over a Linux image for each architecture.

Each layer is a tar with a static program that exits 0, so a container of it runs. The same arguments give the same
digests on every machine.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import struct
import tarfile
from dataclasses import dataclass, field
from typing import Any

OCI = "application/vnd.oci.image"
INDEX, MANIFEST, CONFIG = f"{OCI}.index.v1+json", f"{OCI}.manifest.v1+json", f"{OCI}.config.v1+json"
LAYER = f"{OCI}.layer.v1.tar+gzip"
_EXIT = {
    "amd64": (62, "b83c00000031ff0f05"),  # mov eax, 60; xor edi, edi; syscall
    "arm64": (183, "a80b8052000080d2010000d4"),  # mov w8, 93; mov x0, 0; svc 0
}
"""ELF's number of the machine, and the code of a program that exits 0."""


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


@dataclass
class Picture:
    """Blobs and manifests by digest, and the index over them."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    manifests: dict[str, bytes] = field(default_factory=dict)
    layers: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    """By architecture: digest and size of each layer."""
    index: bytes = b""

    @property
    def digest(self) -> str:
        return digest(self.index)


def picture(
    architectures: tuple[str, ...] = ("amd64", "arm64"), content: str = "", size: int = 4096
) -> Picture:
    """An image; ``content`` tells one from another, ``size`` is about the bytes of a layer."""
    made, entries = Picture(), []
    for architecture in architectures:
        data = add_image(made, architecture, content, size)
        platform = {"architecture": architecture, "os": "linux"}
        entries.append(
            {"mediaType": MANIFEST, "digest": digest(data), "size": len(data), "platform": platform}
        )
    made.index = as_json({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries})
    return made


def add_image(made: Picture, architecture: str, content: str, size: int) -> bytes:
    """Add one platform's image to ``made``; give its manifest."""
    tar = _layer(architecture, content, size)
    layer = gzip.compress(tar, 6, mtime=0)
    config = as_json(
        {
            "architecture": architecture,
            "os": "linux",
            "config": {"Entrypoint": ["/bin/app"], "Env": ["PATH=/bin"]},
            "rootfs": {"type": "layers", "diff_ids": [digest(tar)]},
            "history": [{"created_by": "test"}],
        }
    )
    for blob in (layer, config):
        made.blobs[digest(blob)] = blob
    manifest = as_json(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {"mediaType": CONFIG, "digest": digest(config), "size": len(config)},
            "layers": [{"mediaType": LAYER, "digest": digest(layer), "size": len(layer)}],
        }
    )
    made.manifests[digest(manifest)] = manifest
    made.layers[architecture] = [(digest(layer), len(layer))]
    return manifest


def as_json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _layer(architecture: str, content: str, size: int) -> bytes:
    packed = io.BytesIO()
    noise = hashlib.shake_256(f"{architecture} {content}".encode()).digest(size)
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, data, mode in (("bin/app", _program(architecture), 0o755), ("etc/noise", noise, 0o644)):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(data), mode, 0
            tar.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


def _program(architecture: str) -> bytes:
    """A static ELF64 file: its header, one program header, and code."""
    machine, code = _EXIT[architecture][0], bytes.fromhex(_EXIT[architecture][1])
    base, start = 0x400000, 64 + 56
    header = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    header += struct.pack("<HHIQQQIHHHHHH", 2, machine, 1, base + start, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    segment = struct.pack("<IIQQQQQQ", 1, 5, 0, base, base, start + len(code), start + len(code), 0x1000)
    return header + segment + code
