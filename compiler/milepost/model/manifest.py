"""Manifest templates: Kubernetes objects as data, with placeholders where stations of one shape differ.

Thousands of stations are a few hundred different shapes. A shape is lowered once; strings of its objects may hold
placeholders (``placeholder("station")``), and every place where it is written fills them with its own values.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from operator import itemgetter
from typing import Any

from milepost.model.origin import Origin
from milepost.model.record import record

PLACEHOLDER_OPEN = "\ue000"
PLACEHOLDER_CLOSE = "\ue001"
"""Private-use characters; the loader refuses them in a fleet spec, so they mark placeholders and nothing else."""


_BETWEEN_VALUES = "\0"
"""Stands in no text, since the loader refuses it."""


class RepeatedItem(dict[str, Any]):
    """An item of a list, written once for each of several values of its placeholder ``name``; for none, not at all.

    So lists of different lengths are of one shape. It holds one text with that placeholder, and is never first in its
    list, which would be empty without it.
    """

    def __init__(self, name: str, body: Mapping[str, Any]) -> None:
        super().__init__(body)
        self.name = name

    @staticmethod
    def named(word: str) -> str:
        """A name for its placeholder that no other placeholder has, so that its text says that it is repeated."""
        return f"each.{word}"

    @staticmethod
    def joined(values: Iterable[str]) -> str:
        """What fills the placeholder."""
        return _BETWEEN_VALUES.join(values)

    @staticmethod
    def parted(filling: str) -> list[str]:
        """The values that were joined."""
        return filling.split(_BETWEEN_VALUES) if filling else []


def placeholder(name: str) -> str:
    """A piece of a string that each instance fills: ``f"redis-{placeholder('station')}"``."""
    return f"{PLACEHOLDER_OPEN}{name}{PLACEHOLDER_CLOSE}"


def filler(text: str) -> Callable[[Mapping[str, str]], str]:
    """``fill`` for one text, made ready to be called many times."""
    names = placeholder_names(text)
    if not names:
        return lambda _: text
    picked = itemgetter(*names)
    if text == placeholder(names[0]):  # as most texts with placeholders are
        return picked
    # `%` formatting, made ready once: it is the quickest way in Python to put several texts
    # into one, and this runs for every file of the fleet.
    head, *rest = text.replace("%", "%%").split(PLACEHOLDER_OPEN)
    form = head + "".join("%s" + piece.partition(PLACEHOLDER_CLOSE)[2] for piece in rest)
    return lambda values: form % picked(values)


def placeholder_names(text: str) -> tuple[str, ...]:
    return tuple(piece.partition(PLACEHOLDER_CLOSE)[0] for piece in text.split(PLACEHOLDER_OPEN)[1:])


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with every placeholder filled. Raises KeyError for a placeholder without a value."""
    filled, *rest = text.split(PLACEHOLDER_OPEN)
    for piece in rest:
        name, _, tail = piece.partition(PLACEHOLDER_CLOSE)
        filled += values[name] + tail
    return filled


def fill_object(body: Any, values: Mapping[str, str]) -> Any:
    """A deep copy of ``body`` with every placeholder filled, in keys and in values."""
    if isinstance(body, str):
        return fill(body, values) if PLACEHOLDER_OPEN in body else body
    if isinstance(body, dict):
        filled = {}
        for key, child in body.items():
            # Keys too: labels and the data of ConfigMaps may be named after a place.
            filled[fill(key, values) if PLACEHOLDER_OPEN in key else key] = fill_object(child, values)
        return filled
    if isinstance(body, (list, tuple)):
        items: list[Any] = []
        for child in body:
            if isinstance(child, RepeatedItem):
                each = child.parted(values[child.name])
                items += [fill_object(dict(child), {child.name: own}) for own in each]
            else:
                items.append(fill_object(child, values))
        return items
    return body


@dataclass(frozen=True, eq=False)
class Manifest:
    """One Kubernetes object (``body``), and the place in the fleet spec that asked for it."""

    body: Mapping[str, Any]
    origin: Origin
    reason: str = ""
    """Why it is shaped so; one sentence for ``milepost explain``."""

    @property
    def kind(self) -> str:
        return str(self.body["kind"])

    @property
    def name(self) -> str:
        return str(self.body["metadata"]["name"])

    @cached_property
    def digest(self) -> bytes:
        """The same for objects that differ in nothing but what fills their placeholders, in whichever province they are."""
        return sha256(json.dumps(self.body).encode()).digest()

    def heading(self, instance: TemplateInstance) -> dict[str, Any]:
        """What it is called at ``instance``: its kind and metadata, filled, and nothing else."""
        metadata = fill_object(self.body.get("metadata") or {}, instance.values)
        return {
            "apiVersion": self.body.get("apiVersion"),
            "kind": self.body.get("kind"),
            "metadata": metadata,
        }


@record
class TemplateInstance:
    """One place where a template is written: the file (relative to the province's tree) and the values of its placeholders."""

    path: str
    values: Mapping[str, str] = field(default_factory=dict)
    origin: Origin | None = None
    """The place that asks for the objects here, where each instance has its own."""


@dataclass(frozen=True, eq=False)
class ManifestTemplate:
    """The objects of one file, written at every instance. A file has one template: one path, one writer."""

    manifests: tuple[Manifest, ...]
    instances: tuple[TemplateInstance, ...]

    @cached_property
    def columns(self) -> dict[str, list[str]]:
        """Placeholder to what each instance fills it with: thousands of instances are quicker asked together. Every instance fills all."""
        rows = [instance.values for instance in self.instances]
        return {name: list(map(itemgetter(name), rows)) for name in rows[0]} if rows else {}

    def filled(self, text: str) -> list[str]:
        """``text`` at each instance."""
        head, *rest = text.split(PLACEHOLDER_OPEN)
        # Piece by piece over all instances: one list operation for thousands of files, instead
        # of a fill for each.
        found = [head] * len(self.instances)
        for piece in rest:
            name, _, tail = piece.partition(PLACEHOLDER_CLOSE)
            found = [f"{before}{own}{tail}" for before, own in zip(found, self.columns[name], strict=True)]
        return found


@record
class StaticFile:
    """A file that is not a list of Kubernetes objects: ``milepost.json``, a join list."""

    path: str
    text: str


def unit_of(path: str) -> str:
    """The unit (folder) that a file belongs to: ``groups/g4-changtan/x.yaml`` is of ``groups/g4-changtan``."""
    return path.rpartition("/")[0]
