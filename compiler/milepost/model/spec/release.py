"""``Release``: moving an application from one version to the next, in waves."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from milepost.model.spec.base import Kind, Name, SpecModel
from milepost.model.spec.image import Tag


class Wave(SpecModel):
    """Station groups that move together."""

    name: Name = Field(description="What the cursor calls it; unique in the release.")
    provinces: list[Name] = Field(default_factory=list, description="All station groups of these provinces.")
    groups: list[Name] = Field(default_factory=list, description="These station groups.")


class ReleaseSpec(SpecModel):
    """Waves in order, and how far the release has come."""

    application: Name = Field(description="The Application that moves.")
    start: Tag = Field(alias="from", description="The version that runs before.")
    to: Tag = Field(description="The version that runs after.")
    waves: list[Wave] = Field(
        min_length=1, description="In order; a group is in one wave at most, the rest stay."
    )
    switched: Name | None = Field(
        None,
        description="Every wave up to this one runs the new version; nothing has moved where it is left out.",
    )


class Release(Kind):
    """Moving an application from one version to the next, in ordered waves of station groups."""

    kind: Literal["Release"]
    spec: ReleaseSpec
