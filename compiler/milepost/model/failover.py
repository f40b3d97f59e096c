"""Failover as planned: who serves at a station when a node is lost, which virtual addresses lead there, how long they move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from milepost.model.fleet import Station
from milepost.model.matchers import FailoverRule
from milepost.model.origin import DocumentOrigin
from milepost.model.record import record
from milepost.model.resource_request import ResourceRequest
from milepost.model.terms import NodeTerms

DAEMON_RESOURCES = {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}}
"""Of the pod that moves addresses: two processes of keepalived, and a shell for each check."""
FALL = 2
"""Checks in a row that must fail, or succeed, before a component counts as sick, or as well again."""


class FailoverTiming(NamedTuple):
    """Seconds by which an address moves, and what they follow from."""

    advert: float
    """Between two advertisements of the node that has the address."""
    interval: int
    """Between two checks of a component."""
    timeout: int
    """That a check may take."""
    told: int
    """Advertisements after which another node has the address of a sick one."""

    @property
    def lost(self) -> float:
        """At most until another node has the address when its node, or that node's link, is gone: three advertisements and
        the skew of RFC 5798, which is less than one more.
        """
        return 4 * self.advert

    @property
    def sick(self) -> float:
        """At most until a well node has the address when its component became sick: the checks that must fail, each as late
        and as long as it may be, and the time until the others act on it.
        """
        return FALL * (self.interval + self.timeout) + self.told * self.advert

    @property
    def longest(self) -> float:
        return max(self.lost, self.sick)


@record
class FailoverPattern:
    """A rule of an application, with what it comes to wherever the application runs."""

    edition: str
    """Key of the edition that it is a rule of."""
    rule: FailoverRule
    timing: FailoverTiming
    checks: Mapping[str, tuple[str, ...]]
    """Virtual address to the checks that must succeed: ``http:8100/ready``, ``tcp:8090``, on the node's own address."""
    terms: NodeTerms
    """The nodes that its components may run on."""
    architectures: tuple[str, ...]
    origin: DocumentOrigin


class LedAddress(NamedTuple):
    """A virtual address of a station, and the positions of the nodes that may have it; the first one comes first."""

    address: str
    pattern: FailoverPattern
    order: tuple[int, ...]

    def bytes_per_second(self) -> float:
        """On the LAN: each advertisement goes to every other node of the address in a frame of its own."""
        # Ethernet 14, IP 20, VRRP 8, 4 an address; short frames are padded to 60.
        return (len(self.order) - 1) * 60 / self.pattern.timing.advert


class Failovers(NamedTuple):
    """The failover of a province's stations."""

    patterns: tuple[FailoverPattern, ...]
    """Also those that lead no address."""
    led: Mapping[str, tuple[LedAddress, ...]]
    """Station to its addresses, sorted by name; stations without any are not there."""
    request: ResourceRequest
    """What the daemon of one node asks for."""

    def nodes(self, station: Station) -> frozenset[int]:
        """Positions of the nodes that run the daemon."""
        return frozenset([index for led in self.led.get(station.name, ()) for index in led.order])
