"""What the checks look at: every object of a province's sheets, filled as its first stamp fills it.

Stations of one sheet have one shape, so one of them stands for all. Where lengths matter, ``samples`` adds the stamps
that fill some hole with its longest text.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from functools import cached_property

from milepost.emit.kustomization import read_kustomization
from milepost.emit.thing import KUSTOMIZE, Thing, mapping
from milepost.model.manifest import Manifest, Sheet, Stamp, TextSheet, fill_object, unit_of

KUSTOMIZATION = "kustomization.yaml"


class Rendered:
    """A province's sheets and texts. ``things`` are the objects that have the shape of their kind."""

    def __init__(self, sheets: Iterable[Sheet], texts: Iterable[TextSheet]) -> None:
        self.sheets = tuple(sheets)
        self.texts = tuple(texts)
        self.things: list[Thing] = []

    def every(self) -> Iterator[Thing]:
        """Every object as its first stamp fills it, those of kustomization files among them."""
        for sheet in self.sheets:
            for stamp in sheet.stamps[:1]:
                for manifest in sheet.manifests:
                    yield from _things(manifest, sheet, stamp)
        for text in self.texts:
            if posixpath.basename(text.path) == KUSTOMIZATION:
                yield Thing(read_kustomization(text.text), text.path)

    def of(self, *kinds: str) -> Iterator[Thing]:
        """The sound objects of some kinds, in order of the sheets."""
        for kind in kinds:
            yield from self._by_kind.get(kind, ())

    @cached_property
    def _by_kind(self) -> dict[str, list[Thing]]:
        found: dict[str, list[Thing]] = {}
        for thing in self.things:
            found.setdefault(thing.kind, []).append(thing)
        return found

    def stamped(self, *kinds: str) -> Iterator[tuple[Manifest, Sheet]]:
        """The sound objects of some kinds, or all, with holes as they are, and the sheets with all their stamps."""
        for thing in self.of(*kinds) if kinds else self.things:
            if thing.manifest is not None and thing.sheet is not None and not thing.inside:
                yield thing.manifest, thing.sheet

    @cached_property
    def samples(self) -> list[Thing]:
        """The sound objects, and for each the stamps with the longest text for some hole."""
        longest = {id(sheet): _longest(sheet.stamps) for sheet in self.sheets}
        extra = [
            thing
            for manifest, sheet in self.stamped()
            for stamp in longest[id(sheet)]
            for thing in _things(manifest, sheet, stamp)
        ]
        return [*self.things, *extra]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Number of objects in each file of objects."""
        return {stamp.path: len(sheet.manifests) for sheet in self.sheets for stamp in sheet.stamps}

    @cached_property
    def files(self) -> list[str]:
        """Every path of the tree, sorted."""
        return sorted([*self.counts, *(text.path for text in self.texts)])

    @cached_property
    def kustomizations(self) -> dict[str, Thing]:
        """Folder to its kustomization file."""
        return {
            t.unit: t for t in self.of("Kustomization", "Component") if t.api_version.startswith(KUSTOMIZE)
        }

    @cached_property
    def kinds(self) -> dict[str, set[tuple[str, str]]]:
        """Folder to the API groups and kinds that stand in it."""
        found: dict[str, set[tuple[str, str]]] = {}
        for sheet in self.sheets:
            kinds = {_group_and_kind(manifest) for manifest in sheet.manifests}
            for stamp in sheet.stamps:
                found.setdefault(unit_of(stamp.path), set()).update(kinds)
        return found


def _group_and_kind(manifest: Manifest) -> tuple[str, str]:
    return str(manifest.body.get("apiVersion", "")).rpartition("/")[0], str(manifest.body.get("kind", ""))


def _things(manifest: Manifest, sheet: Sheet, stamp: Stamp) -> Iterator[Thing]:
    body = fill_object(manifest.body, stamp.values) if stamp.values else manifest.body
    thing = Thing(body, stamp.path, manifest, sheet)
    yield thing
    if thing.kind == "EdgeApplication":
        yield from _inside(thing)


def _inside(thing: Thing) -> Iterator[Thing]:
    """The objects that KubeEdge makes of an EdgeApplication; the API server does not look at them."""
    manifests = mapping(thing.body, "spec", "workloadTemplate").get("manifests")
    for index, body in enumerate(manifests if isinstance(manifests, list | tuple) else ()):
        if isinstance(body, dict):
            path = ("spec", "workloadTemplate", "manifests", index)
            yield Thing(body, thing.file, thing.manifest, thing.sheet, path, thing.title)


def _longest(stamps: tuple[Stamp, ...]) -> list[Stamp]:
    """For each hole the stamp that fills it with the longest text, where that is longer than at the first stamp."""
    found: dict[str, Stamp] = {}
    for name, first in stamps[0].values.items() if stamps else ():
        longest = max(stamps, key=lambda stamp: len(stamp.values.get(name, "")))
        if len(longest.values.get(name, "")) > len(first):
            found[longest.path] = longest
    return list(found.values())
