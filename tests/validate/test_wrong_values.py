"""What is said about a document of the wrong shape: one message for one cause, at its place, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, StringConstraints

from milepost.model import spec
from milepost.validate.error_wording import FORMS
from small import base, compile_components, component


@pytest.mark.parametrize(
    ("replicas", "message"),
    [
        ("every", 'should be "every-node" or "every-known-node" or a whole number'),
        (60, 'should be 50 or less or "every-node" or "every-known-node"'),
        (1.5, 'should be "every-node" or "every-known-node" or a whole number'),
    ],
)
def test_a_value_that_is_no_member_of_a_union_is_one_message(
    tmp_path: Path, replicas: Any, message: str
) -> None:
    """Which types a union tries is nothing to the author: he wrote one wrong value."""
    compiled = compile_components(tmp_path, component(replicas=replicas))
    assert [d.message for d in compiled.errors] == [f"spec.components[0].replicas: {message}"]


def test_a_scalar_of_any_type_is_asked_for_in_one_message(tmp_path: Path) -> None:
    """Values may be text, numbers or truth values; a list is none of them."""
    compiled = compile_components(tmp_path, component(), fleet_fields={"values": {"a": [1]}})
    message = "spec.values.a: should be text, a number or true or false"
    assert [d.message for d in compiled.errors] == [message]


def test_two_missing_keys_of_one_mapping_are_two_causes(tmp_path: Path) -> None:
    """Both stand at the mapping that lacks them."""
    compiled = compile_components(tmp_path, {"replicas": 1, "image": "web"} | {"env": {"A": 1}})
    assert [d.code.id for d in compiled.errors] == ["MP2003", "MP2004"]


def test_a_column_that_is_missing_is_said_once(tmp_path: Path) -> None:
    """Not once per row: the header has one fault."""
    compiled = compile_components(tmp_path, component(), stations="name,type\na,gantry\nb,gantry\n")
    assert compiled.said == 'stations.csv:1:1: error MP2011: there is no column "group"\n'


def test_a_wrong_label_key_stands_in_the_header(tmp_path: Path) -> None:
    """A hundred rows below it are not a hundred faults."""
    rows = "".join(f"a{i},a,box,x\n" for i in range(100))
    compiled = compile_components(tmp_path, component(), nodes=f"name,station,profile,label:a b\n{rows}")
    assert [str(d.span) for d in compiled.errors] == ["nodes.csv:1:22"]


def test_a_table_of_many_faults_tells_the_first_ones(tmp_path: Path) -> None:
    """A table from a wrong export has one root cause; fifty rows show it."""
    rows = "".join(f"a{i},a,box,10.0.0\n" for i in range(100))
    compiled = compile_components(tmp_path, component(), nodes=f"name,station,profile,address\n{rows}")
    assert len(compiled.errors) == 50


def test_every_pattern_of_the_spec_is_said_in_words() -> None:
    """A regular expression tells the author of a fleet nothing."""
    models = [*spec.KINDS.values(), spec.ImageLock, *spec.ROWS]
    patterns = {p for model in models for p in _patterns(model, set())}
    assert patterns ^ FORMS.keys() == set()


def _patterns(model: Any, seen: set[Any]) -> Iterator[str]:
    """The patterns of a model's fields, and of the models that they hold."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        if model not in seen:
            seen.add(model)
            for field in model.model_fields.values():
                yield from (p for m in field.metadata if (p := getattr(m, "pattern", None)))
                yield from _patterns(field.annotation, seen)
        return
    for part in getattr(model, "__metadata__", ()):
        if isinstance(part, StringConstraints) and isinstance(part.pattern, str):
            yield part.pattern
    for part in get_args(model):
        yield from _patterns(part, seen)


def test_a_fleet_without_an_application_compiles(tmp_path: Path) -> None:
    """The platform alone is a fleet."""
    from compiling import compile_spec, write_files
    from small import files

    compiled = compile_spec(write_files(tmp_path, files(base()).items()))
    assert not compiled.diagnostics
