"""``AccessProfileDocument``: how a site reaches the cloud."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from milepost.model import bit_rate
from milepost.model.spec.base import Duration, KindModel, SpecModel, informing, readable

BitRate = Annotated[
    str, StringConstraints(pattern=bit_rate.FORM, max_length=32), readable(bit_rate.bits_per_second)
]
"""Decimal bits a second, such as ``3Mbit/s``."""


_SHOWN = "the table `links` of `milepost query` has it"


class AccessProfileSpec(SpecModel):
    """One kind of line."""

    line: Literal["private", "proxy", "public"] = Field(
        description=informing("A private line, a proxy of the province, or the public network.", _SHOWN)
    )
    medium: Literal["wired", "wireless"] = Field(
        description="What the last mile is; behind a wired one a node rather pulls for a mirror than behind a wireless one."
    )
    down: BitRate = Field(description="Rate toward the site.")
    up: BitRate = Field(description=informing("Rate from the site.", _SHOWN))
    outage: Duration = Field("24h", description=informing("Longest loss of the line to expect.", _SHOWN))


class AccessProfileDocument(KindModel):
    """How a site reaches the cloud: line, medium, rates, expected outage."""

    kind: Literal["AccessProfile"]
    spec: AccessProfileSpec
