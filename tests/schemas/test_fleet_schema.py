"""The schemas of one fleet hold its values, each where it may be set, so that an editor and a compile agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from milepost import fleet_schema, pipeline, spec_schema
from milepost.diagnostics import Sink
from milepost.model.parsed import ParsedSpec

ROOT = Path(__file__).parents[2]
FLEET = ROOT / "fleet-spec"


@pytest.fixture(scope="module")
def spec() -> ParsedSpec:
    shared = pipeline.read(FLEET, Sink())
    assert shared is not None
    return shared.spec


def wrong(name: str, value: Any, spec: ParsedSpec) -> list[str]:
    body = json.loads(fleet_schema.text(name, spec))
    return [f"{e.json_path}: {e.message}" for e in jsonschema.Draft202012Validator(body).iter_errors(value)]


@pytest.mark.parametrize("name", spec_schema.names())
def test_each_schema_is_one_itself(name: str, spec: ParsedSpec) -> None:
    """And every reference leads to a definition in it."""
    text = fleet_schema.text(name, spec)
    body = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(body)
    used = {part.split('"')[0] for part in text.split('"#/$defs/')[1:]}
    assert used <= body.get("$defs", {}).keys()
    assert '"levels": [' not in text.replace('"levels": {', "")


@pytest.mark.parametrize("file", sorted(FLEET.rglob("*.yaml")), ids=lambda file: file.name)
def test_the_example_fits(file: Path, spec: ParsedSpec) -> None:
    """Every document of the example that holds values, by the schema of its kind; every row of YAML inventory."""
    for document in yaml.safe_load_all(file.read_text(encoding="utf-8")):
        if isinstance(document, dict) and document.get("kind", "").lower() in spec_schema.names():
            assert wrong(document["kind"].lower(), document, spec) == []
        elif isinstance(document, list):
            assert wrong("stations" if "stations" in file.name else "nodes", document, spec) == []


@pytest.mark.parametrize(
    ("name", "values", "fits"),
    [
        ("province", {"gateway_url": "https://gateway.example"}, True),
        ("province", {"gateway_url": "gateway.example"}, False),
        ("province", {"toll_code": "4300417"}, False),
        ("province", {"log_levle": "info"}, False),
        ("fleet", {"log_level": "inof"}, False),
        ("stationgroup", {"speed_limit": 85}, False),
        ("stationgroup", {"speed_limit": 80}, True),
    ],
)
def test_a_value_fits_in_the_editor_where_it_fits_in_a_compile(
    name: str, values: dict[str, Any], fits: bool, spec: ParsedSpec, tmp_path: Path
) -> None:
    """By name, by value, and by level."""
    kind = {"province": "Province", "fleet": "Fleet", "stationgroup": "StationGroup"}[name]
    documents = [d for file in sorted(FLEET.rglob("*.yaml")) for d in yaml.safe_load_all(file.read_text())]
    document = next(d for d in documents if isinstance(d, dict) and d.get("kind") == kind)
    changed = {**document, "spec": {**document["spec"], "values": values}}
    assert (wrong(name, changed, spec) == []) is fits


def test_a_fleet_without_a_schema_has_the_published_ones(tmp_path: Path) -> None:
    """Nothing is added where nothing is declared."""
    import small
    from compiling import write_files

    documents = [*small.base(), small.image("web"), small.application("app", [small.component()])]
    write_files(tmp_path, small.files(documents).items())
    shared = pipeline.read(tmp_path, Sink())
    assert shared is not None
    assert {n: fleet_schema.text(n, shared.spec) for n in spec_schema.names()} == {
        n: spec_schema.text(n) for n in spec_schema.names()
    }
