"""What YAML scalars mean: one meaning for a fleet spec, kubectl's for manifests that teams already have."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from load.reading import documents, ids, value
from milepost.load.yaml.scalar_types import kubectl_meaning

KUBECTL = shutil.which("kubectl") or str(Path(sys.executable).with_name("kubectl"))


@pytest.mark.parametrize("word", ["on", "off", "yes", "no", "y", "n", "On", "NO", "Y", "tRue"])
def test_only_true_and_false_are_truth_values(word: str) -> None:
    """YAML 1.1's other words stay text, as every YAML 1.2 reader has them."""
    assert value(word) == word


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02",
        "2026-01-02T03:04:05Z",
        "12:30:45",
        "1:30",
        "1_000",
        "0b11",
        "1.2.3",
        "1e",
        "-a",
        ".",
        "+",
        "=",
    ],
)
def test_dates_times_versions_and_odd_numbers_stay_text(text: str) -> None:
    """What YAML 1.1 turns into dates, base 60 or underscored numbers is text."""
    assert value(text) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("-0", 0),
        ("+12", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
    ],
)
def test_integers(text: str, number: int) -> None:
    """YAML 1.2's integers, up to 64 bit."""
    assert value(text) == number
    assert type(value(text)) is int


@pytest.mark.parametrize(("text", "number"), [(".5", 0.5), ("1.", 1.0), ("-0.25", -0.25), ("10.0", 10.0)])
def test_floats(text: str, number: float) -> None:
    """YAML 1.2's floats; 10.0 keeps its zero when it is written again and is not worth a warning."""
    assert value(text) == number
    assert type(value(text)) is float


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_nulls_are_kept(text: str) -> None:
    """An empty value is null and not left out: validate says what is missing."""
    found, faults = documents(f"v: {text}\n")
    assert found[0].value == {"v": None}
    assert not faults


@pytest.mark.parametrize("text", ['"yes"', "'12'", "!!str 12", '"~"', "|\n  12", ">-\n  12"])
def test_quoted_tagged_and_block_scalars_are_text(text: str) -> None:
    """Whatever is not plain is text."""
    assert isinstance(value(text), str)


@pytest.mark.parametrize("text", ["0755", "00", "-012", "08", "0_7"])
def test_a_leading_zero_is_refused(text: str) -> None:
    """YAML 1.1 and 1.2 read another number, so neither is guessed."""
    _, faults = documents(f"v: {text}\n")
    assert ids(faults) == ["MP1014"]
    assert faults[0].hint == f'write "{text}" if it is text'


@pytest.mark.parametrize(
    "text", [".inf", "-.INF", ".nan", "1e999", "9223372036854775808", "1" * 5000, "0x" + "F" * 17]
)
def test_numbers_beyond_64_bit_and_infinite_ones_are_refused(text: str) -> None:
    """They would be rounded or refused by the cluster. Five thousand digits take no time either."""
    _, faults = documents(f"v: {text}\n")
    assert ids(faults) == ["MP1015"]


@pytest.mark.parametrize(
    ("text", "number"), [("1e3", 1000.0), ("706798e8", 70679800000000.0), ("-2.5E-1", -0.25)]
)
def test_a_number_that_is_written_otherwise_is_a_warning(text: str, number: float) -> None:
    """A code of a device is likely meant; as a number it is what YAML says."""
    found, faults = documents(f"v: {text}\n")
    assert ids(faults) == ["MP1019"]
    assert found[0].value == {"v": number}


def test_a_number_that_loses_its_zero_is_a_warning() -> None:
    """``firmware: 1.10`` reaches a template as 1.1."""
    found, faults = documents("v: 1.10\n")
    assert ids(faults) == ["MP1019"]
    assert faults[0].severity == "warning"
    assert found[0].value == {"v": 1.1}


@pytest.mark.parametrize(
    "text",
    ["!!binary aGVsbG8=", "!!set {a}", "!mine x", "!!python/object:os.system x", "!!seq {}", "!!int 3"],
)
def test_other_tags_are_refused(text: str) -> None:
    """Values are text, numbers, truth values, null, lists and mappings, by themselves."""
    _, faults = documents(f"v: {text}\n")
    assert ids(faults) == ["MP1016"]


def test_manifests_mean_what_kubectl_makes_of_them() -> None:
    """Each plain scalar of a manifest is what the real kubectl reads."""
    words = [
        "y",
        "No",
        "on",
        "OFF",
        "true",
        "0755",
        "-017",
        "0o17",
        "0x1F",
        "1e3",
        "~",
        "+12",
        ".5",
        "012.5",
        "1:30",
        "tRue",
        "2026-01-02",
    ]
    manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n" + "".join(
        f"k{number}: {word}\n" for number, word in enumerate(words)
    )
    run = subprocess.run(
        [KUBECTL, "label", "--local", "-f", "-", "a=b", "-o", "json"],
        input=manifest,
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = json.loads(run.stdout)
    for number, word in enumerate(words):
        ours = value(word, kubectl_meaning)
        assert (ours, isinstance(ours, bool)) == (
            theirs[f"k{number}"],
            isinstance(theirs[f"k{number}"], bool),
        ), word


@pytest.mark.parametrize("text", ["08", "1_000", "0_7"])
def test_a_manifest_number_that_only_kubectl_understands_is_refused(text: str) -> None:
    """kubectl reads 08 as 8 and 1_000 as 1000; other readers do not."""
    _, faults = documents(f"v: {text}\n", kubectl_meaning)
    assert ids(faults) == ["MP1014"]
