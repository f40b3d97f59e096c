"""What a values schema may say, what it makes of values, and that two validators agree on it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from milepost.model import schema_faults
from milepost.model.values_schema import LEVELS, ValuesSchema
from small import compile_components, component

LEVEL_NAMES = ("network-center", "province", "road-section", "station", "gantry", "lane")


def faults(body: dict[str, Any]) -> list[str]:
    return [fault.what for fault in schema_faults.faults(body, LEVEL_NAMES)]


def test_every_keyword_is_one_of_the_draft() -> None:
    """But for `levels`: what the draft's own schema does not define would be an invention."""
    vocabularies = Draft202012Validator.META_SCHEMA["allOf"]
    known: set[str] = set()
    for part in vocabularies:
        resolver = Draft202012Validator(Draft202012Validator.META_SCHEMA)._resolver
        known |= (
            resolver.lookup(f"https://json-schema.org/draft/2020-12/{part['$ref']}")
            .contents["properties"]
            .keys()
        )
    assert known >= schema_faults.KEYWORDS - {LEVELS}


@pytest.mark.parametrize(
    "body",
    [
        {"$ref": "https://example.com/schema.json"},
        {"$ref": "other.json"},
        {"properties": {"a": {"$ref": "file:///etc/passwd"}}},
        {"allOf": [{"if": {"$ref": "//host/schema"}}]},
        {"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}},
        {"$ref": "#"},
        {"$id": "https://example.com"},
        {"$dynamicRef": "#here"},
    ],
)
def test_a_reference_that_leads_out_or_around_is_refused(body: dict[str, Any]) -> None:
    """Wherever it stands: nothing is fetched, and nothing is asked for ever."""
    assert len(faults(body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"$schema": schema_faults.DIALECT, "title": "Values", "type": "object"},
        {"properties": {"a": True, "b": False, "c": {"x-note": "for people", "description": "c"}}},
        {"properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"type": ["integer", "boolean"]}}},
        {"properties": {"a": {"type": "string", LEVELS: ["province", "lane"]}}, "required": ["a"]},
    ],
)
def test_a_sound_schema_has_no_faults(body: dict[str, Any]) -> None:
    assert faults(body) == []


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        ("integer", "120", 120),
        ("integer", "-3", -3),
        ("integer", "007", "007"),
        ("integer", "1e3", "1e3"),
        ("integer", "9" * 5000, "9" * 5000),
        ("number", "0.5", 0.5),
        ("boolean", "true", True),
        ("boolean", "FALSE", False),
        ("boolean", "yes", "yes"),
        (["string", "integer"], "120", "120"),
        ("string", "120", "120"),
    ],
)
def test_a_cell_is_read_as_the_schema_wants_it(kind: str | list[str], text: str, read: object) -> None:
    """A code with leading noughts is no number, and text stays text where the schema takes text."""
    found = ValuesSchema({"properties": {"a": {"type": kind}}}).read_cell("a", text)
    assert (type(found), found) == (type(read), read)


SCALARS = st.one_of(
    st.text(max_size=4), st.integers(-5, 5), st.booleans(), st.floats(-5, 5, allow_nan=False), st.just("info")
)
PROPERTIES = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(schema_faults.TYPES),
        "enum": st.lists(SCALARS, min_size=1, max_size=3),
        "minimum": st.integers(-5, 5),
        "exclusiveMaximum": st.integers(-5, 5),
        "maxLength": st.integers(0, 4),
        "pattern": st.sampled_from(["^a", "[0-9]+", "o$"]),
        "not": st.fixed_dictionaries({"const": SCALARS}),
    },
)
SCHEMAS = st.fixed_dictionaries(
    {"properties": st.dictionaries(st.sampled_from("abc"), PROPERTIES)},
    optional={
        "additionalProperties": st.booleans(),
        "required": st.lists(st.sampled_from("abcd"), unique=True),
        "dependentRequired": st.just({"a": ["b", "d"], "c": ["a"]}),
        "maxProperties": st.integers(1, 3),
    },
)


@settings(max_examples=300, deadline=None)
@given(SCHEMAS, st.dictionaries(st.sampled_from("abcd"), SCALARS))
def test_a_value_is_refused_exactly_where_the_draft_refuses_it(
    body: dict[str, Any], values: dict[str, Any]
) -> None:
    """One by one and together, faults are found where the reference implementation finds any."""
    assert faults(body) == []
    schema = ValuesSchema(body)
    alone = [fault for key, value in values.items() for fault in schema.check_value(key, value)]
    together = schema.check_together(values)
    expected = list(Draft202012Validator(body).iter_errors(values))
    assert bool(alone or together) == bool(expected)
    assert all(fault.what for fault in (*alone, *together))
    assert len(alone) + len(together) >= len(expected)


def test_each_distinct_value_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a thousand stations with one value one is looked at; true and 1 are not one value."""
    schema = ValuesSchema({"properties": {"a": {"type": "integer"}}})
    asked: list[object] = []
    real = schema._alone
    counted = SimpleNamespace(is_valid=lambda value: asked.append(value) or real.is_valid(value))
    monkeypatch.setitem(vars(schema), "_alone", counted)
    for _ in range(1000):
        assert schema.check_value("a", 1) == ()
        assert schema.check_value("a", True) != ()
    assert asked == [{"a": 1}, {"a": True}]


def test_a_schema_changes_no_byte(tmp_path: Path) -> None:
    """It says what is allowed, and nothing of what is made."""
    own = {"values": {"log_level": "info"}}
    schema = {"properties": {"log_level": {"enum": ["info"]}}}
    lane = component("lane", env={"LOG_LEVEL": "{{ values.log_level }}"})
    plain = compile_components(tmp_path / "plain", lane, fleet_fields=own)
    checked = compile_components(
        tmp_path / "checked",
        lane,
        fleet_fields={**own, "valuesSchema": schema},
        application_fields={"valuesSchema": {**schema, "required": ["log_level"]}},
    )
    assert plain.files == checked.files and plain.said == checked.said == ""


def test_what_an_application_requires_is_asked_for_where_it_runs(tmp_path: Path) -> None:
    """A station of a type that the application does not select may lack it."""
    stations = "name,group,type,value:toll_code\na,g4,toll-station,1\nb,g4,gantry,\n"
    nodes = "name,station,profile\na1,a,box\nb1,b,box\n"
    fields = {"stations": {"types": ["toll-station"]}, "valuesSchema": {"required": ["toll_code"]}}
    made = compile_components(
        tmp_path, component("lane"), application_fields=fields, stations=stations, nodes=nodes
    )
    assert made.said == ""
    everywhere = {**fields, "stations": {}}
    made = compile_components(
        tmp_path / "all", component("lane"), application_fields=everywhere, stations=stations, nodes=nodes
    )
    assert made.codes == ["MP4017"] and "station b has no value" in made.said


def test_patterns_take_no_time_to_refuse_what_would_take_python_for_ever() -> None:
    """Nested repetition over 200 characters: done, and refused in so many words."""
    schema = ValuesSchema({"properties": {"a": {"pattern": "^(a+)+$"}}})
    (fault,) = schema.check_value("a", "a" * 200 + "!")
    assert "does not match" in fault.what
