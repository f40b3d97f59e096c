"""``ReleaseDocument``: moving an application from one version to the next, in waves."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from milepost.model.spec.base import Duration, KindModel, Name, SpecModel, no_items
from milepost.model.spec.image import Tag

Reason = Annotated[str, StringConstraints(min_length=1, max_length=500)]
"""One sentence for whoever reads the history."""


class WaveEntry(SpecModel):
    """Station groups that move together."""

    name: Name = Field(description="What the cursors call it; unique in the release.")
    provinces: list[Name] = Field(
        default_factory=no_items, description="All station groups of these provinces."
    )
    groups: list[Name] = Field(default_factory=no_items, description="These station groups.")
    window: Duration | None = Field(
        None,
        description="Longest time that its pre-pull may take; that of the province's `prepull` where it is left out.",
    )
    together: bool = Field(
        False,
        description="Pre-pulled and switched by one commit, and the cluster itself holds the switch back until the "
        "images are there. Left out, they are two commits, and somebody looks in between.",
    )
    may_be_empty: bool = Field(
        False,
        alias="mayBeEmpty",
        description="Whether its groups may have no station yet; left out, that is an error.",
    )
    attempt: Annotated[int, Field(ge=1)] = Field(
        1,
        description="Raise it to pull again after a failure: a job that has ended is never looked at again.",
    )


class ReleaseSpec(SpecModel):
    """Waves in order, and how far the release has come."""

    application: Name = Field(description="The Application that moves.")
    start: Tag = Field(
        alias="from",
        description="The version that runs before; `none` where the application is new, and no station group has it yet.",
    )
    to: Tag = Field(
        description="The version that runs after; `none` where the application goes, wave by wave. `milepost release finish` "
        "then removes the Application."
    )
    waves: list[WaveEntry] = Field(
        min_length=1, description="In order; a group is in one wave at most, the rest stay."
    )
    prepulled: Name | None = Field(
        None,
        description="The nodes of every wave up to this one are told to pull the new version's images.",
    )
    switched: Name | None = Field(
        None,
        description="Every wave up to this one runs the new version; nothing has moved where it is left out. Never "
        "ahead of `prepulled`.",
    )
    applied: Name | None = Field(
        None,
        description="Sections of every wave up to this one have been seen to run the new version: nothing in them waits "
        "for its pre-pull any more. Never ahead of `switched`.",
    )
    without_prepull: Reason | None = Field(
        None,
        alias="withoutPrepull",
        description="Why nothing is pulled ahead: nodes then pull when they switch, and their lanes wait meanwhile.",
    )
    rollback: bool = Field(
        False,
        description="Undoes a release that did not get to its end: the application's own version is what it goes to, "
        "and the groups of its waves run what it comes from until they switch back.",
    )


class ReleaseDocument(KindModel):
    """Moving an application from one version to the next, in ordered waves of station groups."""

    kind: Literal["Release"]
    spec: ReleaseSpec
