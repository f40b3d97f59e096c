"""Another reading of quantities, with fractions and without a regular expression, for tests to hold ours against."""

from __future__ import annotations

from fractions import Fraction

_PREFIXES = {"n": -3, "u": -2, "m": -1, "k": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6}
_MOST = 2**63 - 1


def exact(text: str) -> Fraction:
    """The number that a quantity says, neither rounded nor capped. Raises ValueError."""
    number, factor = _split(text)
    if not set(number) <= set("+-.0123456789"):
        raise ValueError(text)
    return Fraction(number.removesuffix(".")) * factor


def _split(text: str) -> tuple[str, Fraction]:
    if text[-2:-1] and text[-2] in _PREFIXES and text[-1] == "i":
        power = _PREFIXES["k" if text[-2] == "K" else text[-2]]
        return text[:-2], Fraction(1024) ** power
    if text[-2:] == "Ki":
        return text[:-2], Fraction(1024)
    if text[-1:] in _PREFIXES:
        return text[:-1], Fraction(1000) ** _PREFIXES[text[-1]]
    mantissa, letter, exponent = text.partition("e" if "e" in text else "E")
    if not set(exponent) <= set("+-0123456789"):
        raise ValueError(text)
    return mantissa, Fraction(10) ** int(exponent) if letter else Fraction(1)


def kept(text: str) -> Fraction:
    """The number that Kubernetes keeps: billionths, away from zero; a binary one ends at 2^63-1."""
    number = exact(text)
    size = Fraction(-(-abs(number) * 10**9 // 1), 10**9)
    if text.endswith("i"):
        size = min(size, Fraction(_MOST))
    return size if number >= 0 else -size
