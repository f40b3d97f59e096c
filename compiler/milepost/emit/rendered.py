"""What the checks look at: every object of a province's sheets, filled as its first stamp fills it.

Stations of one sheet have one shape, so one of them stands for all. Where lengths matter, ``longest`` tells the stamps
that fill some hole of a text with most.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from milepost.emit.kustomization import read_kustomization
from milepost.emit.thing import KUSTOMIZE, Thing, mapping
from milepost.model import kinds
from milepost.model.document import Path
from milepost.model.manifest import (
    Manifest,
    Sheet,
    Stamp,
    TextSheet,
    fill_object,
    hole_names,
    unit_of,
)

KUSTOMIZATION = "kustomization.yaml"
_NAME = "\0"
"""Stands for the name of an object or a file; in JSON that is all ASCII it means nothing else."""


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

    @cached_property
    def distinct(self) -> list[Thing]:
        """The sound objects; of those that differ only in their own name and their file's, as those of groups do, one.

        The one with the longest stands for all. For rules that look at one object at a time, and not at its name.
        """
        found: dict[str, Thing] = {}
        for thing in self.things:
            key = thing.json.replace(f'"{thing.name}"', _NAME).replace(thing.stem, _NAME)
            if key not in found or len(thing.stem) > len(found[key].stem):
                found[key] = thing
        return list(found.values())

    def fields(self, *names: str) -> Iterator[tuple[Thing, Path, dict[str, Any]]]:
        """The mappings of ``distinct`` objects that are fields of these names, and their paths."""
        return (found for found in self.held_by(*names) if isinstance(found[1][-1], str))

    def held_by(self, *names: str) -> Iterator[tuple[Thing, Path, dict[str, Any]]]:
        """The same, and the mappings that stand in lists which are such fields."""
        for name in names:
            yield from self._holders.get(name, ())

    @cached_property
    def _holders(self) -> dict[str, list[tuple[Thing, Path, dict[str, Any]]]]:
        found: dict[str, list[tuple[Thing, Path, dict[str, Any]]]] = {}
        for thing in self.distinct:
            for path, node in thing.nodes:
                name = path[-1] if path else ""
                # No list stands in a list, in no object of Kubernetes.
                found.setdefault(name if isinstance(name, str) else str(path[-2]), []).append(
                    (thing, path, node)
                )
        return found

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
        things = self.of(*kinds) if kinds else self.things
        return ((manifest, sheet) for _, manifest, sheet in self._stamped(things))

    def repeated(self) -> Iterator[tuple[Thing, Manifest, Sheet]]:
        """Those of ``stamped`` that stand in more than one file, as the first stamp fills them too."""
        return (found for found in self._stamped(self.things) if len(found[2].stamps) > 1)

    def _stamped(self, things: Iterable[Thing]) -> Iterator[tuple[Thing, Manifest, Sheet]]:
        for thing in things:
            if thing.manifest is not None and thing.sheet is not None and not thing.inside:
                yield thing, thing.manifest, thing.sheet

    def longest(self, sheet: Sheet, texts: Iterable[str]) -> list[Stamp]:
        """For each hole of ``texts`` the stamp that fills it with most, where that is more than at the first stamp."""
        holes = set(hole_names("".join(texts)))
        found = [self._longest[sheet, name] for name in sorted(holes)]
        return list({stamp.path: stamp for stamp in found if stamp is not sheet.stamps[0]}.values())

    @cached_property
    def _longest(self) -> _Longest:
        return _Longest()

    @cached_property
    def folders(self) -> dict[str, dict[str, int]]:
        """Folder to its files of objects, and how many objects each of them holds."""
        found: dict[str, dict[str, int]] = {}
        for sheet in self.sheets:
            for stamp in sheet.stamps:
                folder, _, name = stamp.path.rpartition("/")
                found.setdefault(folder, {})[name] = len(sheet.manifests)
        return found

    @cached_property
    def files(self) -> list[str]:
        """Every path of the tree, sorted."""
        of_objects = [stamp.path for sheet in self.sheets for stamp in sheet.stamps]
        return sorted([*of_objects, *(text.path for text in self.texts)])

    @cached_property
    def kustomizations(self) -> dict[str, Thing]:
        """Folder to its kustomization file."""
        return {
            t.unit: t
            for t in self.of(kinds.KUSTOMIZATION.name, kinds.COMPONENT.name)
            if t.api_version.startswith(KUSTOMIZE)
        }

    @cached_property
    def kinds(self) -> dict[str, set[tuple[str, str]]]:
        """Folder to the API groups and kinds that stand in it."""
        found: dict[str, set[tuple[str, str]]] = {}
        for sheet in self.sheets:
            kinds = {_group_and_kind(manifest) for manifest in sheet.manifests}
            for unit in {unit_of(stamp.path) for stamp in sheet.stamps}:
                found.setdefault(unit, set()).update(kinds)
        return found


def _group_and_kind(manifest: Manifest) -> tuple[str, str]:
    return str(manifest.body.get("apiVersion", "")).rpartition("/")[0], str(manifest.body.get("kind", ""))


def _things(manifest: Manifest, sheet: Sheet, stamp: Stamp) -> Iterator[Thing]:
    body = fill_object(manifest.body, stamp.values) if stamp.values else manifest.body
    thing = Thing(body, stamp.path, manifest, sheet)
    yield thing
    if thing.kind == kinds.EDGE_APPLICATION.name:
        yield from _inside(thing)


def _inside(thing: Thing) -> Iterator[Thing]:
    """The objects that KubeEdge makes of an EdgeApplication; the API server does not look at them."""
    manifests = mapping(thing.body, "spec", "workloadTemplate").get("manifests")
    for index, body in enumerate(manifests if isinstance(manifests, list | tuple) else ()):
        if isinstance(body, dict):
            path = ("spec", "workloadTemplate", "manifests", index)
            yield Thing(body, thing.file, thing.manifest, thing.sheet, path, thing.title)


class _Longest(dict[tuple[Sheet, str], Stamp]):
    """Sheet and hole to the first of the stamps that fill it with most."""

    def __missing__(self, key: tuple[Sheet, str]) -> Stamp:
        sheet, name = key
        lengths = list(map(len, sheet.columns[name]))
        self[key] = sheet.stamps[lengths.index(max(lengths))]
        return self[key]
