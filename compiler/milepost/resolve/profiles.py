"""Profiles as numbers: lines in bits a second, hardware in millicores and bytes."""

from __future__ import annotations

from milepost.model import spec
from milepost.model.bit_rate import bits_per_second
from milepost.model.duration import seconds
from milepost.model.fleet import Access, Profile
from milepost.model.parsed import ParsedSpec
from milepost.model.quantity import bytes_of, millicores


def accesses(spec_: ParsedSpec) -> dict[str, Access]:
    """Every AccessProfile, by name."""
    return {name: _access(name, parsed.model.spec) for name, parsed in spec_.access_profiles.items()}


def profiles(spec_: ParsedSpec) -> dict[str, Profile]:
    """Every HardwareProfile, by name."""
    return {name: _profile(name, parsed.model.spec) for name, parsed in spec_.hardware_profiles.items()}


def _access(name: str, body: spec.access_profile.AccessProfileSpec) -> Access:
    down, up = bits_per_second(body.down), bits_per_second(body.up)
    return Access(name, body.line, body.medium, down, up, seconds(body.outage))


def _profile(name: str, body: spec.hardware_profile.HardwareProfileSpec) -> Profile:
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
    )
