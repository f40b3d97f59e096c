"""Image manifests and indexes as data: platforms, layers, and sizes as they travel.

Reads OCI's and Docker's schema 2 forms; Docker's schema 1 has no digest that a node could pull by and is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from milepost.model.record import by_value
from milepost.model.spec.base import Architecture
from milepost.model.spec.image_lock import LARGEST, LayerEntry
from milepost.registry.client import DIGEST, INDEXES, MANIFESTS, RegistryContent
from milepost.registry.errors import UnusableImageError, plain

MOST_LAYERS = 500
"""As many as overlayfs stacks; builders stop at 127."""
ARCHITECTURES: frozenset[str] = frozenset(get_args(Architecture))
_VARIANTS = {"amd64": ("", "v1"), "arm64": ("v8", ""), "arm": ("v7", "v6", "v5", "")}
"""Variants that a plain node of the architecture runs, the best first: as containerd chooses."""


@by_value
class IndexEntry:
    """One platform of an index, as the index has it."""

    architecture: str
    digest: str


@by_value
class ImageManifest:
    """What one platform is made of: the digest of its configuration, and its layers from the base up."""

    config: str
    layers: tuple[LayerEntry, ...]


def is_index(content: RegistryContent) -> bool:
    """Whether this names manifests of platforms. Raises UnusableImageError for what is neither index nor manifest."""
    kind = content.media_type
    if kind not in INDEXES + MANIFESTS:
        # Some registries answer `application/json`; the document itself says what it is.
        kind = str(_body(content).get("mediaType", kind))
    if kind in INDEXES:
        return True
    if kind in MANIFESTS:
        return False
    raise UnusableImageError(f"a manifest of type {plain(kind, 80) or 'nothing'} cannot be locked")


def platforms(index: RegistryContent) -> list[IndexEntry]:
    """The entries for Linux on architectures that nodes may have, one each. Raises UnusableImageError where there is none."""
    best: dict[str, tuple[int, IndexEntry]] = {}
    for item in _list(_body(index), "manifests"):
        platform = item.get("platform")
        if not isinstance(platform, Mapping) or platform.get("os") != "linux":
            continue
        architecture, variant = str(platform.get("architecture")), str(platform.get("variant") or "")
        # `amd64/v3` runs on new machines alone, and which ones a fleet has nobody tells us.
        if variant not in _VARIANTS.get(architecture, ()):
            continue
        digest = str(item.get("digest"))
        if not DIGEST.fullmatch(digest):
            raise UnusableImageError(f"the index names {plain(digest, 80)}, which is no digest by SHA-256")
        found = (_VARIANTS[architecture].index(variant), IndexEntry(architecture, digest))
        if architecture not in best or found[0] < best[architecture][0]:
            best[architecture] = found
    if not best:
        raise UnusableImageError("the index has no image for Linux on " + ", ".join(sorted(ARCHITECTURES)))
    return [best[architecture][1] for architecture in sorted(best)]


def manifest(content: RegistryContent) -> ImageManifest:
    """The parts of one platform's image. Raises UnusableImageError."""
    body = _body(content)
    config = body.get("config")
    if not isinstance(config, Mapping) or not isinstance(config.get("digest"), str):
        raise UnusableImageError("a manifest without a configuration is no image that runs")
    return ImageManifest(str(config["digest"]), tuple(_layers(_list(body, "layers"))))


def architecture(config: RegistryContent) -> str:
    """What a manifest's configuration says that it was built for. Raises UnusableImageError."""
    body = _body(config)
    system, found = (plain(str(body.get(key)), 40) for key in ("os", "architecture"))
    if system != "linux" or found not in ARCHITECTURES:
        raise UnusableImageError(f"an image for {system} on {found} runs on no node")
    variant = str(body.get("variant") or "")
    if variant not in _VARIANTS[found]:
        raise UnusableImageError(f"an image for {found} {plain(variant, 40)} runs on no plain node")
    return found


def _layers(items: Sequence[Mapping[str, Any]]) -> Iterable[LayerEntry]:
    if len(items) > MOST_LAYERS:
        raise UnusableImageError(f"an image of {len(items)} layers runs on no node")
    for item in items:
        try:
            yield LayerEntry(digest=item.get("digest"), size=item.get("size"))  # type: ignore[arg-type]
        except ValueError:
            raise UnusableImageError(
                f"a layer has no digest of the form sha256:..., or no size up to {LARGEST >> 40} TiB"
            ) from None


def _list(body: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    items = body.get(key)
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise UnusableImageError(f"it has no list of {key}")
    return items


def _body(content: RegistryContent) -> Mapping[str, Any]:
    try:
        body = json.loads(content.body)
    except (ValueError, RecursionError):
        raise UnusableImageError("it is not JSON") from None
    if not isinstance(body, Mapping):
        raise UnusableImageError("it is not an object")
    return body
