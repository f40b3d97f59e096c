"""IPv4 addresses: a /27 out of 10.0.0.0/8 for the LAN of each station; address 1 is the gateway's, nodes follow, and the
last ones move between nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

LAN, PREFIX = 32, 27
"""Addresses of a station: at most 13 nodes, and its virtual addresses."""
BLOCK = 1 << 16
"""A province's LANs start at a multiple of this, so that its neighbours' sizes seldom move them."""
FIRST_NODE = 2
FIRST_VIRTUAL = 28


def lans(block: int) -> Iterator[int]:
    """First addresses of the LANs of the province whose addresses start at this block of 10.0.0.0/8."""
    return count((10 << 24) + block * BLOCK, LAN)


def blocks(stations: int) -> int:
    """How many blocks of addresses so many stations take."""
    # Rounded up: two provinces in one block would hand out the same addresses.
    return -(-stations * LAN // BLOCK)


def address(lan: int, node: int) -> str:
    """The address of a LAN's node, which counts from 0."""
    return _text(lan + FIRST_NODE + node)


def gateway(lan: int) -> str:
    return _text(lan + 1)


def subnet(lan: int) -> str:
    return f"{_text(lan)}/{PREFIX}"


def virtual(lan: int, turn: int) -> str:
    """A virtual address of a LAN, which counts from 0."""
    return _text(lan + FIRST_VIRTUAL + turn)


def _text(number: int) -> str:
    return f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
