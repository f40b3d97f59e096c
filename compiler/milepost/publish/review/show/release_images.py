"""Images that a release moves, told from the pins of the version that a group leaves and of the one that it gets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from milepost.publish.review.classify.change_classes import ChangeClass
from milepost.publish.review.read import yaml_fields
from milepost.publish.review.read.file_location import LISTING
from milepost.publish.review.read.line_diff import split
from milepost.publish.review.read.tree_source import TreeSource
from milepost.publish.review.show.words import Words, name

_PIN = re.compile(r'^  # (\S+) (\S+)\n(?:  [- ] (?!digest).*\n)*    digest: "?sha256:([0-9a-f]{12})', re.M)
_MOST = 8


def images(found: ChangeClass, base: TreeSource, head: TreeSource) -> Words:
    """`` (images web 1.4.2 → 1.5.0, …)``, of the most frequent move; nothing for another class."""
    if found.key.role != LISTING or not found.key.field.startswith("components["):
        return ()
    variant = found.variants[0]
    province = variant.sites[0].place.province
    old, new = (dict(_pins(side, province, variant.text(sign))) for side, sign in ((base, "-"), (head, "+")))
    changed = [image for image in sorted(old.keys() | new.keys()) if old.get(image) != new.get(image)]
    return _listed(changed, old, new)


def _pins(side: TreeSource, province: str, lines: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Image to version and digest, of every release that the lines name."""
    for line in split(lines):
        folder = yaml_fields.read(line).value.rpartition("/")[2]
        path = f"{province}/releases/{folder}/kustomization.yaml"
        if path in side.entries:
            text = next(iter(side.read([path]))).decode("utf-8", "replace")
            yield from ((image, (version, digest)) for image, version, digest in _PIN.findall(text))


def _listed(changed: list[str], old: dict[str, tuple[str, str]], new: dict[str, tuple[str, str]]) -> Words:
    words: Words = ()
    for image in changed[:_MOST]:
        versions = [pins[image] for pins in (old, new) if image in pins]
        same = len({version for version, _ in versions}) == 1
        shown = [f"{version} ({digest})" if same else version for version, digest in versions]
        change = (" ", name(shown[0]), *((" → ", name(shown[1])) if len(shown) > 1 else ()))
        words = (*words, ", " if words else " (images ", name(image), *change)
    more = f" and {len(changed) - _MOST} more" if len(changed) > _MOST else ""
    return (*words, f"{more})") if words else ()
