"""Cells of CSV have the type that a level above gives to the same value."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiling import Compilation
from small import compile_components, component

STATIONS = "name,group,type,value:etc,value:limit\na,g4,toll-station,{},{}\n"
TEXT = "{{ values.etc }} {% if values.etc %}on{% else %}off{% endif %} {{ values.limit == 80 }} {{ values.limit }}"


def compiled(tmp_path: Path, etc: str, limit: str) -> Compilation:
    return compile_components(
        tmp_path,
        component(files=[{"path": "/etc/web.conf", "content": TEXT}]),
        fleet_fields={"values": {"etc": True, "limit": 80}},
        stations=STATIONS.format(etc, limit),
    )


@pytest.mark.parametrize(
    ("etc", "limit", "text"),
    [
        ("", "", "true on true 80"),
        ("false", "80", "false off true 80"),
        ("FALSE", "80.0", "false off true 80.0"),
        ("True", "-5", "true on false -5"),
        ("true", "0.5", "true on false 0.5"),
    ],
)
def test_a_cell_means_what_the_level_above_means(tmp_path: Path, etc: str, limit: str, text: str) -> None:
    """False is false, and 80 is 80, whether a document says so or a spreadsheet."""
    made = compiled(tmp_path, etc, limit)
    assert made.said == ""
    assert any(text in body.decode() for body in made.files.values())


@pytest.mark.parametrize(("etc", "limit"), [("no", ""), ("1", ""), ("", "080"), ("", "1e3"), ("", "8O")])
def test_what_means_neither_stays_text_and_is_told(tmp_path: Path, etc: str, limit: str) -> None:
    """A warning at the cell: nothing is guessed."""
    made = compiled(tmp_path, etc, limit)
    assert "warning MP3013" in made.said
    assert any(f"{etc} on" in body.decode() for body in made.files.values()) or limit
