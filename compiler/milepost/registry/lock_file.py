"""The lock file ``images.lock.yaml`` as bytes: the same lock, the same bytes, put in place whole or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from milepost.model.document import LOCK
from milepost.model.spec import API_VERSION, ImageLock
from milepost.model.spec.image_lock import LockedPlatform, LockedVersion
from milepost.staging import clean, leftovers, locked, replace_file

HEAD = """\
# yaml-language-server: $schema=../schemas/spec/imagelock.json
# Written by `milepost images lock`; compile reads digests, platforms and sizes here and never asks the network.
"""
_PLAIN_TAG = re.compile(r"v?[0-9]+(\.[0-9]+){2,}(-[A-Za-z0-9.-]+)?")
_PLAIN_NAME = re.compile(r"[a-z][-a-z0-9]*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Names that some YAML reader takes for a truth value or nothing."""


def lock_text(lock: ImageLock, head: str = HEAD) -> str:
    """The file's text; ``head`` are the comments before it."""
    lines = [f"{head}apiVersion: {API_VERSION}", "kind: ImageLock"]
    # An empty key would be null, which the model of the lock refuses.
    lines.append("images:" if lock.images else "images: {}")
    for name, versions in sorted(lock.images.items()):
        lines.append(f"  {_name(name)}:")
        for tag, entries in sorted(versions.items()):
            lines.append(f"    {_tag(tag)}:")
            for entry in sorted(entries, key=lambda e: e.repository):
                lines += _entry(entry)
    return "\n".join(lines) + "\n"


def write_lock(root: Path, lock: ImageLock) -> bool:
    """Write the lock file of the fleet spec at ``root``, keeping the comments at its head; say whether it changed.

    Raises OSError. What was there stays whole until the new file is.
    """
    path = root / LOCK
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    new = lock_text(lock, _head(old) or HEAD)
    # Untouched, so that build tools that go by time see no change.
    if new == old:
        # What a run left that was killed when its work was done.
        if leftovers(root):
            with locked(root):
                clean(root)
        return False
    replace_file(path, new.encode())
    return True


def _head(text: str) -> str:
    lines = []
    for line in text.splitlines(keepends=True):
        if not line.startswith("#") and line.strip():
            break
        lines.append(line)
    return "".join(lines).rstrip("\n") + "\n" if lines else ""


def _entry(entry: LockedVersion) -> Iterator[str]:
    yield f"      - repository: {entry.repository}"
    yield f"        digest: {entry.digest}"
    yield "        platforms:"
    for architecture, platform in sorted(entry.platforms.items()):
        yield f"          {architecture}:"
        yield from _platform(platform)


def _platform(platform: LockedPlatform) -> Iterator[str]:
    yield f"            digest: {platform.digest}"
    yield f"            size: {platform.size}"
    if platform.layers:
        yield "            layers:"
        yield from (
            f"              - {{digest: {layer.digest}, size: {layer.size}}}" for layer in platform.layers
        )


def _tag(tag: str) -> str:
    return tag if _PLAIN_TAG.fullmatch(tag) else json.dumps(tag)


def _name(name: str) -> str:
    return name if _PLAIN_NAME.fullmatch(name) and name not in _WORDS else json.dumps(name)
