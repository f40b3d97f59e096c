"""Any bytes at all: load never raises, and whatever it reports or gives has its place inside the file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from load.reading import HEAD, assert_inside, write
from milepost.diagnostics import Sink, Span
from milepost.load import load, load_province
from milepost.load.csv.column_names import ColumnNames
from milepost.load.spec_reader import parse_documents
from milepost.load.tables import read_table
from milepost.load.yaml.scalar_types import Meaning, kubectl_meaning, spec_meaning
from milepost.model.document import Path as DataPath

pytestmark = pytest.mark.slow

PIECES = (
    "a", "b: ", "- ", "? ", ": ", ",", "[", "]", "{", "}", "\n", "\n  ", "\n    ", " ", "\t", "&a ", "*a", "<<: ", "<<: *a\n",
    "|\n", ">-\n", '"', "'", "#", " # x\n", "\n---\n", "\n...\n", "!!str ", "!x ", "%YAML 1.1\n---\n", "\r\n", "\r", "0755",
    "1.10", ".inf", "99999999999999999999", "1e999", "~", "null", "on", "\\u0000", '"\\ue000"', "\ue000", "\0", "\u2028", "长",
    "🚦", "\ufeff", "@", "`", HEAD, "kind: Province\n", "name,station\n", "label:x,", '"a, ""b"""', "é",
)  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=30).map("".join)
BYTES = st.one_of(TEXTS.map(lambda t: t.encode("utf-8", "surrogatepass")), st.binary(max_size=60))
QUICK = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def paths(value: Any, path: DataPath = ()) -> Iterator[DataPath]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in items:
        yield from paths(child, (*path, step))


def text_of(data: bytes) -> str:
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")


def assert_placed(sink: Sink, text: str) -> None:
    for fault in sink:
        assert_inside(fault.span, text)
        for related in fault.related:
            assert_inside(related.span, text)


@pytest.mark.parametrize("meaning", [spec_meaning, kubectl_meaning])
@QUICK
@given(data=BYTES)
def test_documents(meaning: Meaning, data: bytes) -> None:
    """Faults, values, keys, and paths that are not there."""
    sink, text = Sink(), text_of(data)
    found = parse_documents(data, "x.yaml", sink, meaning)
    assert_placed(sink, text)
    for document in found:
        for path in islice(paths(document.value), 100):
            for asked in (path, (*path, "no such key"), (*path, 7)):
                assert_inside(document.span(*asked), text)
                assert_inside(document.key_span(*asked), text)


@pytest.mark.parametrize("name", ["t.csv", "t.yaml"])
@QUICK
@given(data=BYTES)
def test_tables(tmp_path: Path, name: str, data: bytes) -> None:
    """Faults, cells, rows, headers, and what is not there."""
    write(tmp_path, {name: data})
    sink, text = Sink(), text_of(data)
    found = read_table(tmp_path, name, data, lambda: Span("province.yaml"), ColumnNames(None, ""), sink)
    assert_placed(sink, text)
    if found is None:
        assert sink.failed
        return
    for row in range(-1, min(len(found.rows), 20) + 1):
        for column in (None, *found.columns[:5], "labels", "label:x", "no such column"):
            assert_inside(found.span(row, column), text)
            assert_inside(found.places.header(column), text)


@QUICK
@given(first=BYTES, second=BYTES, named=TEXTS)
def test_folders(tmp_path: Path, first: bytes, second: bytes, named: str) -> None:
    """A spec of odd files, one of them named oddly by a document."""
    quoted = "'" + named.replace("'", "''").replace("\n", " ") + "'"
    province = f"{HEAD}kind: Province\nmetadata: {{name: a}}\nspec: {{stations: [{quoted}, s.csv], nodes: [n.yaml]}}\n"
    root = write(
        tmp_path,
        {
            "a.yaml": province,
            "b.yaml": HEAD.encode() + first,
            "s.csv": second,
            "n.yaml": first,
            LOCK_NAME: second,
        },
    )
    sink = Sink()
    source = load(root, sink)
    for document in source.documents if source else ():
        load_province(root, document, sink)
    assert all(fault.message and "\n" not in fault.message for fault in sink)


LOCK_NAME = "images.lock.yaml"
