"""Durations, rates and ports: one reader each, held against another reading."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.model import bit_rate, duration, port
from milepost.model.bit_rate import bits_per_second
from milepost.model.duration import seconds

UNITS = {"ms": Fraction(1, 1000), "s": Fraction(1), "m": Fraction(60), "h": Fraction(3600)}
NUMBERS = st.decimals(0, 999, places=3).map(lambda number: f"{number:f}") | st.integers(0, 999).map(str)


@given(st.lists(st.tuples(NUMBERS, st.sampled_from(sorted(UNITS))), min_size=1, max_size=4))
def test_a_duration_is_the_sum_of_its_parts(parts: list[tuple[str, str]]) -> None:
    """In any order, as Go reads them; a part of a second counts as one."""
    text = "".join(number + unit for number, unit in parts)
    assert seconds(text) == -(-sum(Fraction(number) * UNITS[unit] for number, unit in parts) // 1)
    assert re.search(duration.FORM, text)


@pytest.mark.parametrize(
    "text", ["", "10", "s", "-5s", "+5s", "1h 5m", "1d", ".5s", "1.s", "5S", "1h\n", "9999999999h"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    """A number without a unit, a sign, a unit that Go has not, more than Kubernetes can count."""
    with pytest.raises(ValueError, match=re.escape(f'"{text}"')):
        seconds(text)


@given(st.integers(0, 99999), st.text("0123456789", max_size=6), st.sampled_from("kMG"))
def test_a_rate_is_the_number_that_it_says(whole: int, part: str, unit: str) -> None:
    """Rounded down: a line carries no more; one that carries nothing is refused."""
    text = f"{whole}{'.' if part else ''}{part}{unit}bit/s"
    wanted = Fraction(f"{whole}.{part or 0}") * {"k": 10**3, "M": 10**6, "G": 10**9}[unit]
    assert re.search(bit_rate.FORM, text)
    if wanted < 1:
        with pytest.raises(ValueError, match="nothing ever crosses"):
            bits_per_second(text)
    else:
        assert bits_per_second(text) == wanted // 1


@given(st.text("aZ09-_", max_size=17))
def test_a_port_has_a_name_that_kubernetes_takes(text: str) -> None:
    """RFC 6335: a letter, no capital, single hyphens, none at an end, fifteen characters at most."""
    letters = any(character.islower() for character in text)
    plain = not re.search(r"[^a-z0-9-]", text) and "--" not in text and text.strip("-") == text
    assert port.is_name(text) == (letters and plain and len(text) <= 15)


@pytest.mark.parametrize("value", [0, -1, 65536, True, "80", 80.0, None])
def test_what_is_no_port_is_none(value: object) -> None:
    """A number from 1 to 65535."""
    assert not port.is_number(value)
    assert port.is_number(1)
    assert port.is_number(65535)
