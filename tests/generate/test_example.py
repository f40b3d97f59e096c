"""The example fleet in ``fleet-spec/``."""

from __future__ import annotations

from pathlib import Path

import pytest

from generate.consistency import all_nodes, all_stations, findings
from generate.reading import Reading, read

EXAMPLE = Path(__file__).parents[2] / "fleet-spec"


@pytest.fixture(scope="module")
def example() -> Reading:
    return read(EXAMPLE)


def test_every_name_in_the_example_is_known_and_unique(example: Reading) -> None:
    """No document or row of the example names something that is not there, or is named twice."""
    assert findings(example) == []


def test_the_example_shows_three_provinces_of_different_character(example: Reading) -> None:
    """Flux from Git, Argo CD, and Flux from an OCI registry behind 3 Mbit/s."""
    provinces = example.of("Province")
    syncs = {name: province.spec.sync for name, province in provinces.items()}
    assert syncs["hunan"] is None
    assert syncs["guangdong"].engine == "argocd"
    assert syncs["qinghai"].source.kind == "OCIRepository"
    assert provinces["qinghai"].spec.access == "public-4g-3m"


def test_the_example_is_small_enough_to_read(example: Reading) -> None:
    """Between 30 and 60 stations, on four hardware profiles."""
    assert 30 <= len(all_stations(example)) <= 60
    assert len({row.profile for row in all_nodes(example)}) == 4


def test_every_document_file_tells_an_editor_its_schema() -> None:
    """The first line of each file with documents is the modeline, with the way back to schemas/spec."""
    for path in EXAMPLE.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if "apiVersion: milepost.dev/" not in text:
            continue
        up = "../" * len(path.relative_to(EXAMPLE).parts)
        count = text.count("\nkind: ")
        kind = text.partition("\nkind: ")[2].partition("\n")[0].lower()
        schema = "document" if count > 1 else kind
        assert text.startswith(f"# yaml-language-server: $schema={up}schemas/spec/{schema}.json\n"), path
