"""Quantities are read as Kubernetes reads them: against a reading with fractions, and against the real kubectl."""

from __future__ import annotations

import json
import re
import subprocess
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amounts import exact, kept
from kustomize import KUBECTL
from milepost.model import quantity as subject
from milepost.model.quantity import bytes_of, cores, fault, millicores, quantity

SUFFIXES = ("", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
DIGITS = st.text("0123456789", min_size=1, max_size=12)
NUMBERS = st.one_of(
    DIGITS,
    DIGITS.map(lambda d: f"{d}."),
    DIGITS.map(lambda d: f".{d}"),
    st.tuples(DIGITS, DIGITS).map(".".join),
)
EXPONENTS = st.tuples(st.sampled_from("eE"), st.sampled_from(("", "+", "-")), st.integers(0, 18)).map(
    lambda parts: "".join(map(str, parts))
)
AMOUNTS = st.tuples(
    st.sampled_from(("", "", "+", "-")), NUMBERS, st.one_of(st.sampled_from(SUFFIXES), EXPONENTS)
).map("".join)


@given(AMOUNTS)
@example("0.1m")
@example("0.9n")
@example("8Ei")
@example("-9Ei")
@example("1E3")
@example("1E")
@example(".5Ki")
@example("5.Mi")
def test_an_amount_is_the_number_that_it_says(text: str) -> None:
    """To a billionth, away from zero; a binary one ends at 2^63-1."""
    assert Fraction(quantity(text).nanos, 10**9) == kept(text)


@given(AMOUNTS)
def test_the_canonical_form_is_the_same_amount_and_its_own(text: str) -> None:
    """Nothing is lost, there is no fraction, and who writes it so reads it so."""
    amount = quantity(text)
    again = quantity(amount.canonical)
    assert again.nanos == amount.nanos
    assert again.canonical == amount.canonical
    assert "." not in amount.canonical


@given(AMOUNTS.filter(lambda text: not text.startswith("-")))
def test_a_proof_counts_no_less_than_is_asked_for(text: str) -> None:
    """Rounded up to a thousandth of a core, to a byte, or refused."""
    for read, resource, unit in ((millicores, "cpu", 1000), (bytes_of, "memory", 1)):
        if fault(resource, text) is None:
            assert read(text) == -(-kept(text) * unit // 1)
        else:
            with pytest.raises(ValueError, match=re.escape(text)):
                read(text)


@given(st.text("+-.0123456789numkMGTPEie xK", max_size=8))
@example("")
@example("1\n")
@example("٣")
def test_what_is_no_amount_is_refused_and_never_zero(text: str) -> None:
    """The two readings agree on every text on what is an amount at all."""
    try:
        wanted: Fraction | None = exact(text)
    except ValueError:
        wanted = None
    exponent = re.search(r"[eE][+-]?0*([0-9]+)$", text)
    if wanted is None or (exponent and len(exponent[1]) > 2):
        with pytest.raises(ValueError, match="is no quantity"):
            quantity(text)
    else:
        assert Fraction(quantity(text).nanos, 10**9) == kept(text)


@given(AMOUNTS)
def test_the_forms_that_the_schemas_publish_say_the_same_as_the_reader(text: str) -> None:
    """What a form takes is read, but for what is too large; what it refuses is refused."""
    for form, resource in ((subject.CPU, "cpu"), (subject.BYTES, "memory")):
        if text[0] not in "+-":
            why = fault(resource, text)
            assert (re.search(form, text) is None) == (why is not None and "more than" not in why)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("0", "0"),
        ("0Mi", "0"),
        ("-0", "0"),
        ("1000m", "1"),
        ("1500m", "1500m"),
        ("0.5", "500m"),
        ("1.5Gi", "1536Mi"),
        ("1024Ki", "1Mi"),
        ("1000Ki", "1000Ki"),
        ("0.5Ki", "512"),
        ("1023Ki", "1023Ki"),
        ("0.1Gi", "107374182400m"),
        ("12e6", "12e6"),
        ("1e1", "10"),
        ("1e-1", "100e-3"),
        ("100k", "100k"),
        ("+1000k", "1M"),
        ("0.0000000001", "1n"),
        ("8Ei", "9223372036854775807"),
        ("1000E", "1e21"),
    ],
)
def test_the_canonical_form_has_the_largest_suffix_that_loses_nothing(text: str, canonical: str) -> None:
    """As a cluster gives it back."""
    assert quantity(text).canonical == canonical


@pytest.mark.parametrize(
    ("resource", "value"),
    [
        ("memory", "512m"),
        ("memory", "1000m"),
        ("memory", 0.5),
        ("ephemeral-storage", "1.5"),
        ("requests.storage", "5n"),
        ("hugepages-2Mi", "1e-3"),
        ("example.com/gpu", "0.5"),
        ("pods", "10.5"),
        ("cpu", "-1"),
        ("cpu", True),
        ("cpu", ""),
        ("cpu", "1e30"),
        ("memory", "10E"),
    ],
)
def test_what_is_legal_and_cannot_be_meant_is_refused(resource: str, value: object) -> None:
    """Parts of what has none, less than nothing, more than an int64 holds."""
    assert fault(resource, value)


@pytest.mark.parametrize(
    ("resource", "value"),
    [
        ("memory", 1073741824),
        ("memory", 1e9),
        ("memory", "0.1Gi"),
        ("memory", "+1.5k"),
        ("cpu", 0.1),
        ("cpu", "100u"),
        ("limits.cpu", "1e3"),
        ("pods", "1k"),
    ],
)
def test_what_kubernetes_takes_is_taken(resource: str, value: object) -> None:
    """Numbers of YAML among it."""
    assert fault(resource, value) is None


def test_cores_are_written_with_all_of_their_digits() -> None:
    """Advice that is rounded would not hold."""
    assert [cores(m) for m in (0, 1, 1000, 7200, 1234564)] == ["0", "0.001", "1", "7.2", "1234.564"]


def test_kubectl_reads_and_writes_amounts_alike() -> None:
    """Every kind of suffix, sign and rounding, through the reader that is Kubernetes' own."""
    numbers = (
        "0",
        "1",
        "1.5",
        "0.1",
        ".25",
        "7.",
        "100",
        "1000",
        "1024",
        "1048576",
        "999999999",
        "0.0000000015",
    )
    exponents = ("e3", "E3", "e-3", "e+6", "e07", "e1", "e2")
    texts = [f"{sign}{n}{s}" for sign in ("", "+") for n in numbers for s in (*SUFFIXES, *exponents)]
    # An older kubectl loses the exponent of what has no suffix: beyond thousands of E.
    texts = [t for t in texts if abs(quantity(t).nanos) < 10 ** (9 + 18)]
    hard = ",".join(f"count/a{i}={text}" for i, text in enumerate(texts))
    command = [str(KUBECTL), "create", "quota", "q", f"--hard={hard}", "--dry-run=client", "-o", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    given_back = json.loads(done.stdout)["spec"]["hard"]
    assert len(given_back) == len(texts) > 400
    # What it thinks canonical, a sign, a bare point and `E` for `e` among it, it gives back as it was.
    changed = {
        text: given_back[f"count/a{i}"] for i, text in enumerate(texts) if given_back[f"count/a{i}"] != text
    }
    assert len(changed) > 250
    assert changed == {text: quantity(text).canonical for text in changed}


@pytest.mark.parametrize(
    "text", ["1.1.M", "1+1.0M", "0.1mi", "aoeu", ".5i", "1i", "-3.01e-", "1 Gi", "1KiB", "0x1"]
)
def test_kubectl_refuses_what_is_refused_here(text: str) -> None:
    """No amount for either."""
    command = [str(KUBECTL), "create", "quota", "q", f"--hard=cpu={text}", "--dry-run=client", "-o", "json"]
    assert subprocess.run(command, capture_output=True, text=True, check=False).returncode != 0
    with pytest.raises(ValueError, match="is no quantity"):
        quantity(text)
