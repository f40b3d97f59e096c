"""What lower gives: Kubernetes objects as data, with holes where stations of one shape differ.

Thousands of stations are a few hundred different shapes. A shape is lowered once; strings of its objects may hold
holes (``hole("station")``), and every place where it is written fills them with its own values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any

from milepost.model.origin import Origin
from milepost.model.record import record

HOLE_OPEN = "\ue000"
HOLE_CLOSE = "\ue001"
"""Private-use characters; the loader refuses them in a fleet spec, so they mark holes and nothing else."""


def hole(name: str) -> str:
    """A piece of a string that each stamp fills: ``f"redis-{hole('station')}"``."""
    return f"{HOLE_OPEN}{name}{HOLE_CLOSE}"


def filler(text: str) -> Callable[[Mapping[str, str]], str]:
    """``fill`` for one text, made ready to be called many times."""
    names = hole_names(text)
    if not names:
        return lambda _: text
    picked = itemgetter(*names)
    if text == hole(names[0]):  # as most texts with holes are
        return picked
    head, *rest = text.replace("%", "%%").split(HOLE_OPEN)
    form = head + "".join("%s" + piece.partition(HOLE_CLOSE)[2] for piece in rest)
    return lambda values: form % picked(values)


def hole_names(text: str) -> tuple[str, ...]:
    return tuple(piece.partition(HOLE_CLOSE)[0] for piece in text.split(HOLE_OPEN)[1:])


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with every hole filled. Raises KeyError for a hole without a value."""
    filled, *rest = text.split(HOLE_OPEN)
    for piece in rest:
        name, _, tail = piece.partition(HOLE_CLOSE)
        filled += values[name] + tail
    return filled


def fill_object(body: Any, values: Mapping[str, str]) -> Any:
    """A deep copy of ``body`` with every hole filled, in keys and in values."""
    if isinstance(body, str):
        return fill(body, values) if HOLE_OPEN in body else body
    if isinstance(body, dict):
        filled = {}
        for key, child in body.items():
            filled[fill(key, values) if HOLE_OPEN in key else key] = fill_object(child, values)
        return filled
    if isinstance(body, (list, tuple)):
        return [fill_object(child, values) for child in body]
    return body


@dataclass(frozen=True, slots=True, eq=False)
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

    def heading(self, stamp: Stamp) -> dict[str, Any]:
        """What it is called at ``stamp``: its kind and metadata, filled, and nothing else."""
        metadata = fill_object(self.body.get("metadata") or {}, stamp.values)
        return {
            "apiVersion": self.body.get("apiVersion"),
            "kind": self.body.get("kind"),
            "metadata": metadata,
        }


@record
class Stamp:
    """One place where a sheet is written: the file (relative to the province's tree) and the values of its holes."""

    path: str
    values: Mapping[str, str] = field(default_factory=dict)
    origin: Origin | None = None
    """The place that asks for the objects here, where each stamp has its own."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """The objects of one file, written at every stamp. A file has one sheet: one path, one writer."""

    manifests: tuple[Manifest, ...]
    stamps: tuple[Stamp, ...]

    @cached_property
    def columns(self) -> dict[str, list[str]]:
        """Hole to what each stamp fills it with: thousands of stamps are quicker asked together. Every stamp fills all."""
        rows = [stamp.values for stamp in self.stamps]
        return {name: list(map(itemgetter(name), rows)) for name in rows[0]} if rows else {}

    def filled(self, text: str) -> list[str]:
        """``text`` at each stamp."""
        head, *rest = text.split(HOLE_OPEN)
        found = [head] * len(self.stamps)
        for piece in rest:
            name, _, tail = piece.partition(HOLE_CLOSE)
            found = [f"{before}{own}{tail}" for before, own in zip(found, self.columns[name], strict=True)]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class TextSheet:
    """A file that is not a list of Kubernetes objects: ``milepost.json``, a join list."""

    path: str
    text: str


def unit_of(path: str) -> str:
    """The unit (folder) that a file belongs to: ``groups/g4-changtan/x.yaml`` is of ``groups/g4-changtan``."""
    return path.rpartition("/")[0]
