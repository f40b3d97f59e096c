"""Types of plain scalars: by the fleet spec's rules, or by kubectl's for manifests that teams already have.

A fleet spec follows YAML 1.2's core schema: ``true`` and ``false`` are the only truth values (``on``, ``yes`` and ``y``
are text), dates and times are text, ``0o17`` and ``0x1F`` are integers. Numbers with a leading zero, such as ``0755``,
are refused: YAML 1.1 reads 493 and YAML 1.2 reads 755. ``.inf``, ``.nan`` and integers beyond 64 bit are refused.

kubectl (tried with 1.37) reads YAML 1.1: ``on``, ``yes`` and ``y`` are true, ``0755`` is 493.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from milepost.diagnostics import Code
from milepost.load.quote import quote

MP1014 = Code(
    "MP1014",
    "ambiguous number",
    "A plain number with a leading zero is octal in YAML 1.1 and decimal in YAML 1.2; with an underscore it is a "
    "number in one and text in the other. Quote it if it is text; otherwise write the number without.",
    "values:\n  mode: 0755",
)
MP1015 = Code(
    "MP1015",
    "number out of range",
    "Kubernetes and JSON carry 64-bit integers and finite floats. A larger number, `.inf` or `.nan` would be "
    "rounded or refused by the cluster. Quote it if it is text.",
    "values:\n  serial: 99999999999999999999",
)

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+", re.ASCII)
_OCTAL = re.compile(r"[-+]?0[0-7]+", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MAY_BE_NUMBER = frozenset("0123456789+-.")

_NULLS = dict.fromkeys(("", "~", "null", "Null", "NULL"))
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_TRUTH_OF_KUBECTL = {
    form: truth
    for word, truth in {"y": True, "yes": True, "on": True, "n": False, "no": False, "off": False}.items()
    for form in (word, word.capitalize(), word.upper())
}

Meaning = Callable[[str], Any]
"""Plain text to value. Raises ``AmbiguousScalarError``."""


class AmbiguousScalarError(ValueError):
    """A scalar that has no safe meaning."""

    def __init__(self, code: Code, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


_SPEC_WORDS: dict[str, Any] = {**_NULLS, **_TRUTH}
_KUBECTL_WORDS: dict[str, Any] = {**_SPEC_WORDS, **_TRUTH_OF_KUBECTL}


def spec_meaning(text: str) -> Any:
    """What a plain scalar of a fleet spec means."""
    if text in _SPEC_WORDS:
        return _SPEC_WORDS[text]
    if text[0] not in _MAY_BE_NUMBER:
        return text
    if _LEADING_ZERO.fullmatch(text):
        raise _ambiguous(text)
    return _number(text)


def kubectl_meaning(text: str) -> Any:
    """What kubectl makes of a plain scalar."""
    if text in _KUBECTL_WORDS:
        return _KUBECTL_WORDS[text]
    if text[0] not in _MAY_BE_NUMBER:
        return text
    if _OCTAL.fullmatch(text):
        # As kubectl reads it: a manifest that was applied with `defaultMode: 0755` meant 493.
        return int(text, 8)
    if _LEADING_ZERO.fullmatch(text) or ("_" in text and _FLOAT.fullmatch(text.replace("_", ""))):
        raise _ambiguous(text)
    return _number(text)


def changes_digits(text: str, number: float) -> bool:
    """Whether a number, written out again, has other digits than its text had: a zero less, or no exponent."""
    if "e" in text.lower():
        return True
    return text.endswith("0") and "." in text and repr(number) != text.lstrip("+")


def _number(text: str) -> Any:
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return _finite(float(text), text)
    if _NOT_FINITE.fullmatch(text):
        raise _out_of_range(text)
    return text


def _integer(text: str) -> int:
    # Before `int`: Python refuses to read numbers of thousands of digits, and reading long ones
    # takes quadratic time.
    if len(text) > 30:
        raise _out_of_range(text)
    number = int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if not -(2**63) <= number < 2**63:
        raise _out_of_range(text)
    return number


def _finite(number: float, text: str) -> float:
    if not math.isfinite(number):
        raise _out_of_range(text)
    return number


def _ambiguous(text: str) -> AmbiguousScalarError:
    return AmbiguousScalarError(
        MP1014,
        f"{quote(text)} is a different number in YAML 1.1 and 1.2",
        f'write "{quote(text)}" if it is text',
    )


def _out_of_range(text: str) -> AmbiguousScalarError:
    return AmbiguousScalarError(
        MP1015,
        f"{quote(text)} is outside of what a cluster can carry",
        f'write "{quote(text)}" if it is text',
    )
