"""Secure fields: what a change does to security, word for word, behind the title of its line."""

from __future__ import annotations

from collections.abc import Iterable

from milepost.publish.review.classify.change_classes import ChangeClass
from milepost.publish.review.classify.effect import Effect
from milepost.publish.review.classify.effects import FieldChange
from milepost.publish.review.read.place_abstraction import legible
from milepost.publish.review.show.words import TreeName, Words, name

_MOST = 24


def spelled_out(found: ChangeClass, changes: Iterable[FieldChange]) -> Words:
    """`` (hostPID: true; containers[lane].securityContext.runAsUser: 999 → 0)``, those that raise privilege first."""
    secure = [change for change in changes if change.secure]
    if not secure or (len(secure) == 1 and secure[0].path == found.key.field):
        return ()  # the title says it
    secure.sort(key=lambda change: (-change.effect.severity, change.path))
    words: list[str | TreeName] = []
    for change in secure[:_MOST]:
        words += ["; " if words else " (", *_words(change)]
    more = f"; and {len(secure) - _MOST} more" if len(secure) > _MOST else ""
    return (*words, f"{more})")


def _words(change: FieldChange) -> Words:
    path = legible(change.path).removeprefix("spec.template.spec.").removeprefix("spec.")
    raised = ("raises privilege: ",) if change.effect is Effect.PRIVILEGE else ()
    if change.old is None:
        return (*raised, name(path), " ", name(legible(change.new or '""')))
    if change.new is None:
        return (*raised, name(path), " no longer ", name(legible(change.old or '""')))
    return (*raised, name(path), " ", name(legible(change.old)), " → ", name(legible(change.new)))
