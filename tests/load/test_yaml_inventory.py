"""YAML inventory: a list of mappings that gives the same kind of table as CSV."""

from __future__ import annotations

from pathlib import Path

import pytest

from load.reading import covered, ids, table

TEXT = """\
# section G0613
- name: qh-n1
  station: qh-s1
  labels: {rack: "7"}
- name: qh-n2
  values:
    lanes: 4
  roles:
    - gantry
"""


def test_rows_are_typed_values(tmp_path: Path) -> None:
    """Columns are the keys of all rows, in order of appearance."""
    found, faults = table(tmp_path, "n.yaml", TEXT)
    assert not faults
    assert found is not None
    assert found.columns == ("name", "station", "labels", "values", "roles")
    assert found.rows[1] == {"name": "qh-n2", "values": {"lanes": 4}, "roles": ["gantry"]}


def test_cells_have_places_named_as_in_csv(tmp_path: Path) -> None:
    """``label:rack`` is the entry ``rack`` of ``labels``."""
    found, _ = table(tmp_path, "n.yaml", TEXT)
    assert found is not None
    assert covered(found.span(0, "label:rack"), TEXT) == '"7"'
    assert covered(found.span(1, "value:lanes"), TEXT) == "4"
    assert covered(found.span(1, "name"), TEXT) == "qh-n2"
    assert covered(found.span(0), TEXT).startswith("name: qh-n1")
    assert covered(found.places.header("station"), TEXT) == "station"
    assert found.span(1, "nope") == found.span(1)
    assert found.span(99).line == 2


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]\n", "---\n"])
def test_an_empty_list_is_an_empty_table(tmp_path: Path, text: str) -> None:
    """As a CSV file with only a header."""
    found, faults = table(tmp_path, "n.yaml", text)
    assert found is not None
    assert not found.rows
    assert ids(faults) == ["MP1049"]
    assert found.span(0, "name").line in (1, 2)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a: 1\n", ["MP1047"]),
        ("text\n", ["MP1047"]),
        ("- name: a\n---\n- name: b\n", ["MP1047"]),
        ("- a\n- name: b\n- 3\n", ["MP1048", "MP1048"]),
        ("- name: a\n  name: b\n", ["MP1011"]),
        ("- [\n", ["MP1010"]),
    ],
)
def test_faults(tmp_path: Path, text: str, codes: list[str]) -> None:
    """Something else than one list, a row that is no mapping, and whatever may be wrong with YAML."""
    _, faults = table(tmp_path, "n.yml", text)
    assert ids(faults) == codes


def test_a_row_that_is_no_mapping_is_left_out_and_the_others_keep_their_places(tmp_path: Path) -> None:
    """Rows are numbered as they are given."""
    text = "- a\n- name: b\n"
    found, _ = table(tmp_path, "n.yaml", text)
    assert found is not None
    assert covered(found.span(0, "name"), text) == "b"
