"""How images reach the nodes of a wave before its version switches; set by the fleet, or by a province for itself."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from milepost.model.spec.base import Duration, Name, SpecModel
from milepost.model.spec.image import Tag

Check = Literal["cpu", "mem", "disk"]
"""What KubeEdge can look at on a node before it pulls; more than 80 % in use fails the node."""


class Helper(SpecModel):
    """An image with a static BusyBox at ``/bin/busybox``: it stands in for the programs of the images."""

    image: Name = Field(description="An Image by name, one repository for all architectures.")
    version: Tag = Field(description="One of the Image's versions.")


class Prepull(SpecModel):
    """Who pulls, on how much of the lines, for how long, and how many nodes may fail."""

    engine: Literal["kubeedge", "kruise", "daemonset"] = Field(
        "kubeedge",
        description="`kubeedge`: ImagePrePullJobs, which need the task manager of CloudCore and EdgeCore. `kruise`: "
        "OpenKruise's ImagePullJobs, where its daemon runs on the nodes. `daemonset`: plain Kubernetes, pods that start "
        "from the images.",
    )
    window: Duration = Field(
        "6h", description="Longest time that the pre-pull of a wave may take, such as a night."
    )
    share: Annotated[float, Field(gt=0, le=1)] = Field(
        0.5, description="Part of each line's rate to count on; tolling has the rest."
    )
    failure_tolerate: Annotated[float, Field(ge=0.01, le=0.9)] = Field(
        0.1,
        alias="failureTolerate",
        description="Part of the nodes that may fail, those that are offline at the time among them.",
    )
    retry_times: Annotated[int, Field(ge=1, le=100)] = Field(
        5, alias="retryTimes", description="How often a node tries again before it counts as failed."
    )
    checks: list[Check] = Field(
        default=["disk"], description="What a node looks at before it pulls; KubeEdge only."
    )
    helper: Helper | None = Field(
        None, description="What runs in place of the images' own programs; `daemonset` needs it."
    )

    @model_validator(mode="after")
    def _helper_where_used(self) -> Self:
        if (self.engine == "daemonset") != (self.helper is not None):
            raise ValueError("helper goes with engine daemonset, and with no other")
        return self
