"""CSV inventory: rows as text, folded columns, faults that a spreadsheet makes, places of cells."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from load.reading import covered, ids, table
from milepost.load.csv.csv_table import SHOWN

TEXT = """\
name,station,roles,label:rack,label:row,value:lanes,owners,title
gd-n1,gd-s1,gantry primary,7,,4,,"Changtan, ""north""
gate"
gd-n2,gd-s1,,,,,ops road,

gd-n3,gd-s2,gantry,,b,,,收费站
"""


def test_cells_become_rows(tmp_path: Path) -> None:
    """Cells stay text, empty ones are left out, labels and values are folded, words are split, empty rows skipped."""
    found, faults = table(tmp_path, "n.csv", TEXT)
    assert not faults
    assert found is not None
    assert found.columns == (
        "name",
        "station",
        "roles",
        "label:rack",
        "label:row",
        "value:lanes",
        "owners",
        "title",
    )
    assert list(found.rows) == [
        {
            "name": "gd-n1",
            "station": "gd-s1",
            "roles": ["gantry", "primary"],
            "labels": {"rack": "7"},
            "values": {"lanes": "4"},
            "title": 'Changtan, "north"\ngate',
        },
        {"name": "gd-n2", "station": "gd-s1", "owners": ["ops", "road"]},
        {"name": "gd-n3", "station": "gd-s2", "roles": ["gantry"], "labels": {"row": "b"}, "title": "收费站"},
    ]


@pytest.mark.parametrize("form", ["plain", "windows", "mark"])
def test_cells_have_places(tmp_path: Path, form: str) -> None:
    """Of a cell, of a row, of the header; over quoted commas and line ends; the same with CRLF and a BOM."""
    text = TEXT.replace("\n", "\r\n") if form == "windows" else TEXT
    found, faults = table(tmp_path, "n.csv", ("\ufeff" if form == "mark" else "") + text)
    assert found is not None
    assert not faults
    assert covered(found.span(0, "title"), TEXT) == '"Changtan, ""north""\ngate"'
    assert covered(found.span(0, "label:rack"), TEXT) == "7"
    assert covered(found.span(0, "labels"), TEXT) == "7"
    assert covered(found.span(1), TEXT) == "gd-n2,gd-s1,,,,,ops road,"
    assert str(found.span(2, "station")) == "n.csv:6:7"
    assert covered(found.span(2, "title"), TEXT) == "收费站"
    assert covered(found.places.header("owners"), TEXT) == "owners"
    assert covered(found.places.header("values"), TEXT) == "value:lanes"
    assert covered(found.places.header(None), TEXT) == TEXT.split("\n")[0]


def test_an_empty_cell_is_shown_by_a_comma_beside_it(tmp_path: Path) -> None:
    """It has no character of its own."""
    found, _ = table(tmp_path, "n.csv", TEXT)
    assert found is not None
    assert str(found.span(1, "roles")) == "n.csv:4:13"
    assert covered(found.span(1, "roles"), TEXT) == ","
    assert covered(found.span(1, "title"), TEXT) == ","


def test_what_is_not_there_is_answered_by_the_row_or_the_header(tmp_path: Path) -> None:
    """An unknown column by the row, an unknown row by the header."""
    found, _ = table(tmp_path, "n.csv", TEXT)
    assert found is not None
    assert found.span(2, "nope") == found.span(2)
    assert found.span(99, "name") == found.places.header("name")
    assert found.places.header("nope") == found.places.header(None)


def test_places_survive_the_way_to_another_process_and_a_lost_file(tmp_path: Path) -> None:
    """Only line numbers travel; when the file is gone the answer is coarse and nothing breaks."""
    found, _ = table(tmp_path, "n.csv", TEXT)
    assert found is not None
    copy = pickle.loads(pickle.dumps(found))
    assert copy.span(2, "title") == found.span(2, "title")
    (tmp_path / "n.csv").unlink()
    assert pickle.loads(pickle.dumps(found)).span(2, "title").line == 6


@pytest.mark.parametrize("mark", [";", "\t"])
@pytest.mark.parametrize("quoted", ["Changtan, north", '"a{mark}b, ""c"""'])
def test_cells_may_be_separated_as_a_spreadsheet_does_it(tmp_path: Path, mark: str, quoted: str) -> None:
    """In half of the world a comma is part of a number; places are right all the same."""
    cell = quoted.format(mark=mark)
    text = f"\ufeffname{mark}title{mark}station\r\na{mark}{cell}{mark}s\r\nb{mark}{mark}t\r\n"
    found, faults = table(tmp_path, "n.csv", text)
    assert faults == []
    assert found is not None
    title = f'a{mark}b, "c"' if quoted.startswith('"') else quoted
    assert list(found.rows) == [{"name": "a", "title": title, "station": "s"}, {"name": "b", "station": "t"}]
    copy = pickle.loads(pickle.dumps(found))
    assert [str(copy.span(0, name)) for name in ("name", "station")] == [
        "n.csv:2:1",
        f"n.csv:2:{len(cell) + 4}",
    ]
    assert str(copy.span(1, "station")) == "n.csv:3:4"


def test_what_a_spreadsheet_saves_around_a_table_is_nothing(tmp_path: Path) -> None:
    """Columns with neither a name nor a cell, rows without a cell; places stay those of the file."""
    found, faults = table(tmp_path, "n.csv", "name,,station,,\na,,b,,\n,,,,\n,,\n\nc,,d,,\n,,,,\n")
    assert faults == []
    assert found is not None
    assert found.columns == ("name", "station")
    assert list(found.rows) == [{"name": "a", "station": "b"}, {"name": "c", "station": "d"}]
    assert (str(found.span(1, "station")), found.rows.column("station", None)) == ("n.csv:6:4", ("b", "d"))


def test_only_a_header_is_an_empty_table(tmp_path: Path) -> None:
    """A section without stations yet is no error, but an export that failed looks like that too."""
    found, faults = table(tmp_path, "n.csv", "name,station\n")
    assert found is not None
    assert not found.rows
    assert ids(faults) == ["MP1049"]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("name,station,name\n", "MP1041", "n.csv:1:14"),
        ("name,,station\na,x,b\n", "MP1042", "n.csv:1:6"),
        ("name,station, \na,b,\n,,x\n", "MP1042", "n.csv:1:14"),
        ("name,label:,x\n", "MP1042", "n.csv:1:6"),
        ("name,labels\n", "MP1046", "n.csv:1:6"),
        ("name,values,value:x\n", "MP1046", "n.csv:1:6"),
        ("", "MP1045", "n.csv:1:1"),
        ("\nname\n", "MP1045", "n.csv:1:1"),
        ("name|station\na|b\n", "MP1045", "n.csv:1:1"),
        ("name，station\na，b\n", "MP1045", "n.csv:1:1"),
        ("name;station\na;b;c\n", "MP1043", "n.csv:2:1"),
        ("name;station;name\na;b;c\n", "MP1041", "n.csv:1:14"),
        ("name,station\na\n", "MP1043", "n.csv:2:1"),
        ('name,station\n"a\nb",c,d\n', "MP1043", "n.csv:2:1"),
        ('name,station\na,b\n"c,d\n', "MP1044", "n.csv:3:1"),
        ('name,station\na,"b"c\n', "MP1044", "n.csv:2:1"),
        (f"name,station\na,{'x' * 200_000}\n", "MP1044", "n.csv:2:1"),
        ("name,st\0ation\n", "MP1002", "n.csv:1:8"),
        ("name,station\ra,b\r", "MP1002", "n.csv:1:13"),
    ],
)
def test_faults_have_a_place(tmp_path: Path, text: str, code: str, place: str) -> None:
    """What a spreadsheet or an editor breaks."""
    _, faults = table(tmp_path, "n.csv", text)
    assert ids(faults) == [code]
    assert str(faults[0].span) == place


def test_a_column_given_twice_shows_the_first_one(tmp_path: Path) -> None:
    """Related, so that both can be compared."""
    _, faults = table(tmp_path, "n.csv", 'name,"a, b",name\n')
    assert [str(r.span) for r in faults[0].related] == ["n.csv:1:1"]
    assert str(faults[0].span) == "n.csv:1:13"


def test_a_faulty_row_is_left_out_and_the_others_keep_their_places(tmp_path: Path) -> None:
    """Rows are numbered as they are given, lines as they are written."""
    found, faults = table(tmp_path, "n.csv", "name,x\na,1\nb\nc,3\n")
    assert ids(faults) == ["MP1043"]
    assert found is not None
    assert [row["name"] for row in found.rows] == ["a", "c"]
    assert found.span(1).line == 4


def test_a_table_of_faulty_rows_is_summed_up(tmp_path: Path) -> None:
    """Twenty are shown one by one, the others are counted."""
    _, faults = table(tmp_path, "n.csv", "name,x\n" + "a\n" * 1000)
    assert len(faults) == SHOWN + 1
    assert faults[-1].message == f"{1000 - SHOWN} more rows from here on do not have 2 cells"


def test_there_are_no_comments(tmp_path: Path) -> None:
    """A line with # is a row, here one of the wrong width, so that nobody believes it was left out."""
    _, faults = table(tmp_path, "n.csv", "name,x\n# old\n")
    assert ids(faults) == ["MP1043"]


def test_other_endings_are_refused_where_they_are_named(tmp_path: Path) -> None:
    """The place is that in the document."""
    _, faults = table(tmp_path, "n.xlsx", "PK")
    assert ids(faults) == ["MP1040"]
    assert faults[0].span is not None
    assert faults[0].span.path == "province.yaml"


def test_a_hundred_thousand_rows_cost_little_memory_for_their_places(tmp_path: Path) -> None:
    """A row's place is one number until somebody asks for it."""
    rows = 100_000
    text = "name,station,roles\n" + "".join(f"n{i},s{i // 3},gantry primary\n" for i in range(rows))
    found, faults = table(tmp_path, "n.csv", text)
    assert not faults
    assert found is not None
    assert len(found.rows) == rows
    assert found.rows[0]["roles"] is found.rows[-1]["roles"]
    assert str(found.span(rows - 1, "station")) == f"n.csv:{rows + 1}:8"
