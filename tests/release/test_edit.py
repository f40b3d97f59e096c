"""Edits of YAML: what is meant is changed, and every other byte stays."""

from __future__ import annotations

import difflib
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.load.yaml.yaml_edit import CannotEditError, Scalar, document, remove, remove_document, set_value
from milepost.model.document import Path

RELEASE = """\
# A comment above everything.
apiVersion: milepost.dev/v1alpha1
kind: Release
metadata: {name: tolling}  # flow
spec:
  application: tolling
  from: 1.4.2   # the old one
  to: '1.5.0'
  waves:
    - name: pilot
      groups: [hn-g4]

    # The south is large.
    # So it goes alone.
    - name: south  # by name
      provinces:
        - guangdong
    - {name: west, groups: [qh]}
  switched: "pilot"
  # The end of the spec.

# A comment below everything.
"""


def changed(before: str, after: str) -> list[str]:
    """The lines of a diff, with their marks."""
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in found if not line.startswith(("---", "+++", "@@"))]


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("spec", "from"), "1.4.3", ["-  from: 1.4.2   # the old one", "+  from: 1.4.3   # the old one"]),
        (("spec", "to"), "1.6.0", ["-  to: '1.5.0'", "+  to: '1.6.0'"]),
        (("spec", "switched"), "south", ['-  switched: "pilot"', '+  switched: "south"']),
        (("spec", "prepulled"), "south", ["+  prepulled: south"]),
        (("spec", "rollback"), True, ["+  rollback: true"]),
        (("spec", "withoutPrepull"), "it: is # small", ['+  withoutPrepull: "it: is # small"']),
        (("spec", "waves", 0, "attempt"), 2, ["+      attempt: 2"]),
        (("spec", "waves", 1, "together"), True, ["+      together: true"]),
        (
            ("spec", "waves", 2, "attempt"),
            2,
            ["-    - {name: west, groups: [qh]}", "+    - {name: west, groups: [qh], attempt: 2}"],
        ),
        (
            ("metadata", "name"),
            "on",
            ["-metadata: {name: tolling}  # flow", '+metadata: {name: "on"}  # flow'],
        ),
    ],
)
def test_one_value_is_one_line(path: Path, value: Scalar, expected: list[str]) -> None:
    """In the manner of what stood there; a new key is the last of its mapping, before what follows it."""
    after = set_value(RELEASE, 0, path, value)
    assert changed(RELEASE, after) == expected
    found: Any = yaml.safe_load(after)
    for step in path:
        found = found[step]
    assert found == value


def test_an_item_goes_with_the_comment_above_it() -> None:
    """And with nothing of its neighbours."""
    after = remove(RELEASE, 0, ("spec", "waves", 1))
    assert changed(RELEASE, after) == [
        "-    # The south is large.",
        "-    # So it goes alone.",
        "-    - name: south  # by name",
        "-      provinces:",
        "-        - guangdong",
    ]


def test_the_last_item_and_a_key_go() -> None:
    """What comes below stays."""
    after = remove(RELEASE, 0, ("spec", "waves", 2))
    assert changed(RELEASE, after) == ["-    - {name: west, groups: [qh]}"]
    assert changed(RELEASE, remove(RELEASE, 0, ("spec", "switched"))) == ['-  switched: "pilot"']


OTHER = "kind: Image\nmetadata:\n  name: redis\nspec: {}\n"


@pytest.mark.parametrize(
    ("text", "index", "left"),
    [
        (RELEASE, 0, ""),
        (OTHER + "---\n" + RELEASE, 1, OTHER),
        (OTHER + "---\n" + RELEASE, 0, RELEASE),
        (OTHER + "---\n" + RELEASE + "---\n" + OTHER, 1, OTHER + "---\n" + OTHER),
    ],
)
def test_a_document_goes_and_the_others_stay(text: str, index: int, left: str) -> None:
    """Byte for byte."""
    assert remove_document(text, index) == left


def test_documents_are_found_by_kind_and_name() -> None:
    """Whatever their order in the file."""
    assert document(OTHER + "---\n" + RELEASE, "Release", "tolling") == 1
    with pytest.raises(CannotEditError, match="there is no Release"):
        document(OTHER, "Release", "tolling")


@pytest.mark.parametrize(
    ("text", "path", "said"),
    [
        ("a: &x 1\nb: *x\n", ("b",), "not a plain value of its own"),
        ("a: &x 1\nb: *x\n", ("a",), "not a plain value of its own"),
        ("a: {b: 1}\n", ("a",), "not a plain value of its own"),
        ("a: [1, 2]\n", ("a", "b"), "no mapping to put b into"),
        ("a: 1\n", ("b", "c"), "b is not there"),
        ("a: [\n", ("a",), "while parsing"),
    ],
)
def test_what_a_person_must_do_is_refused(text: str, path: Path, said: str) -> None:
    """Values that stand in two places, values that are not plain, places that are not there, broken YAML."""
    with pytest.raises(CannotEditError, match=said):
        set_value(text, 0, path, "x")


def test_items_of_a_list_on_one_line_are_left_to_people() -> None:
    """As is the only entry of a block, which cannot be empty."""
    with pytest.raises(CannotEditError, match="on one line"):
        remove("a: [1, 2]\n", 0, ("a", 0))
    with pytest.raises(CannotEditError, match="all that there is"):
        remove("a:\n  - 1\n", 0, ("a", 0))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40))
def test_any_text_is_read_back(value: str) -> None:
    """Quoted where it would be something else: a number, a truth value, a comment."""
    for path in (("spec", "to"), ("spec", "from"), ("spec", "switched"), ("spec", "reason")):
        found = yaml.safe_load(set_value(RELEASE, 0, path, value))
        assert found["spec"][path[1]] == value


def test_an_empty_value_is_filled() -> None:
    """Behind its colon."""
    assert set_value("a:\nb: 1\n", 0, ("a",), "x") == "a: x\nb: 1\n"
