"""``guards:`` of the Fleet: what a change must not do before somebody has looked at it."""

from datetime import datetime
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, StringConstraints, model_validator

from milepost.model.kinds import names
from milepost.model.spec.base import Name, SpecModel, no_items, readable


def _read(moment: str) -> datetime:
    """Raises ValueError for a day or a time that no calendar and no clock has."""
    try:
        return datetime.fromisoformat(moment)
    except ValueError as error:
        raise ValueError(f"is no day or time: {error}") from None


Moment = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
    ),
    readable(_read),
]
"""A day, or a day and a time with its distance to UTC, such as ``2027-02-05T18:00+08:00``."""

KindName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]*$", max_length=63)]
"""A kind of Kubernetes object."""


class Removals(SpecModel):
    """What may go from one province with one change, beside what was acknowledged."""

    workloads: Annotated[int, Field(ge=0)] = Field(
        0, description="Deployments, StatefulSets, DaemonSets, EdgeApplications and CronJobs."
    )
    objects: Annotated[int, Field(ge=0)] = Field(200, description="Objects of any kind.")


class Restarts(SpecModel):
    """What one change may restart at once; within one of the two it passes."""

    stations: Annotated[int, Field(ge=0)] = Field(20, description="Stations whose pods restart.")
    groups: Annotated[int, Field(ge=0)] = Field(1, description="Station groups whose pods restart.")


Danger = Literal["data", "labels", "privilege", "delivery", "digests", "province", "compiler"]
"""Changes that are looked at whatever their size."""


class Freeze(SpecModel):
    """A time in which nothing changes: a holiday, an audit."""

    name: Name = Field(description="What an acknowledgement calls it.")
    start: Moment = Field(
        alias="from",
        description="The first day, or the moment it begins. Days are those of the clock that `--now` names.",
    )
    end: Moment = Field(alias="until", description="The last day, included, or the moment it ends.")
    provinces: list[Name] = Field(
        default_factory=no_items, description="Only these provinces; all where none is named."
    )

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        start, end = _read(self.start), _read(self.end)
        # Between a day, which is one of another clock, and a moment only the days can be compared.
        moments = start.tzinfo is not None and end.tzinfo is not None
        if end < start if moments else end.date() < start.date():
            raise ValueError(
                f"until ({self.end}) lies before from ({self.start}), so nothing would ever be frozen"
            )
        return self


class Guards(SpecModel):
    """What `milepost diff` refuses (exit code 4) until an entry of `acknowledge` says that it was looked at."""

    removals: Removals = Field(default=Removals(), description="How much may go without an acknowledgement.")
    protect: list[KindName] = Field(
        default=sorted(names(lambda kind: kind.stateful)),
        description="Kinds of object of which none may go without an acknowledgement.",
    )
    restarts: Restarts = Field(
        default=Restarts(),
        description="How much may restart with one change, beside versions that move by the waves of a Release.",
    )
    watch: list[Danger] = Field(
        default=list(get_args(Danger)),
        description="Changes that wait for an acknowledgement: instances that start on other `data`, `labels` of nodes by which "
        "pods stop, raised `privilege`, source or identity of `delivery`, other `digests` behind a tag, what a whole `province` "
        "has once, another version of the `compiler`.",
    )
    provinces_per_change: Annotated[int, Field(ge=1)] | None = Field(
        None, alias="provincesPerChange", description="The most provinces that one change may touch."
    )
    frozen: list[Freeze] = Field(default_factory=no_items, description="Times in which nothing changes.")
