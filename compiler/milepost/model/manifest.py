"""What lower gives: Kubernetes objects as data, with holes where stations of one shape differ.

Thousands of stations are a few hundred different shapes. A shape is lowered once; strings of its objects may hold
holes (``hole("station")``), and every place where it is written fills them with its own values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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


def filler(text: str) -> tuple[str, Callable[[Mapping[str, str]], Any]]:
    """A text with holes, made ready to be filled many times: ``format % names(values)`` is the filled text."""
    names = hole_names(text)
    head, *rest = text.replace("%", "%%").split(HOLE_OPEN)
    form = head + "".join("%s" + piece.partition(HOLE_CLOSE)[2] for piece in rest)
    return form, itemgetter(*names) if names else _nothing


def hole_names(text: str) -> tuple[str, ...]:
    return tuple(piece.partition(HOLE_CLOSE)[0] for piece in text.split(HOLE_OPEN)[1:])


def _nothing(values: Mapping[str, str]) -> tuple[()]:
    return ()


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with every hole filled. Raises KeyError for a hole without a value."""
    if HOLE_OPEN not in text:
        return text
    filled, *rest = text.split(HOLE_OPEN)
    for piece in rest:
        name, _, tail = piece.partition(HOLE_CLOSE)
        filled += values[name] + tail
    return filled


def fill_object(body: Any, values: Mapping[str, str]) -> Any:
    """A deep copy of ``body`` with every hole filled, in keys and in values."""
    if isinstance(body, str):
        return fill(body, values)
    if isinstance(body, dict):
        return {fill(key, values): fill_object(child, values) for key, child in body.items()}
    if isinstance(body, list | tuple):
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


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The objects of one file, written at every stamp. A file has one sheet: one path, one writer."""

    manifests: tuple[Manifest, ...]
    stamps: tuple[Stamp, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TextSheet:
    """A file that is not a list of Kubernetes objects: ``milepost.json``, a join list."""

    path: str
    text: str


def unit_of(path: str) -> str:
    """The unit (folder) that a file belongs to: ``groups/g4-changtan/x.yaml`` is of ``groups/g4-changtan``."""
    return path.rpartition("/")[0]
