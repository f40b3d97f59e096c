"""The shape of what the serialiser writes, and the law that a stamped file is the serialised filled objects."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import dedent
from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from emit.hard_strings import HARD
from milepost.emit.yaml.compiled_template import DuplicateKeyError
from milepost.emit.yaml.serialize import dump, render
from milepost.model.manifest import (
    PLACEHOLDER_CLOSE,
    PLACEHOLDER_OPEN,
    Manifest,
    ManifestTemplate,
    RepeatedItem,
    StaticFile,
    TemplateInstance,
    fill,
    fill_object,
    placeholder,
)

HOLES = ("a", "b", "c")


def template(*bodies: Any, instances: list[dict[str, str]]) -> ManifestTemplate:
    manifests = tuple(Manifest(body, None) for body in bodies)  # type: ignore[arg-type]
    return ManifestTemplate(
        manifests, tuple(TemplateInstance(f"{n}.yaml", values) for n, values in enumerate(instances))
    )


def test_block_style_in_the_order_given() -> None:
    """Keys keep their order, and a list starts under its key as kubectl writes it."""
    body = {
        "kind": "X",
        "apiVersion": "v1",
        "items": [{"b": 1, "a": [1, [2, 3]]}, [], {}],
        "last": {"in": {"it": None}},
    }
    assert dump(body) == dedent("""\
        kind: X
        apiVersion: v1
        items:
        - b: 1
          a:
          - 1
          - - 2
            - 3
        - []
        - {}
        last:
          in:
            it: null
        """)


@pytest.mark.parametrize(
    "text", ["NoExecute", "apps/v1", "/var/lib/x", "_a", "node.kubernetes.io/edge", "http-0", "a:b"]
)
def test_what_surely_is_a_string_stays_plain(text: str) -> None:
    """Names, paths and image references carry no quotes."""
    assert dump([text]) == f"- {text}\n"


@pytest.mark.parametrize(
    "text",
    ["y", "No", "on", "null", "~", "1.10", "0755", "1e3", "12:30", "2026-01-02", "", "a b", "-a", "a:"],
)
def test_what_some_reader_takes_for_something_else_is_quoted(text: str) -> None:
    """Booleans, numbers, dates and nulls of any YAML version stand in double quotes."""
    assert dump({text: text}) == f'"{text}": "{text}"\n'


def test_lines_become_a_literal() -> None:
    """Text of several lines is readable, with the mark that keeps its end, and empty lines stay empty."""
    body = {"a": {"clip": "x\n\n y\n", "strip": ["x\ny"], "keep": "x\n\n\n", "lead": " x\ny\n"}}
    assert dump(body) == dedent("""\
        a:
          clip: |
            x

             y
          strip:
          - |-
            x
            y
          keep: |+
            x


          lead: |2
             x
            y
        """)


@pytest.mark.parametrize("text", ["a\tb\nc\n", "\n", "a\r\nb\n", "a\u2028b\nc", "a\u202eb\nc", " \n"])
def test_lines_that_a_literal_cannot_hold_are_quoted(text: str) -> None:
    """Tabs, odd line breaks, hidden marks and mere white space are escaped on one line."""
    assert dump([text]).count("\n") == 1
    assert yaml.safe_load(dump([text])) == [text]


@pytest.mark.parametrize(
    ("number", "text"),
    [(1.5, "1.5"), (1e16, "1.0e+16"), (1e-7, "1.0e-07"), (-0.0, "-0.0"), (3, "3"), (True, "true")],
)
def test_numbers_are_numbers_to_every_reader(number: float, text: str) -> None:
    """A float has its point, which YAML 1.1 wants."""
    assert dump([number]) == f"- {text}\n"
    assert yaml.safe_load(dump([number])) == [number]


def test_a_type_that_json_lacks_is_refused() -> None:
    """Sets, bytes and dates cannot slip into an object."""
    with pytest.raises(TypeError, match="no YAML for a set"):
        dump({"a": {1}})


def written(one: ManifestTemplate | StaticFile) -> Iterator[tuple[str, bytes]]:
    return ((path, data()) for path, data in render(one))


def test_documents_of_a_file_are_separated() -> None:
    """Two objects make two documents, without a line of their own at the start or the end."""
    files = dict(written(template({"a": 1}, {"b": placeholder("a")}, instances=[{"a": "x"}, {"a": "1"}])))
    assert files == {"0.yaml": b"a: 1\n---\nb: x\n", "1.yaml": b'a: 1\n---\nb: "1"\n'}


def test_text_sheets_pass_through() -> None:
    """A file that holds no objects is written as it is."""
    assert list(written(StaticFile("a/b.txt", "é\n"))) == [("a/b.txt", "é\n".encode())]


def test_a_hole_without_a_value_is_an_error() -> None:
    """Nothing is written with a placeholder in it."""
    with pytest.raises(KeyError):
        list(written(template({"a": placeholder("nowhere")}, instances=[{"a": "x"}])))


def test_keys_that_fall_together_are_an_error() -> None:
    """Two keys of a mapping that become one text would lose a value."""
    body = {"data": {f"x{placeholder('a')}": 1, "xy": 2}}
    assert b"xz: 1" in dict(written(template(body, instances=[{"a": "z"}])))["0.yaml"]
    with pytest.raises(DuplicateKeyError, match="'xy' twice"):
        list(written(template(body, instances=[{"a": "y"}])))


texts = st.one_of(
    st.sampled_from(
        [text for text in HARD if PLACEHOLDER_OPEN not in text and PLACEHOLDER_CLOSE not in text]
    ),
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters=PLACEHOLDER_OPEN + PLACEHOLDER_CLOSE),
        max_size=8,
    ),
    st.text("ab: -#\n\t\"'%", max_size=10),
)
open_texts = st.lists(st.one_of(texts, st.sampled_from(HOLES).map(placeholder)), max_size=5).map("".join)
scalars = st.one_of(
    open_texts, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False)
)
bodies = st.dictionaries(
    open_texts,
    st.recursive(
        scalars,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(open_texts, inner, max_size=3)),
        max_leaves=8,
    ),
    min_size=1,
    max_size=4,
)
values = st.fixed_dictionaries(dict.fromkeys(HOLES, texts))


def keeps_its_keys(body: Any, filled: Any) -> bool:
    if isinstance(body, dict):
        return len(body) == len(filled) and all(map(keeps_its_keys, body.values(), filled.values()))
    return not isinstance(body, list) or all(map(keeps_its_keys, body, filled))


@given(st.lists(bodies, min_size=1, max_size=3), st.lists(values, min_size=1, max_size=3))
@example([{"k": placeholder("a") + "\n"}], [{"a": "", "b": "", "c": ""}, {"a": "x\n", "b": "", "c": ""}])
@example([{"k": [f"a\n{placeholder('a')}\nb"]}], [{"a": " ", "b": "", "c": ""}, {"a": "", "b": "", "c": ""}])
@example(
    [{placeholder("a"): f"{placeholder('a')}%s"}],
    [{"a": "no", "b": "", "c": ""}, {"a": "100%", "b": "", "c": ""}],
)
def test_a_stamp_is_the_serialised_filled_objects(objects: list[Any], filling: list[dict[str, str]]) -> None:
    """Stamping gives byte for byte what filling first and serialising then would give."""
    filled = [[fill_object(body, one) for body in objects] for one in filling]
    assume(all(keeps_its_keys(body, done) for row in filled for body, done in zip(objects, row, strict=True)))
    expected = [b"---\n".join(dump(body).encode() for body in row) for row in filled]
    assert [data for _, data in written(template(*objects, instances=filling))] == expected


@given(
    st.dictionaries(st.sampled_from(("cidr", "except")), st.sampled_from(("x", 1, None)), max_size=2),
    st.sampled_from((placeholder("a"), f"{placeholder('a')}/32", f"{placeholder('a')}: 1")),
    st.lists(
        st.lists(st.sampled_from(("10.0.0.1", "b", "no", "two words", "\u00e9")), max_size=4), min_size=1
    ),
)
def test_a_repeated_item_is_written_once_for_each_value(
    beside: dict[str, Any], text: str, given_values: list[list[str]]
) -> None:
    """As if the items stood in the list, whatever their number; the first item of the list is another one."""
    items: list[Any] = ["first", RepeatedItem("a", {"block": {**beside, "own": text}})]
    filling = [{"a": RepeatedItem.joined(values)} for values in given_values]
    bodies = [
        {"from": ["first", *({"block": {**beside, "own": fill(text, {"a": value})}} for value in values)]}
        for values in given_values
    ]
    assert [fill_object({"from": items}, one) for one in filling] == bodies
    found = [data.decode() for _, data in written(template({"from": items}, instances=filling))]
    assert found == list(map(dump, bodies))


@given(bodies)
def test_what_is_written_is_read_back(body: Any) -> None:
    """Any object survives a YAML 1.1 reader."""
    filled = fill_object(body, dict.fromkeys(HOLES, "x"))
    assert yaml.load(dump(filled), Loader=yaml.CSafeLoader) == filled
