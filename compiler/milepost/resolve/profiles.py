"""Profiles as numbers: lines in bits a second, hardware in millicores and bytes."""

from __future__ import annotations

from milepost.model import spec
from milepost.model.bit_rate import bits_per_second
from milepost.model.duration import milliseconds, seconds
from milepost.model.fleet import Access, LineProxy, Profile
from milepost.model.parsed import ParsedDocument, ParsedSpec
from milepost.model.quantity import bytes_of, millicores


def accesses(spec_: ParsedSpec) -> dict[str, Access]:
    """Every AccessProfile, by name."""
    return {name: _access(parsed) for name, parsed in spec_.access_profiles.items()}


def profiles(spec_: ParsedSpec) -> dict[str, Profile]:
    """Every HardwareProfile, by name."""
    return {name: _profile(name, parsed) for name, parsed in spec_.hardware_profiles.items()}


def _access(parsed: ParsedDocument[spec.AccessProfileDocument]) -> Access:
    body = parsed.model.spec
    proxy = None if body.proxy is None else LineProxy(body.proxy.pulls, tuple(body.proxy.direct))
    return Access(
        name=parsed.name,
        line=body.line,
        medium=body.medium,
        down=bits_per_second(body.down),
        up=bits_per_second(body.up),
        outage=seconds(body.outage),
        latency=milliseconds(body.latency),
        loss=body.loss,
        transport=body.transport,
        management_share=body.management_share,
        monthly_volume=None if body.monthly_volume is None else bytes_of(body.monthly_volume),
        proxy=proxy,
        origin=parsed.at,
    )


def _profile(name: str, parsed: ParsedDocument[spec.HardwareProfileDocument]) -> Profile:
    body = parsed.model.spec
    return Profile(
        name=name,
        vendor=body.vendor,
        model=body.model,
        architecture=body.architecture,
        cpu=millicores(body.cpu),
        memory=bytes_of(body.memory),
        disk=bytes_of(body.disk),
        reserved_cpu=millicores(body.reserved.cpu),
        reserved_memory=bytes_of(body.reserved.memory),
        reserved_disk=bytes_of(body.reserved.disk),
        origin=parsed.at,
    )
