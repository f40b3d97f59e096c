"""Quantities: amounts of CPU, memory, disk and whatever else Kubernetes counts, read exactly.

Grammar, rounding and canonical form are those of ``resource.Quantity`` of k8s.io/apimachinery; nothing passes through a
float. Narrower than there in three ways, since nobody means what is left out: a number has a digit (there ``"Ki"`` is
zero), an exponent goes to 99, and an amount that is read as a number of an int64 has room in one (there it overflows).
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Literal, NamedTuple

_NUMBER = r"([0-9]+(\.[0-9]*)?|\.[0-9]+)"
_EXPONENT = r"[eE][+-]?0*[0-9]{1,2}"
CPU = rf"^{_NUMBER}([numkMGTPE]|[KMGTPE]i|{_EXPONENT})?$"
"""The form of an amount of CPU, as a regular expression that JSON Schema, pydantic and Python read alike."""
BYTES = rf"^([0-9]+(\.0*)?|{_NUMBER}([kMGTPE]|[KMGTPE]i|[eE]\+?0*[0-9]{{1,2}}))$"
"""The form of a number of bytes: parts of one (``512m`` is half a byte) cannot be meant."""

_FORM = re.compile(rf"([+-]?)({_NUMBER})([numkMGTPE]|[KMGTPE]i|{_EXPONENT})?")
_BYTES = re.compile(BYTES)
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_SUFFIX = {exponent: suffix for suffix, exponent in (_DECIMAL | _BINARY).items()}
_NANO = 10**9
MILLI = _NANO // 1000
"""A thousandth, in billionths: a unit of ``Quantity.count``."""
_MOST = 2**63 - 1

Format = Literal["decimal", "binary", "exponent"]


class Quantity(NamedTuple):
    """An amount in billionths, the finest that Kubernetes keeps, and how it was written."""

    nanos: int
    format: Format

    def count(self, unit: int = _NANO) -> int:
        """How often ``unit`` (in billionths) is in it, rounded away from zero."""
        whole = -(-abs(self.nanos) // unit)
        return whole if self.nanos >= 0 else -whole

    @property
    def canonical(self) -> str:
        """As Kubernetes writes it: a whole number with the largest suffix that loses nothing."""
        if self.nanos == 0:
            return "0"
        if self.format == "binary" and self.nanos % _NANO == 0 and abs(self.nanos) >= 1024 * _NANO:
            number, times = _without(self.nanos // _NANO, 1024)
            return f"{number}{_SUFFIX[10 * times]}" if times else str(number)
        number, times = _without(self.nanos, 10)
        exponent = times - 9
        # Suffixes go by thousands, so the exponent is brought down to one of them.
        number, exponent = number * 10 ** (exponent % 3), exponent - exponent % 3
        if self.format != "exponent" and exponent in _DECIMAL.values():
            return f"{number}{_SUFFIX[exponent]}"
        return f"{number}e{exponent}" if exponent else str(number)


def _without(number: int, factor: int) -> tuple[int, int]:
    """``number`` without the factors that it has of ``factor``, and how many there were."""
    times = 0
    while number % factor == 0:
        number, times = number // factor, times + 1
    return number, times


@cache
def quantity(text: str) -> Quantity:
    """The amount that ``text`` says. Finer than a billionth is rounded away from zero; a binary one ends at 2^63-1.

    Raises ValueError, which says why it is none.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is no quantity')
    sign, number, suffix = match[1], match[2], match[5] or ""
    whole, _, part = number.partition(".")
    digits, exponent = int((whole + part) or "0"), -len(part)
    binary = suffix in _BINARY
    if binary:
        digits <<= _BINARY[suffix]
    else:
        exponent += _DECIMAL[suffix] if suffix in _DECIMAL else int(suffix[1:])
    # Rounded up, away from zero, as `resource.Quantity` does: a proof may count too much and
    # never too little.
    nanos = digits * 10 ** (exponent + 9) if exponent >= -9 else -(-digits // 10 ** -(exponent + 9))
    # `resource.Quantity` caps binary amounts at 2^63-1 and does not refuse them.
    nanos = min(nanos, _MOST * _NANO) if binary else nanos
    kind: Format = "binary" if binary else "decimal" if suffix in _DECIMAL else "exponent"
    return Quantity(-nanos if sign == "-" else nanos, kind)


def millicores(value: object) -> int:
    """CPU as thousandths of a core, rounded up. Raises ValueError as ``fault`` words it."""
    return _read("cpu", value).count(MILLI)


def bytes_of(value: object) -> int:
    """Memory or disk as bytes, rounded up. Raises ValueError as ``fault`` words it."""
    return _read("memory", value).count()


def _read(resource: str, value: object) -> Quantity:
    if why := fault(resource, value):
        raise ValueError(why)
    return quantity(str(value))


def fault(resource: str, value: object) -> str | None:
    """Why ``value`` (text or a number of YAML) cannot be an amount of ``resource``, or nobody can mean it; or None.

    ``resource`` is named as in ``requests``, or with ``requests.`` and ``limits.`` as in a quota.
    """
    return _fault(resource, str(value))


@cache
def _fault(resource: str, text: str) -> str | None:
    """Remembered: a few amounts stand in every object."""
    try:
        amount = quantity(text)
    except ValueError as error:
        return str(error)
    name = resource.removeprefix("requests.").removeprefix("limits.")
    if amount.nanos < 0:
        return f'"{text}" is below zero'
    if amount.count(MILLI if name == "cpu" else _NANO) > _MOST:
        return f'"{text}" is more than Kubernetes can count'
    if name == "cpu":
        return None
    if _counts_bytes(name):
        # The API server warns of these; a fraction of a larger unit it rounds up without a word.
        sound = _BYTES.fullmatch(text.removeprefix("+")) is not None
        return None if sound else f'"{text}" is {decimal(amount)} bytes, and a byte has no parts'
    return f'"{text}" of {resource} must be a whole number' if amount.nanos % _NANO else None


def advice(resource: str, value: object) -> str | None:
    """What who wrote megabytes with the letter that stands for thousandths may have meant."""
    text = str(value)
    thousandths = _counts_bytes(resource) and re.fullmatch(rf"{_NUMBER}m", text)
    return f'did you mean "{text[:-1]}Mi"?' if thousandths else None


def _counts_bytes(name: str) -> bool:
    return name == "memory" or name.endswith("storage") or name.startswith("hugepages-")


def decimal(amount: Quantity) -> str:
    """The number alone, with all of its digits: ``0.512``, ``1250``."""
    return f"{Decimal(amount.nanos).scaleb(-9).normalize():f}"


def cores(millis: int) -> str:
    """Thousandths of a core as cores, with all of their digits: ``7.2``."""
    return decimal(Quantity(millis * MILLI, "decimal"))
