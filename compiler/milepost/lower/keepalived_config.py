"""keepalived.conf of a node: a VRRP instance for each virtual address that it may have, and the check of what serves there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from milepost.model.failover import FALL, LedAddress
from milepost.model.fleet import Station
from milepost.model.networks import Networks, VirtualRouter

FOLDER, RUN = "/etc/milepost/failover", "/run/milepost/failover"
SCRIPT = "failover.sh"
INTERFACE, PASSWORD = "@INTERFACE@", "@PASSWORD@"
"""What the script puts in on the node."""
_FIRST = 200
"""Priority of the node that has an address first; each node behind it has one less."""


def configuration(
    station: Station, index: int, led: Sequence[LedAddress], networks: Networks, *, version: int
) -> str:
    """The file of the node at ``index``; ``version`` of VRRP. Nodes without an address in inventory are no peers."""
    node = station.nodes[index]
    own = [one for one in led if index in one.order]
    # Of the whole station and not of one address: in a ring each node is first for one.
    turn = sorted({other for one in led for other in one.order}).index(index)
    lines = [f"# turn {turn} address {node.row.address}"]
    lines += [f"# check {one.address} {_check(station, index, one)}" for one in own]
    lines += [
        "global_defs {",
        f"  router_id {node.name}",
        "  enable_script_security",
        f"  vrrp_version {version}",
        "}",
    ]
    for one in own:
        lines += _instance(station, index, one, networks.routers[station.name, one.address], version)
    return "\n".join(lines) + "\n"


def _check(station: Station, index: int, led: LedAddress) -> str:
    """Pause, time and tries of a check, and what ``failover.sh`` is asked."""
    times, checks = led.pattern.timing, " ".join(led.pattern.checks[led.address])
    own, peers = station.nodes[index].row.address, _peers(station, index, led)
    how = f"check {own}" if led.pattern.rule.failback else f"either {own} {','.join(peers)}"
    return f"{times.interval} {times.timeout} {FALL} {how} {checks}"


def _peers(station: Station, index: int, led: LedAddress) -> list[str]:
    return [station.nodes[other].row.address or "" for other in led.order if other != index]


def _instance(
    station: Station, index: int, led: LedAddress, router: VirtualRouter, version: int
) -> Iterator[str]:
    rule = led.pattern.rule
    # keepalived runs no script without the right to change its groups, so the script of the pod
    # asks, and writes 0 or 1 into a file that keepalived looks at.
    yield f"track_file {led.address} {{"
    yield f"  file {RUN}/{led.address}.sick"
    # Every sick node is behind every well one, and sick ones keep their order: the last that is
    # there keeps the address. With nopreempt a lower priority moves nothing, so a sick node is out
    # while another one is well, which its check finds out.
    yield f"  weight {-len(led.order) if rule.failback else 0}"
    yield "}"
    yield f"vrrp_instance {led.address} {{"
    yield "  state BACKUP"
    yield f"  interface {router.interface or INTERFACE}"
    yield f"  virtual_router_id {router.vrid}"
    yield f"  priority {_FIRST - led.order.index(index)}"
    yield f"  advert_int {led.pattern.timing.advert:g}"
    if not rule.failback:
        yield "  nopreempt"
    yield f"  unicast_src_ip {station.nodes[index].row.address}"
    yield from _block("unicast_peer", _peers(station, index, led))
    if version == 2:
        yield from ("  authentication {", "    auth_type PASS", f"    auth_pass {PASSWORD}", "  }")
    # VRRP of one family carries addresses of that family alone; the others move along.
    yield from _block("virtual_ipaddress", [p for p in router.prefixes if ":" not in p])
    yield from _block("virtual_ipaddress_excluded", [p for p in router.prefixes if ":" in p])
    yield from _block("track_file", [led.address])
    yield "}"


def _block(name: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield f"  {name} {{"
        yield from (f"    {item}" for item in items)
        yield "  }"
