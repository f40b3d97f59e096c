"""A class as one sentence: what changes, where, and which places differ from the rest.

Every sentence is bounded in length, whatever the trees hold; the whole change stands in the JSON form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from milepost.publish.review import changes
from milepost.publish.review.abstract import legible
from milepost.publish.review.changes import Value
from milepost.publish.review.classes import Class, Key, Site
from milepost.publish.review.edit import Action, Scope
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


def title(found: Class) -> Words:
    """The sentence, without an end."""
    key = found.key
    if key.scope in _THINGS:
        provinces = {site.place.province for site in found.sites}
        return (*_of_scope(found), *(() if key.scope is Scope.PROVINCE else (" in ", *listed(provinces))))
    subject, value = _subject(found)
    if value is None:
        return (*subject, *where(found.sites))
    return (*subject, *changes.main(found, value), *where(found.sites), *changes.exceptions(found, value))


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
        return ("release ", name(key.field.partition("[")[2].rstrip("]"))), changes.version
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
    return ("release ", name(folder), " pins image ", name(image)), changes.pin


_BY_ROLE: tuple[tuple[str, Callable[[Class], tuple[Words, Value | None]]], ...] = (
    (TREE_INDEX, _index),
    (LISTING, _listing),
    (JOIN, _join),
    (RELEASE, _release),
)


def _of_object(found: Class) -> tuple[Words, Value | None]:
    key = found.key
    thing = (name(key.kind) if not key.kind.isalnum() else key.kind, *_called(key))
    if key.action in (Action.MOVE, Action.RENAME) or not key.field:
        route: Words = (" ", name(key.field)) if key.action is Action.MOVE and key.field else ()
        return (*thing, _VERBS[key.action], *route), None
    if key.field.endswith(".image"):
        image = changes.image(found.variants[0].text("+") or found.variants[0].text("-"))[0]
        return (*thing, ": image ", name(image)), lambda text: changes.image(text)[1]
    return _of_field(thing, key)


def _called(key: Key) -> Words:
    """``redis`` for ``redis-{station}``: the sentence names the places anyway."""
    text = legible(key.name)
    for hole in ("-{station}", "-{group}"):
        text = text.replace(hole, "")
    whole = {
        "{station}": " of the station",
        "{group}": " of the station group",
        "{province}": " of the province",
    }
    return (whole[text],) if text in whole else (" ", name(text))


def _of_field(thing: Words, key: Key) -> tuple[Words, Value | None]:
    field = legible(key.field)
    if not field:
        return (*thing, _VERBS[key.action]), None
    short = field.removeprefix("spec.template.spec.").removeprefix("spec.template.")
    if key.action is Action.CHANGE:
        return (*thing, ": ", name(short)), changes.value
    # An item of a list says what it is in its name.
    return (*thing, ": ", name(short), _VERBS[key.action]), None if short.endswith("]") else changes.value
