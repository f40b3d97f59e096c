"""Titles of change classes: one sentence that says what changes, where, and which places differ from the rest.

Every sentence is bounded in length, whatever the trees hold; the whole change stands in the JSON form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from milepost.model.kinds import CONFIG_MAP
from milepost.publish.review.classify.change_classes import ChangeClass, ClassKey, VariantSite
from milepost.publish.review.classify.edit import EditAction, EditScope
from milepost.publish.review.read.file_location import JOIN, LISTING, RELEASE, SWITCH, TREE_INDEX
from milepost.publish.review.read.join_lists import WORKLOADS
from milepost.publish.review.read.place_abstraction import legible
from milepost.publish.review.show import change_text
from milepost.publish.review.show.change_text import Value
from milepost.publish.review.show.words import TreeName, Words, counted, listed, name

_THINGS = {EditScope.STATION: "station", EditScope.GROUP: "station group", EditScope.PROVINCE: "province"}
_VERBS = {
    EditAction.ADD: " added",
    EditAction.REMOVE: " removed",
    EditAction.CHANGE: " changed",
    EditAction.MOVE: " moves",
    EditAction.RENAME: " renamed",
}


def title(found: ChangeClass) -> Words:
    """The sentence, without an end."""
    key = found.key
    if key.scope in _THINGS:
        provinces = {site.place.province for site in found.sites}
        return (*_of_scope(found), *(() if key.scope is EditScope.PROVINCE else (" in ", *listed(provinces))))
    subject, value = _subject(found)
    if value is None:
        return (*subject, *where(found.sites))
    return (
        *subject,
        *change_text.main(found, value),
        *where(found.sites),
        *change_text.exceptions(found, value),
    )


def _subject(found: ChangeClass) -> tuple[Words, Value | None]:
    """What the sentence speaks of; and how to read the change, where old and new value are worth showing."""
    for role, write in _BY_ROLE:
        if found.key.role == role:
            return write(found)
    if found.key.scope is EditScope.FILE:
        return _of_field(("file ", name(legible(found.key.name))), found.key)
    return _of_object(found)


def where(sites: Iterable[VariantSite]) -> Words:
    """`` at 412 stations of 3 provinces``, or the one place by name."""
    places = [site.place for site in sites]
    provinces = {place.province for place in places}
    # With the province: names of stations are unique in theirs alone (ADR 0007).
    spots = {(place.province, place.station or place.group) for place in places if place.group}
    thing = "station" if all(place.station for place in places) else "station group"
    of: Words = (
        " of ",
        *(listed(provinces) if len(provinces) == 1 else (counted(len(provinces), "province"),)),
    )
    if spots and all(place.group for place in places):
        shown: Words = (TreeName(min(spots)[1]),) if len(spots) == 1 else (counted(len(spots), thing),)
        return (" at " if thing == "station" else " in ", *shown, *of)
    return (" in ", *of[1:])


def _of_scope(found: ChangeClass) -> Words:
    scope, action = found.key.scope, found.key.action
    went, came = (_names(found, scope, sign) for sign in "-+")
    verb = _VERBS[action] + (f" {found.key.field}" if found.key.field else "")
    if action is EditAction.RENAME:
        return (counted(len(went), _THINGS[scope]), verb, ": ", *listed(went), " → ", *listed(came))
    names = went | came
    if action is EditAction.MOVE and len(names) > 1:
        verb = verb.replace(" moves", " move", 1)
    return (counted(len(names), _THINGS[scope]), verb, ": ", *listed(names))


def _names(found: ChangeClass, scope: EditScope, sign: str) -> set[str]:
    sites = (s for v in found.variants if any(sign == other for other, _ in v.pattern) for s in v.sites)
    return {_own(site, scope) for site in sites}


def _own(site: VariantSite, scope: EditScope) -> str:
    place = site.place
    return {EditScope.STATION: place.station, EditScope.GROUP: place.group}.get(scope, place.province)


def _index(found: ChangeClass) -> tuple[Words, None]:
    return (TreeName("milepost.json"), " follows"), None


def _listing(found: ChangeClass) -> tuple[Words, Value | None]:
    key = found.key
    if key.field == "resources":
        return ("lists of files follow",), None
    if application := _held(key.field.partition("[")[2].rstrip("]")):
        return ("application ", name(application), _UNITS[key.action is EditAction.ADD]), None
    if key.field.startswith("components["):
        return ("release ", name(key.field.partition("[")[2].rstrip("]"))), change_text.version
    return _of_field((TreeName("kustomization.yaml"),), key)


def _join(found: ChangeClass) -> tuple[Words, None]:
    words = {EditAction.ADD: "added to", EditAction.REMOVE: "removed from"}.get(
        found.key.action, "changed in"
    )
    return (f"{counted(found.places, 'node')} {words} the join lists",), None


def _switch(found: ChangeClass) -> tuple[Words, None]:
    """The object of a unit that waits for a pre-pull, by what it waits for."""
    text = found.variants[0].text("+") or found.variants[0].text("-")
    application = name(legible(found.key.name).rpartition(".")[2])
    pull: Words = (" its pull jobs",)
    if waited := _PREPULL.search(text):
        pull = (" pre-pull ", name(waited[1]))
    verbs = {EditAction.ADD: " waits for", EditAction.REMOVE: " waits no more for"}
    return ("application ", application, verbs.get(found.key.action, " waits otherwise for"), *pull), None


def _release(found: ChangeClass) -> tuple[Words, Value | None]:
    key = found.key
    folder = key.name.split("/")[1] if key.name.count("/") else key.name
    if application := _held(folder):
        return ("what sets application ", name(application), " apart", _VERBS[key.action]), None
    if not key.field:
        return ("image pins of release ", name(folder), _VERBS[key.action]), None
    image = key.field.partition("[")[2].rstrip("]").rpartition("/")[2]
    return ("release ", name(folder), " pins image ", name(image)), change_text.pin


_PREPULL = re.compile(r"milepost-prepull-(\S+)")
_UNITS = (" is the section's again", " has a unit of its own")


def _held(component: str) -> str:
    """The application that a Component sets apart while it waits; empty of a version's."""
    folder, _, application = component.partition(".")
    return application if folder in ("held", "moves") else ""


_PIN = 'nodeSelector["kubernetes.io/hostname"]'
_BY_ROLE: tuple[tuple[str, Callable[[ChangeClass], tuple[Words, Value | None]]], ...] = (
    (TREE_INDEX, _index),
    (LISTING, _listing),
    (JOIN, _join),
    (RELEASE, _release),
    (SWITCH, _switch),
)


def _of_object(found: ChangeClass) -> tuple[Words, Value | None]:
    key = found.key
    thing = (name(key.kind) if not key.kind.isalnum() else key.kind, *_called(key))
    if key.action in (EditAction.MOVE, EditAction.RENAME) or not key.field:
        route: Words = (" ", name(key.field)) if key.action is EditAction.MOVE and key.field else ()
        first = key.action is EditAction.ADD and key.kind in WORKLOADS
        return (*thing, " first rolled out" if first else _VERBS[key.action], *route), None
    if key.field.endswith(_PIN) and key.action is not EditAction.CHANGE:
        pinned = (
            " pinned to a node for the first time:"
            if key.action is EditAction.ADD
            else " no longer pinned to a node:"
        )
        return (*thing, pinned), change_text.value
    if key.kind == CONFIG_MAP.name and (
        moving := _MOVING.fullmatch(f"{legible(key.name)} {legible(key.field)}")
    ):
        return ("virtual addresses of node ", name(moving[1]), ":"), _addresses
    if key.field.endswith(".image"):
        image = change_text.image(found.variants[0].text("+") or found.variants[0].text("-"))[0]
        return (*thing, ": image ", name(image)), lambda text: change_text.image(text)[1]
    return _of_field(thing, key)


_MOVING = re.compile(r'milepost-keepalived data\["?(.+?)\.conf"?\]')
_ADDRESS = re.compile(r"[0-9a-f]+[.:][0-9a-f.:]+/[0-9]+")


def _addresses(text: str) -> str:
    """The addresses in lines of keepalived's configuration; of lines without one, what they say."""
    return ", ".join(_ADDRESS.findall(text)) or change_text.value(text)


def _called(key: ClassKey) -> Words:
    """``redis`` for ``redis-{station}``: the sentence names the places anyway."""
    text = legible(key.name)
    for placeholder in ("-{station}", "-{group}"):
        text = text.replace(placeholder, "")
    whole = {
        "{station}": " of the station",
        "{group}": " of the station group",
        "{province}": " of the province",
    }
    return (whole[text],) if text in whole else (" ", name(text))


def _of_field(thing: Words, key: ClassKey) -> tuple[Words, Value | None]:
    field = legible(key.field)
    if not field:
        return (*thing, _VERBS[key.action]), None
    short = field.removeprefix("spec.template.spec.").removeprefix("spec.template.")
    if key.action is EditAction.CHANGE:
        return (*thing, ": ", name(short)), change_text.value
    # An item of a list says what it is in its name, where it has one.
    named = short.endswith("]") and not short.endswith("[]")
    return (*thing, ": ", name(short), _VERBS[key.action]), None if named else change_text.value
