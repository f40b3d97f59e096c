"""Edits: one field of one object, or one whole object, station, group or province."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from milepost.publish.review.read.file_location import FileLocation
from milepost.publish.review.read.patch import LineRun
from milepost.publish.review.read.yaml_documents import ObjectIdentity


class EditScope(StrEnum):
    """How much of the tree came, went or changed as one."""

    PROVINCE = "province"
    GROUP = "station-group"
    STATION = "station"
    OBJECT = "object"
    FILE = "file"


class EditAction(StrEnum):
    """For an object without a field: it came, went or changed. With a field: the field did."""

    ADD = "add"
    REMOVE = "remove"
    CHANGE = "change"
    MOVE = "move"
    RENAME = "rename"


class EditSubject(NamedTuple):
    """What an edit is about."""

    scope: EditScope
    action: EditAction
    identity: ObjectIdentity
    field: str = ""
    was: ObjectIdentity | None = None
    """What the object was called before, where its name follows from its content."""


class Edit(NamedTuple):
    """An edit of the tree: lines of one file that belong together. Every changed line is in exactly one edit."""

    place: FileLocation
    subject: EditSubject
    runs: tuple[LineRun, ...]

    @property
    def removed(self) -> str:
        return "".join(run.text for run in self.runs if run.sign == "-")

    @property
    def added(self) -> str:
        return "".join(run.text for run in self.runs if run.sign == "+")
