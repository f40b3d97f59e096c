"""Spec differences: what a change does to the fleet spec, field by field, and which of it no tree shows.

Guards, policies, owners and acknowledgements decide what may be done and leave the trees as they are. A profile, an image
or an application that nothing uses leaves them so too, until something does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any, NamedTuple

from milepost.model.record import by_value
from milepost.publish.review.show.words import name

Documents = Mapping[tuple[str, str], Mapping[str, Any]]
"""Kind and name to the ``spec`` of a document."""

_RULING = {
    "Fleet": ("guards", "acknowledge", "owners", "approvers", "readers"),
    "Policy": ("",),
}
_RIGHTS = ("owners", "approvers", "readers")
_MOST = 60


class SpecFieldChange(NamedTuple):
    """A field of a document; None where it is not there."""

    kind: str
    name: str
    path: str
    old: str | None
    new: str | None

    @property
    def rules(self) -> bool:
        """Whether it decides what is allowed, whatever the trees say."""
        fields = _RULING.get(self.kind, _RIGHTS)
        return any(
            not field or self.path == field or self.path.startswith((f"{field}.", f"{field}["))
            for field in fields
        )

    def __str__(self) -> str:
        field = f": {self.path}" if self.path else ""
        if self.old is None:
            return f"{self.kind} {self.name}{field} added {_short(self.new)}".rstrip()
        if self.new is None:
            return f"{self.kind} {self.name}{field} removed {_short(self.old)}".rstrip()
        return f"{self.kind} {self.name}{field} {_short(self.old)} → {_short(self.new)}"


@by_value
class SpecDifference:
    """The documents of changed files on both sides."""

    before: Documents = field(default_factory=dict)
    after: Documents = field(default_factory=dict)

    def owners_lost(self) -> Iterator[str]:
        """Teams that own a level, or are asked about it, and would not be any more; of the Fleet its rules tell."""
        for change in self._changes():
            if change.kind != "Fleet" and change.path in ("owners", "approvers") and change.old is not None:
                for team in sorted(set(change.old.split(", ")) - set((change.new or "").split(", "))):
                    yield f"{team} is no longer among the {change.path} of {change.kind} {change.name}"

    def lines(self, trees_change: bool) -> Iterator[str]:
        """What is allowed first; all the rest only where no tree changes, since otherwise the summary tells what it does."""
        every = sorted(self._changes())
        shown = [change for change in every if change.rules or not trees_change]
        for change in shown[:_MOST]:
            yield str(change)
        if len(shown) > _MOST:
            yield f"and {len(shown) - _MOST:,} more fields of the spec"

    def _changes(self) -> Iterator[SpecFieldChange]:
        for kind, called in sorted(self.before.keys() | self.after.keys()):
            old, new = self.before.get((kind, called)), self.after.get((kind, called))
            if old is None or new is None:
                yield SpecFieldChange(
                    kind, called, "", None if old is None else "", None if new is None else ""
                )
                if kind != "Policy":
                    continue
            fields, others = (dict(_flat(side or {}, "")) for side in (old, new))
            for path in sorted(fields.keys() | others.keys()):
                if fields.get(path) != others.get(path):
                    yield SpecFieldChange(kind, called, path, fields.get(path), others.get(path))


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for key, child in value.items():
            yield from _flat(child, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list) and any(isinstance(item, (Mapping, list)) for item in value):
        for index, child in enumerate(value):
            called = child.get("name", index) if isinstance(child, Mapping) else index
            yield from _flat(child, f"{path}[{called}]")
    else:
        yield path, ", ".join(map(_plain, value)) if isinstance(value, list) else _plain(value)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _short(text: str | None) -> str:
    return name(text).text if text else ""
