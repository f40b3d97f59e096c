"""VRIDs of virtual addresses: the number by which VRRP tells the routers of one LAN apart.

A VRID follows from the address alone, its last number, or is written beside it. So no other address, station or edit
ever moves it, and there is no record of numbers to keep (ADR 0034). Where two follow to the same number, which takes a
LAN of more than 256 addresses, one of them writes its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from milepost.diagnostics import Code, Related, Severity, Sink
from milepost.model.fleet import VirtualAddress
from milepost.model.networks import VRIDS, Lan
from milepost.plan.network.parsed_addresses import parsed

MP4093 = Code(
    "MP4093",
    "VRID used twice on a LAN",
    "VRRP tells the virtual addresses of a LAN apart by a number from 1 to 255, the VRID. It is the last number of the "
    "address, or what the column `vrid` says. Nodes of two addresses with one VRID would take each other for backups, and "
    "one of the addresses would belong to nobody.",
    "name,station,addresses,vrid\ncameras,yueyang,10.43.1.200,\nservices,yueyang,10.43.1.201,200\n",
)
MP4094 = Code(
    "MP4094",
    "few VRIDs left on a LAN",
    "A LAN has 255 VRIDs, one for each virtual address. Beyond that an address has no number; plan another LAN before.",
    "# addresses.csv with 190 addresses of one LAN\n",
    Severity.WARNING,
)
_WARNED = VRIDS * 7 // 10


def vrid(address: VirtualAddress) -> int:
    """0 where none follows from an address that ends in 0."""
    if address.row.vrid is not None:
        return int(address.row.vrid)
    first = address.row.addresses[0]
    return parsed(first).packed[-1] if ":" in first else int(first.rpartition(".")[2])


def check(lan: Lan, sink: Sink) -> None:
    """Report VRIDs that two addresses of ``lan`` have, addresses that have none, and a LAN that has few left."""
    found = lan.addresses
    if len(found) > VRIDS:
        _report_too_many(found, sink)
        return
    taken: dict[int, VirtualAddress] = {}
    # Written ones first: a number that somebody chose is never the one to change.
    for address in sorted(found, key=lambda a: a.row.vrid is None):
        number = vrid(address)
        if number == 0 or number in taken:
            _report(address, taken.get(number), _free(found, taken), sink)
        taken.setdefault(number, address)
    if len(found) > _WARNED:
        message = f"the LAN of station {lan.stations[0].name} has {len(found)} virtual addresses, of at most {VRIDS}"
        sink.report(MP4094, message, found[-1].origin.span, hint="give the next stations a LAN of their own")


def _free(found: Sequence[VirtualAddress], taken: Mapping[int, VirtualAddress]) -> int:
    used = {vrid(address) for address in found} | taken.keys()
    return next(number for number in range(1, VRIDS + 1) if number not in used)


def _report(address: VirtualAddress, other: VirtualAddress | None, free: int, sink: Sink) -> None:
    where = f'virtual address "{address.name}" of station {address.row.station}'
    hint = f"write a free number into its column vrid, such as {free}"
    at = address.origin.of("addresses" if address.row.vrid is None else "vrid").span
    if other is None:
        sink.report(MP4093, f"no VRID follows from {address.row.addresses[0]}, {where}", at, hint=hint)
        return
    sink.report(
        MP4093,
        f"{where} has VRID {vrid(address)}, which its LAN has already",
        at,
        related=[Related(f'"{other.name}" of station {other.row.station} has it', other.origin.span)],
        hint=hint,
    )


def _report_too_many(found: Sequence[VirtualAddress], sink: Sink) -> None:
    sink.report(
        MP4093,
        f"a LAN has {len(found)} virtual addresses, and VRRP has {VRIDS} numbers for them",
        found[VRIDS].origin.span,
        related=[Related("the first of them", found[0].origin.span)],
        hint="divide the LAN, or leave addresses out",
    )
