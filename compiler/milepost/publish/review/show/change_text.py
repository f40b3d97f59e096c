"""Change texts: old → new in few words, what is different elsewhere, and the part of a line that a person looks for."""

from __future__ import annotations

from collections.abc import Callable

from milepost.publish.review.classify.change_classes import ChangeClass, Variant
from milepost.publish.review.read import yaml_fields
from milepost.publish.review.read.line_diff import split
from milepost.publish.review.read.place_abstraction import legible
from milepost.publish.review.show.words import TreeName, Words, counted, listed, name

Value = Callable[[str], str]
"""The part of changed lines that a person looks for: a value, a version."""

_MOST_SPOTS = 3


def main(found: ChangeClass, value: Value) -> Words:
    """The most frequent change; where none is more frequent than all others together, one of many."""
    first = found.variants[0]
    if _is_rule(found):
        return _change(first, value)
    return (f" in {len(found.variants):,} ways, such as", *_change(first, value))


def exceptions(found: ChangeClass, value: Value) -> Words:
    """What is different elsewhere."""
    others = found.variants[1:]
    if not others or not _is_rule(found):
        return ()
    rest = sum(len(variant.sites) for variant in others)
    thing = "station" if all(site.place.station for site in found.sites) else "place"
    words: list[str | TreeName] = [f"; {counted(rest, thing)} {'differs' if rest == 1 else 'differ'} ("]
    for other in others[:_MOST_SPOTS]:
        spots = {site.place.station or site.place.group or site.place.province for site in other.sites}
        words += [", "] * (len(words) > 1) + [*_change(other, value)[1:], " at ", *listed(spots, 2)]
    more = f", and {len(others) - _MOST_SPOTS:,} more ways" if len(others) > _MOST_SPOTS else ""
    return (*words, f"{more})")


def _is_rule(found: ChangeClass) -> bool:
    # More than half: "to 1.5.0, two stations differ" is true of a rule and misleading of one
    # among many.
    return len(found.variants[0].sites) * 2 > found.places or len(found.variants) == 1


def _change(variant: Variant, value: Value) -> Words:
    old, new = (value(legible(variant.text(sign))) for sign in "-+")
    if old and new:
        return (" ", name(old), " → ", name(new))
    return (" ", name(old or new)) if old or new else ()


def value(text: str) -> str:
    """The value of one line; of several, how many they are."""
    lines = split(text)
    if len(lines) > 1:
        return f"{len(lines)} lines"
    return yaml_fields.read(text).value.strip("\"'") if lines else ""


def version(text: str) -> str:
    """Of a line of ``components``."""
    return yaml_fields.release(value(text).rpartition("/")[2])[1]


def pin(text: str) -> str:
    """The version in the comment over a pin, and the beginning of its digest."""
    found = [line.strip() for line in split(text)]
    comment = next((line[1:].split()[-1] for line in found if line.startswith("#") and line[1:].split()), "")
    digest = next((line.rpartition("sha256:")[2][:12] for line in found if "sha256:" in line), "")
    return f"{comment} ({digest})" if comment and digest else comment or digest


def image(text: str) -> tuple[str, str]:
    """Name and version of an image reference; of a digest, its beginning."""
    reference, _, digest = value(text).partition("@sha256:")
    repository, _, tag = (
        reference.rpartition(":") if ":" in reference.rpartition("/")[2] else (reference, "", "")
    )
    return repository.rpartition("/")[2], tag or digest[:12]
