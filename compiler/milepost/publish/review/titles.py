"""A class as one sentence: what changes, where, and which places differ from the rest.

Every sentence is bounded in length, whatever the trees hold; the whole change stands in the JSON form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from milepost.publish.review import fields
from milepost.publish.review.abstract import legible
from milepost.publish.review.classes import Class, Key, Site, Variant
from milepost.publish.review.edit import Action, Scope
from milepost.publish.review.lines import split
from milepost.publish.review.place import JOIN, LISTING, RELEASE, TREE_INDEX
from milepost.publish.review.words import Name, Words, counted, listed, name

_THINGS = {Scope.STATION: "station", Scope.GROUP: "station group", Scope.PROVINCE: "province"}
_VERBS = {
    Action.ADD: " added",
    Action.REMOVE: " removed",
    Action.CHANGE: " changed",
    Action.MOVE: " moves",
    Action.RENAME: " renamed",
}
_MOST_SPOTS = 3


Value = Callable[[str], str]
"""The part of changed lines that a person looks for: a value, a version."""


def title(found: Class) -> Words:
    """The sentence, without an end."""
    key = found.key
    if key.scope in _THINGS:
        provinces = {site.place.province for site in found.sites}
        return (*_of_scope(found), *(() if key.scope is Scope.PROVINCE else (" in ", *listed(provinces))))
    subject, value = _subject(found)
    if value is None:
        return (*subject, *where(found.sites))
    return (*subject, *_main(found, value), *where(found.sites), *_exceptions(found, value))


def _subject(found: Class) -> tuple[Words, Value | None]:
    """What the sentence speaks of; and how to read the change, where old and new value are worth showing."""
    for role, write in _BY_ROLE:
        if found.key.role == role:
            return write(found)
    if found.key.scope is Scope.FILE:
        return _of_field(("file ", name(legible(found.key.name))), found.key)
    return _of_object(found)


def where(sites: Iterable[Site]) -> Words:
    """`` at 412 stations of 3 provinces``, or the one place by name."""
    places = [site.place for site in sites]
    provinces = {place.province for place in places}
    spots = {(place.province, place.station or place.group) for place in places if place.group}
    thing = "station" if all(place.station for place in places) else "station group"
    of: Words = (
        " of ",
        *(listed(provinces) if len(provinces) == 1 else (counted(len(provinces), "province"),)),
    )
    if spots and all(place.group for place in places):
        shown: Words = (Name(min(spots)[1]),) if len(spots) == 1 else (counted(len(spots), thing),)
        return (" at " if thing == "station" else " in ", *shown, *of)
    return (" in ", *of[1:])


def _of_scope(found: Class) -> Words:
    scope, action = found.key.scope, found.key.action
    went, came = (_names(found, scope, sign) for sign in "-+")
    verb = _VERBS[action] + (f" {found.key.field}" if found.key.field else "")
    if action is Action.RENAME:
        return (counted(len(went), _THINGS[scope]), verb, ": ", *listed(went), " → ", *listed(came))
    names = went | came
    return (counted(len(names), _THINGS[scope]), verb, ": ", *listed(names))


def _names(found: Class, scope: Scope, sign: str) -> set[str]:
    sites = (s for v in found.variants if any(sign == other for other, _ in v.pattern) for s in v.sites)
    return {_own(site, scope) for site in sites}


def _own(site: Site, scope: Scope) -> str:
    place = site.place
    return {Scope.STATION: place.station, Scope.GROUP: place.group}.get(scope, place.province)


def _index(found: Class) -> tuple[Words, None]:
    return (Name("milepost.json"), " follows"), None


def _listing(found: Class) -> tuple[Words, Value | None]:
    key = found.key
    if key.field == "resources":
        return ("lists of files follow",), None
    if key.field.startswith("components["):
        return ("release ", name(key.field.partition("[")[2].rstrip("]"))), _version
    return _of_field((Name("kustomization.yaml"),), key)


def _join(found: Class) -> tuple[Words, None]:
    words = {Action.ADD: "added to", Action.REMOVE: "removed from"}.get(found.key.action, "changed in")
    return (f"{counted(found.places, 'node')} {words} the join lists",), None


def _release(found: Class) -> tuple[Words, Value | None]:
    key = found.key
    folder = key.name.split("/")[1] if key.name.count("/") else key.name
    if not key.field:
        return ("image pins of release ", name(folder), _VERBS[key.action]), None
    image = key.field.partition("[")[2].rstrip("]").rpartition("/")[2]
    return ("release ", name(folder), " pins image ", name(image)), _pin


_BY_ROLE: tuple[tuple[str, Callable[[Class], tuple[Words, Value | None]]], ...] = (
    (TREE_INDEX, _index),
    (LISTING, _listing),
    (JOIN, _join),
    (RELEASE, _release),
)


def _of_object(found: Class) -> tuple[Words, Value | None]:
    key = found.key
    thing: Words = (name(key.kind) if not key.kind.isalnum() else key.kind, " ", name(_plain_name(key)))
    if key.action in (Action.MOVE, Action.RENAME) or not key.field:
        route: Words = (" ", name(key.field)) if key.action is Action.MOVE and key.field else ()
        return (*thing, _VERBS[key.action], *route), None
    if key.field.endswith(".image"):
        image = _image(found.variants[0].text("+") or found.variants[0].text("-"))[0]
        return (*thing, ": image ", name(image)), lambda text: _image(text)[1]
    return _of_field(thing, key)


def _plain_name(key: Key) -> str:
    """``redis`` for ``redis-{station}``: the sentence names the places anyway."""
    text = legible(key.name)
    for hole in ("-{station}", "-{group}"):
        text = text.replace(hole, "")
    return text


def _of_field(thing: Words, key: Key) -> tuple[Words, Value | None]:
    field = legible(key.field)
    if not field:
        return (*thing, _VERBS[key.action]), None
    short = field.removeprefix("spec.template.spec.").removeprefix("spec.template.")
    verb = "" if key.action is Action.CHANGE else _VERBS[key.action]
    return (*thing, ": ", name(short), verb), _value


def _main(found: Class, value: Value) -> Words:
    """The most frequent change; where none is more frequent than all others together, one of many."""
    first = found.variants[0]
    if _is_rule(found):
        return _change(first, value)
    return (f" in {len(found.variants):,} ways, such as", *_change(first, value))


def _exceptions(found: Class, value: Value) -> Words:
    """What is different elsewhere."""
    others = found.variants[1:]
    if not others or not _is_rule(found):
        return ()
    rest = sum(len(variant.sites) for variant in others)
    thing = "station" if all(site.place.station for site in found.sites) else "place"
    words: list[str | Name] = [f"; {counted(rest, thing)} {'differs' if rest == 1 else 'differ'} ("]
    for other in others[:_MOST_SPOTS]:
        spots = {site.place.station or site.place.group or site.place.province for site in other.sites}
        words += [", "] * (len(words) > 1) + [*_change(other, value)[1:], " at ", *listed(spots, 2)]
    more = f", and {len(others) - _MOST_SPOTS:,} more ways" if len(others) > _MOST_SPOTS else ""
    return (*words, f"{more})")


def _is_rule(found: Class) -> bool:
    return len(found.variants[0].sites) * 2 > found.places or len(found.variants) == 1


def _change(variant: Variant, value: Callable[[str], str]) -> Words:
    old, new = (value(legible(variant.text(sign))) for sign in "-+")
    if old and new:
        return (" ", name(old), " → ", name(new))
    return (" ", name(old or new)) if old or new else ()


def _value(text: str) -> str:
    """The value of one line; of several, how many they are."""
    lines = split(text)
    if len(lines) > 1:
        return f"{len(lines)} lines"
    return fields.read(text).value.strip("\"'") if lines else ""


def _version(text: str) -> str:
    return fields.release(_value(text).rpartition("/")[2])[1]


def _pin(text: str) -> str:
    """The version in the comment over a pin, and the beginning of its digest."""
    found = [line.strip() for line in split(text)]
    comment = next((line[1:].split()[-1] for line in found if line.startswith("#") and line[1:].split()), "")
    digest = next((line.rpartition("sha256:")[2][:12] for line in found if "sha256:" in line), "")
    return f"{comment} ({digest})" if comment and digest else comment or digest


def _image(text: str) -> tuple[str, str]:
    """Name and version of an image reference; of a digest, its beginning."""
    reference, _, digest = _value(text).partition("@sha256:")
    repository, _, tag = (
        reference.rpartition(":") if ":" in reference.rpartition("/")[2] else (reference, "", "")
    )
    return repository.rpartition("/")[2], tag or digest[:12]
