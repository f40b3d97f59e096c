"""The published schemas say what the models say, and are what editors find beside the fleet spec."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from milepost import spec_schema
from milepost.model import spec

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "schemas" / "spec"
FLEET = ROOT / "fleet-spec"
_MODELINE = re.compile(r"^# yaml-language-server: \$schema=(\S+)$", re.MULTILINE)


def _documents(file: Path) -> list[Any]:
    return list(yaml.safe_load_all(file.read_text(encoding="utf-8")))


def _wrong(name: str, value: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(spec_schema.schema(name))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


FILES = [file for file in sorted(FLEET.rglob("*.yaml")) if _MODELINE.search(file.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("name", spec_schema.names())
def test_each_schema_is_one_itself(name: str) -> None:
    """A schema keeps to draft 2020-12."""
    jsonschema.Draft202012Validator.check_schema(spec_schema.schema(name))


def test_the_published_files_are_fresh() -> None:
    """``schemas/spec`` holds what the models say today, and nothing else; ``make docs`` writes it."""
    found = {file.name: file.read_text(encoding="utf-8") for file in PUBLISHED.iterdir()}
    assert found == {f"{name}.json": spec_schema.text(name) for name in spec_schema.names()}


def test_every_kind_has_a_schema() -> None:
    """No kind is without one, whatever kinds there will be."""
    assert {name.lower() for name in spec.KINDS} <= set(spec_schema.names())


def test_every_field_is_described() -> None:
    """An editor has something to show for each key that one of the project's own models has."""
    silent = [
        f"{model.__name__}.{name}"
        for model in _models(spec.SpecModel)
        for name, field in model.model_fields.items()
        if not field.description and name not in ("api_version", "kind", "metadata", "spec")
    ]
    assert silent == []


def _models(model: type[spec.SpecModel]) -> Iterator[type[spec.SpecModel]]:
    for inner in model.__subclasses__():
        yield inner
        yield from _models(inner)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FLEET)))
def test_a_modeline_names_a_published_schema_that_its_file_keeps_to(file: Path) -> None:
    """An editor that opens the example finds a schema, and marks nothing in it as wrong."""
    (path,) = _MODELINE.findall(file.read_text(encoding="utf-8"))
    published = (file.parent / path).resolve()
    assert published.parent == PUBLISHED
    assert [wrong for document in _documents(file) for wrong in _wrong(published.stem, document)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FLEET)))
def test_the_schema_of_any_kind_accepts_the_example(file: Path) -> None:
    """A document is as right by the schema of any kind as by that of its own."""
    documents = [d for d in _documents(file) if d["kind"] in spec.KINDS]
    assert [wrong for document in documents for wrong in _wrong(spec_schema.ANY, document)] == []


@pytest.mark.parametrize("table", ["stations", "nodes"])
def test_inventory_as_yaml_has_a_schema(table: str) -> None:
    """The example's YAML tables keep to it."""
    files = sorted(FLEET.rglob(f"*-{table}.yaml"))
    assert files
    assert [wrong for file in files for wrong in _wrong(table, yaml.safe_load(file.read_text()))] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "Aplication"}, "$.kind: 'Aplication' is not one of"),
        ({"extra": 1}, "$: Additional properties are not allowed ('extra' was unexpected)"),
        ({"metadata": {"name": "Redis"}}, "$.metadata.name: 'Redis' does not match"),
        (
            {"spec": {"versions": ["1"]}},
            "$.spec: {'versions': ['1']} is not valid under any of the given schemas",
        ),
        (
            {"spec": {"versions": ["1"], "repositories": {"mips": "registry.example/a"}}},
            "$.spec.repositories: 'mips' is not one of",
        ),
    ],
    ids=["kind", "unknown-key", "name", "neither-form", "key-of-a-map"],
)
def test_what_the_models_refuse_the_schema_refuses(change: dict[str, Any], said: str) -> None:
    """An unknown key, a wrong form and keys that exclude each other are seen while typing."""
    right = {
        "apiVersion": spec.API_VERSION,
        "kind": "Image",
        "metadata": {"name": "redis"},
        "spec": {"repository": "registry.example/redis", "versions": ["7.2.5"]},
    }
    assert _wrong(spec_schema.ANY, right) == []
    wrong = _wrong(spec_schema.ANY, {**right, **change})
    assert any(line.startswith(said) for line in wrong), wrong
