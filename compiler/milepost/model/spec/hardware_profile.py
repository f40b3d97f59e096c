"""``HardwareProfileDocument``: a model of edge computer."""

from typing import Literal

from pydantic import Field

from milepost.model.spec.base import Architecture, ByteQuantity, CpuQuantity, KindModel, SpecModel, informing


class Reserved(SpecModel):
    """What the system, EdgeCore and the mesh keep for themselves."""

    cpu: CpuQuantity = Field("200m", description="CPU that pods cannot have.")
    memory: ByteQuantity = Field(
        "200Mi", description="Memory that pods cannot have; EdgeCore alone takes about 70 MB."
    )
    disk: ByteQuantity = Field(
        "4Gi", description="Disk that the system, logs and data take; images and a mirror have the rest."
    )


_SHOWN = "the table `nodes` of `milepost query` has it"


class HardwareProfileSpec(SpecModel):
    """One model of edge computer."""

    vendor: str = Field(description=informing("Who makes it.", _SHOWN))
    model: str = Field(description=informing("What the maker calls it.", _SHOWN))
    architecture: Architecture = Field(description="As in the node label `kubernetes.io/arch`.")
    cpu: CpuQuantity = Field(description="Cores.")
    memory: ByteQuantity = Field(description="Memory fitted.")
    disk: ByteQuantity = Field(description="Disk that images and data share.")
    reserved: Reserved = Field(default_factory=Reserved, description="What pods cannot have.")


class HardwareProfileDocument(KindModel):
    """A model of edge computer: architecture, size, and what the system keeps."""

    kind: Literal["HardwareProfile"]
    spec: HardwareProfileSpec
