"""The same change at many places is one class: that is what a line of the summary stands for.

A class is about one field of one kind of object (or one way for objects to come and go); its variants are the different
changes that were made there, the most frequent first. Nothing is dropped: patterns and places give every line back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from milepost.publish.review.abstract import abstract
from milepost.publish.review.edit import Action, Edit, Scope, Subject
from milepost.publish.review.patch import count
from milepost.publish.review.place import LISTING, RELEASE, TREE_INDEX, Place


class Key(NamedTuple):
    """What the edits of a class have in common. ``name`` and ``field`` are without names of places."""

    scope: Scope
    action: Action
    role: str
    kind: str
    name: str
    field: str


Pattern = tuple[tuple[str, str], ...]
"""Signs and texts, without names of places."""


class Site(NamedTuple):
    """A place of a variant, and the line at which each text of the pattern starts there."""

    place: Place
    starts: tuple[int, ...]
    subject: Subject


@dataclass(slots=True)
class Variant:
    """One change, and every place where it was made."""

    pattern: Pattern
    sites: list[Site] = field(default_factory=list)

    def text(self, sign: str) -> str:
        return "".join(text for other, text in self.pattern if other == sign)

    @property
    def lines(self) -> int:
        return len(self.sites) * sum(count(text) for _, text in self.pattern)


@dataclass(slots=True)
class Class:
    """``variants`` are sorted: the one with the most places first."""

    key: Key
    variants: list[Variant]

    @property
    def sites(self) -> Iterable[Site]:
        return (site for variant in self.variants for site in variant.sites)

    @property
    def places(self) -> int:
        return sum(len(variant.sites) for variant in self.variants)

    @property
    def lines(self) -> int:
        return sum(variant.lines for variant in self.variants)


def classes(edits: Iterable[Edit]) -> list[Class]:
    """In order of key. Every edit is in exactly one class."""
    found: dict[Key, dict[Pattern, Variant]] = {}
    for edit in edits:
        place = edit.place
        pattern = tuple((run.sign, abstract(run.text, place)) for run in edit.runs)
        variants = found.setdefault(_key(edit), {})
        variant = variants.setdefault(pattern, Variant(pattern))
        variant.sites.append(Site(place, tuple(run.start for run in edit.runs), edit.subject))
    return [Class(key, sorted(variants.values(), key=_rank)) for key, variants in sorted(found.items())]


def _rank(variant: Variant) -> tuple[int, Pattern]:
    return -len(variant.sites), variant.pattern


def _key(edit: Edit) -> Key:
    place, subject = edit.place, edit.subject
    scope, action = subject.scope, subject.action
    whole = scope in (Scope.PROVINCE, Scope.GROUP, Scope.STATION)
    kind = "" if whole else subject.identity.kind
    if whole:
        return Key(scope, action, "", "", "", subject.field)
    if kind == "Node" or place.role == TREE_INDEX:
        return Key(scope, action, place.role, kind, "", "")
    if place.role == LISTING and subject.field.startswith("resources"):
        return Key(scope, Action.CHANGE, place.role, kind, "", "resources")
    name = abstract(subject.identity.stem.name, place)
    if place.role == RELEASE or scope is Scope.FILE:
        name = place.path.partition("/")[2] if place.role == RELEASE else _shape(place)
    return Key(scope, action, place.role, kind, name, abstract(subject.field, place))


def _shape(place: Place) -> str:
    return abstract(place.path.partition("/")[2], place)
