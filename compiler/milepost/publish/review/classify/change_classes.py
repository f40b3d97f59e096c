"""Change classes: the same change at many places is one class, and one line of the summary.

A class is about one field of one kind of object (or one way for objects to come and go); its variants are the different
changes that were made there, the most frequent first. Nothing is dropped: patterns and places give every line back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from milepost.publish.review.classify.edit import Edit, EditAction, EditScope, EditSubject
from milepost.publish.review.read.file_location import LISTING, RELEASE, TREE_INDEX, FileLocation
from milepost.publish.review.read.patch import count
from milepost.publish.review.read.place_abstraction import abstract


class ClassKey(NamedTuple):
    """The key of a change class: what its edits have in common. ``name`` and ``field`` are without names of places."""

    scope: EditScope
    action: EditAction
    role: str
    kind: str
    name: str
    field: str


Pattern = tuple[tuple[str, str], ...]
"""Signs and texts, without names of places."""


class VariantSite(NamedTuple):
    """A place of a variant, and the line at which each text of the pattern starts there."""

    place: FileLocation
    starts: tuple[int, ...]
    subject: EditSubject


@dataclass(slots=True)
class Variant:
    """One change, and every place where it was made."""

    pattern: Pattern
    sites: list[VariantSite] = field(default_factory=list)

    def text(self, sign: str) -> str:
        return "".join(text for other, text in self.pattern if other == sign)

    @property
    def lines(self) -> int:
        return len(self.sites) * sum(count(text) for _, text in self.pattern)


@dataclass(slots=True)
class ChangeClass:
    """Equal changes at many places. ``variants`` are sorted: the one with the most places first."""

    key: ClassKey
    variants: list[Variant]

    @property
    def sites(self) -> Iterable[VariantSite]:
        return (site for variant in self.variants for site in variant.sites)

    @property
    def places(self) -> int:
        return sum(len(variant.sites) for variant in self.variants)

    @property
    def lines(self) -> int:
        return sum(variant.lines for variant in self.variants)


def classes(edits: Iterable[Edit]) -> list[ChangeClass]:
    """In order of key. Every edit is in exactly one class."""
    found: dict[ClassKey, dict[Pattern, Variant]] = {}
    for edit in edits:
        place = edit.place
        # Without the names of the place, which is what makes the same change at 400 stations
        # one pattern.
        pattern = tuple((run.sign, abstract(run.text, place)) for run in edit.runs)
        variants = found.setdefault(_key(edit), {})
        variant = variants.setdefault(pattern, Variant(pattern))
        variant.sites.append(VariantSite(place, tuple(run.start for run in edit.runs), edit.subject))
    return [ChangeClass(key, sorted(variants.values(), key=_rank)) for key, variants in sorted(found.items())]


def _rank(variant: Variant) -> tuple[int, Pattern]:
    return -len(variant.sites), variant.pattern


def _key(edit: Edit) -> ClassKey:
    place, subject = edit.place, edit.subject
    scope, action = subject.scope, subject.action
    whole = scope in (EditScope.PROVINCE, EditScope.GROUP, EditScope.STATION)
    kind = "" if whole else subject.identity.kind
    if whole:
        return ClassKey(scope, action, "", "", "", subject.field)
    if kind == "Node" or place.role == TREE_INDEX:
        return ClassKey(scope, action, place.role, kind, "", "")
    # A new file and its line in the list are one change; an action of its own would make two
    # classes.
    if place.role == LISTING and subject.field.startswith("resources"):
        return ClassKey(scope, EditAction.CHANGE, place.role, kind, "", "resources")
    name = abstract(subject.identity.stem.name, place)
    if place.role == RELEASE or scope is EditScope.FILE:
        name = place.path.partition("/")[2] if place.role == RELEASE else _shape(place)
    return ClassKey(scope, action, place.role, kind, name, abstract(subject.field, place))


def _shape(place: FileLocation) -> str:
    return abstract(place.path.partition("/")[2], place)
