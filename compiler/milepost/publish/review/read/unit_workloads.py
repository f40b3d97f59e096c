"""Unit workloads: what the files of station groups run, on which nodes, with which images, and which objects it reads.

Read from the workloads of a side as they stand. Most files are one text but for the names of their place, and are taken
apart once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from milepost.publish.review.read.file_location import SHARED, STATION, FileLocation, TreeLayout
from milepost.publish.review.read.join_lists import (
    PODS,
    WORKLOADS,
    NodeSelectorText,
    job_selector,
    selector,
)
from milepost.publish.review.read.place_abstraction import abstract
from milepost.publish.review.read.tree_source import TreeSource, standing
from milepost.publish.review.read.yaml_documents import ObjectIdentity, documents, identify

_IMAGE = re.compile(r"^ *(?:- )?image: *[\"']?([^\s\"'@]+)", re.M)
_NAMED = re.compile(r"[nN]ame: *[\"']?([^\s\"']+)")


class UnitWorkload(NamedTuple):
    """What one object runs; all texts are without the names of its place."""

    identity: ObjectIdentity
    selector: NodeSelectorText
    images: frozenset[str]
    """Names of images, as a release pins them."""
    reads: frozenset[str]
    """Names that its pods speak of: of ConfigMaps, claims, accounts, and of its own parts."""


@dataclass(slots=True)
class UnitWorkloads:
    """The workloads of one side, file by file, read when somebody asks."""

    side: TreeSource
    layout: TreeLayout
    _files: dict[str, tuple[UnitWorkload, ...]] = field(default_factory=dict)
    _texts: dict[str, tuple[UnitWorkload, ...]] = field(default_factory=dict)
    """By text without the names of its place."""

    def of_group(
        self, province: str, group: str, station: str = ""
    ) -> Iterator[tuple[FileLocation, tuple[UnitWorkload, ...]]]:
        """Each file of a group's unit and what it runs; of one station and what the group shares, where it is named."""
        files = self.layout.groups(province).get(group, {})
        places = [
            place
            for role in (SHARED, STATION)
            for place in files.get(role, ())
            if not station or place.station in ("", station)
        ]
        self.read(places)
        return ((place, self._files[place.path]) for place in places)

    def of_file(self, place: FileLocation) -> tuple[UnitWorkload, ...]:
        """Nothing where the side has no such file."""
        self.read([place])
        return self._files[place.path]

    def read(self, places: Iterable[FileLocation]) -> None:
        """Many files at once: a repository is asked once, not once for each."""
        missing = {place.path: place for place in places if place.path not in self._files}
        texts = standing(self.side, missing)
        for path, place in missing.items():
            text = abstract(texts.get(path, b"").decode("utf-8", "replace"), place)
            if text not in self._texts:
                self._texts[text] = tuple(_workloads(path, text))
            self._files[path] = self._texts[text]


def _workloads(path: str, text: str) -> Iterator[UnitWorkload]:
    for document in documents(path, text):
        identity = identify(document.text)
        if identity.kind in PODS:
            chosen = selector if identity.kind in WORKLOADS else job_selector
            inside = document.text.partition("\nspec:")[2]
            yield UnitWorkload(
                identity,
                chosen(document.text),
                frozenset(map(_repository, _IMAGE.findall(inside))),
                frozenset(_NAMED.findall(inside)),
            )


def _repository(reference: str) -> str:
    """Without a tag: a colon behind the last slash begins one, any other a port."""
    folder, slash, name = reference.rpartition("/")
    return f"{folder}{slash}{name.partition(':')[0]}"
