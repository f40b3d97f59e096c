"""``AccessProfileDocument``: how a site reaches the cloud."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from milepost.model import bit_rate
from milepost.model.spec.base import (
    ByteQuantity,
    Duration,
    KindModel,
    SpecModel,
    informing,
    no_items,
    readable,
)

BitRate = Annotated[
    str, StringConstraints(pattern=bit_rate.FORM, max_length=32), readable(bit_rate.bits_per_second)
]
"""Decimal bits a second, such as ``3Mbit/s``."""

ProxyUrl = Annotated[
    str,
    StringConstraints(
        pattern=r"^(http|https|socks5)://[a-z0-9]([a-z0-9.-]*[a-z0-9])?:[0-9]{1,5}$", max_length=255
    ),
]
"""Scheme, host and port of a proxy: no user and no password, which no file in Git may hold."""
DirectHost = Annotated[
    str,
    StringConstraints(
        pattern=r"^\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(/[0-9]{1,2})?(:[0-9]{1,5})?$", max_length=253
    ),
]
"""As in ``NO_PROXY``: a host, a domain with a leading dot, an address or a network."""

_SHOWN = "the table `links` of `milepost query` has it"


class LineProxyEntry(SpecModel):
    """A proxy on the way of image pulls. EdgeCore itself knows none."""

    pulls: ProxyUrl = Field(
        description="The proxy that containerd pulls images through: `http://`, `https://` or `socks5://`, host and port."
    )
    direct: list[DirectHost] = Field(
        default_factory=no_items,
        description="Hosts, domains and networks that containerd asks without the proxy, beside the mirrors of the section, "
        "which are always among them.",
    )


class AccessProfileSpec(SpecModel):
    """One kind of line."""

    line: Literal["private", "proxy", "public"] = Field(
        description="A private line, a proxy of the province, or the public network. The province's `cloudcore.endpoints` "
        "say where nodes of each kind of line find CloudCore."
    )
    medium: Literal["wired", "wireless"] = Field(
        description="What the last mile is; behind a wired one a node rather pulls for a mirror than behind a wireless one."
    )
    down: BitRate = Field(description="Rate toward the site.")
    up: BitRate = Field(description="Rate from the site; the management traffic of its nodes must fit.")
    outage: Duration = Field("24h", description=informing("Longest loss of the line to expect.", _SHOWN))
    latency: Duration = Field(
        "50ms", description="Round trip to the province's centre; the time-outs of EdgeCore follow it."
    )
    loss: Annotated[float, Field(ge=0, lt=0.5)] = Field(
        0.0, description="Part of the packets that are lost; time-outs grow with it."
    )
    transport: Literal["websocket", "quic"] = Field(
        "websocket",
        description="How EdgeCore speaks with CloudCore; QUIC is UDP, which no proxy carries, and does not check the "
        "server's certificate.",
    )
    management_share: Annotated[float, Field(gt=0, le=1)] = Field(
        0.1,
        alias="managementShare",
        description="Part of the line's rates that management traffic may take: leases, status, watches, and what a change "
        "sends.",
    )
    monthly_volume: ByteQuantity | None = Field(
        None,
        alias="monthlyVolume",
        description="What a metered line may carry in 30 days, both ways; of it management has `managementShare`.",
    )
    proxy: LineProxyEntry | None = Field(
        None, description="The proxy that images are pulled through, for line `proxy`."
    )

    @model_validator(mode="after")
    def _proxy_where_used(self) -> Self:
        if self.proxy is not None and self.line != "proxy":
            raise ValueError("proxy goes with line proxy, and with no other")
        return self


class AccessProfileDocument(KindModel):
    """How a site reaches the cloud: line, medium, rates, expected outage."""

    kind: Literal["AccessProfile"]
    spec: AccessProfileSpec
