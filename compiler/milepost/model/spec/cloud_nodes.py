"""``cloud`` of a Province: the nodes of its cluster that are no edge nodes, and what may run there."""

from typing import Annotated

from pydantic import Field

from milepost.model.spec.base import (
    Budgets,
    ByteQuantity,
    CpuQuantity,
    LabelKey,
    LabelValue,
    SpecModel,
    no_keys,
)


class CloudPoolEntry(SpecModel):
    """The size of the pool. It is what the proof that pods find room there starts from."""

    nodes: Annotated[int, Field(ge=1, le=10_000)] = Field(description="How many nodes there are at least.")
    cpu: CpuQuantity = Field(description="Cores that each has free for these pods.")
    memory: ByteQuantity = Field(description="Memory that each has free for these pods.")


class CloudEntry(SpecModel):
    """Where components with `place: province` run: on nodes without the label `node-role.kubernetes.io/edge`."""

    labels: dict[LabelKey, LabelValue] = Field(
        default_factory=no_keys, description="Labels that the nodes must carry, such as those of a pool."
    )
    pool: CloudPoolEntry | None = Field(
        None, description="Its size. Left out, nothing proves that the pods find room there."
    )
    budgets: Budgets = Field(
        default_factory=Budgets, description="Budgets of the namespace `milepost-cloud`, its ResourceQuota."
    )
