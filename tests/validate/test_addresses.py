"""A node's address is one that a LAN can have."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from milepost.model.spec import NodeRow


def row(address: str) -> NodeRow:
    return NodeRow(name="a1", station="a", profile="box", address=address)


@pytest.mark.parametrize("address", ["10.43.1.11", "0.0.0.0", "255.255.255.255", "199.249.9.10"])
def test_four_numbers_up_to_255_are_an_address(address: str) -> None:
    assert row(address).address == address


@pytest.mark.parametrize(
    "address", ["999.1.1.1", "256.0.0.1", "10.0.0", "10.0.0.0.1", "10.0.0.300", "a.b.c.d", ""]
)
def test_anything_else_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        row(address)
