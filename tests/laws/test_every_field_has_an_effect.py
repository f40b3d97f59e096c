"""The law of fields: for each field of each kind and table there is a fleet in which changing it changes something.

The fleet is the example. What changes is a rendered file, a message, a table of `milepost query`, or an explanation; a
message that says that the value is none at all (not of the field's form, or a name of nothing) does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from compiling import Compilation, compile_spec, write_files
from field_changes import TABLE, Fleet, changes, edited, fields, read
from fleets import EXAMPLE
from milepost.explain.explain_place import explain_node
from milepost.model.spec.base import INFORMS
from milepost.publish.codeowners import codeowners, handle_in, of_province
from milepost.query.tables import tables
from milepost.report.pull_figures import pull

pytestmark = pytest.mark.slow

TESTS = Path(__file__).parents[1]
NO_VALUE = frozenset({"MP2002", "MP2003", "MP2004", "MP2011", "MP2012", "MP3001"})
NAMES = frozenset({"FleetSpec.roles"})
"""Fields that are lists of names for others to use: that an unlisted one is told is what they do."""
ELSEWHERE = {
    "publish/test_guards.py": (
        *("FleetSpec.guards", "Guards.removals", "Removals.workloads", "Removals.objects", "Guards.protect"),
        *(
            "Guards.provincesPerChange",
            "Guards.frozen",
            "Freeze.name",
            "Freeze.from",
            "Freeze.until",
            "Freeze.provinces",
        ),
        *(
            "FleetSpec.acknowledge",
            "Acknowledgement.removes",
            "Acknowledgement.allows",
            "Acknowledgement.reason",
        ),
    ),
    "publish/test_real_changes.py": (
        *("Guards.restarts", "Restarts.stations", "Restarts.groups", "Guards.watch"),
    ),
    "publish/test_loosening.py": ("Acknowledgement.by",),
    "driver/test_empty_selectors.py": (
        "StationSelector.mayBeEmpty",
        "NodeSelector.mayBeEmpty",
        "WaveEntry.mayBeEmpty",
    ),
    "laws/test_cluster_versions.py": ("Cluster.acknowledgedVulnerabilities",),
    "validate/test_columns.py": (
        *("ProvinceSpec.columns", "ColumnMapping.stations", "ColumnMapping.nodes"),
        *("ColumnMapping.addresses", "ColumnMapping.devices"),
    ),
    "messages/MP2030.yaml": ("PolicySpec.requireOwners",),
    "registry/test_commands.py": ("LockedPlatform.digest",),
    "plan/test_slots.py": ("NodeRow.slot",),
    "lower/test_extra_objects.py": (
        *("ApplicationSpec.objects", "StationGroupSpec.objects", "ProvinceSpec.objects"),
        *("ObjectsEntry.file", "ObjectsEntry.per"),
    ),
    "edge/test_edgecore_configs.py": ("EdgeModules.metaServer",),
    "release/test_editions.py": (
        *("EditionSpec.application", "EditionSpec.version", "EditionSpec.seal", "EditionSpec.definition"),
        *("EditionSpec.values", "EditionValues.provinces", "EditionValues.groups", "EditionValues.stations"),
    ),
    "emit/test_secrets.py": (
        *("PolicySpec.knownSecrets", "KnownSecret.fingerprint", "KnownSecret.owner"),
        *("KnownSecret.reason", "KnownSecret.until"),
    ),
}
"""Fields that a review, a run over the whole fleet or a registry is asked about, and the test that shows what they do."""
SHOWN_ELSEWHERE = {field: path for path, found in ELSEWHERE.items() for field in found}
CHANGES = changes()
FIELDS = fields()


@dataclass(frozen=True)
class Outputs:
    """What clusters and people get. ``files`` hold CODEOWNERS as well; ``pulls`` is what a release moves over lines, and
    ``told`` are explanations and rows of tables.
    """

    files: dict[str, bytes]
    said: str
    pulls: str
    told: str


def outputs(root: Path, fleet: Fleet) -> tuple[Compilation, Outputs]:
    made = compile_spec(write_files(root, fleet.files()))
    rows = {table.name: [list(table.rows(c)) for c in made.provinces.values()] for table in tables()}
    plans = {name: compiled.plan for name, compiled in made.provinces.items()}
    of_provinces = [of_province(plan.fleet.province, ()) for plan in plans.values()]
    owners = codeowners((), of_provinces, (), ("spec", "rendered"), handle_in(None))
    pulls = {name: [pull(found) for found in plan.prepulls.waves] for name, plan in plans.items()}
    files = made.files | {"CODEOWNERS": owners.encode()}
    return made, Outputs(files, made.said, repr(pulls), f"{rows}{[list(_explained(made))]}")


def _explained(made: Compilation) -> list[list[str]]:
    """One node of each province."""
    stations = (
        (c.plan, s) for c in made.provinces.values() for g in c.plan.fleet.province.groups for s in g.stations
    )
    first = {plan.fleet.province.name: (plan, station) for plan, station in stations if station.nodes}
    return [[line[0] for line in explain_node(plan, s, s.nodes[0])] for plan, s in first.values()]


@pytest.fixture(scope="module")
def example() -> Fleet:
    return read(EXAMPLE)


@pytest.fixture(scope="module")
def before(example: Fleet, tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    made, found = outputs(tmp_path_factory.mktemp("before"), example)
    assert not made.diagnostics
    return found


def test_every_field_is_changed_here_or_shown_elsewhere() -> None:
    """No field without an entry, no entry for a field that is gone."""
    assert not FIELDS.keys() - CHANGES.keys() - SHOWN_ELSEWHERE.keys(), f"add them to {TABLE.name}"
    assert not (CHANGES.keys() | SHOWN_ELSEWHERE.keys()) - FIELDS.keys()


@pytest.mark.parametrize("path", sorted(ELSEWHERE))
def test_a_test_that_is_named_speaks_of_the_field(path: str) -> None:
    """By its key, or by the last word of it that a test would write."""
    text = (TESTS / path).read_text(encoding="utf-8")
    assert (TESTS / path).is_file()
    assert any(field.partition(".")[2] in text for field in ELSEWHERE[path])


@pytest.mark.parametrize("field", sorted(CHANGES.keys() - SHOWN_ELSEWHERE.keys()))
def test_changing_a_field_changes_something(
    example: Fleet, before: Outputs, tmp_path: Path, field: str
) -> None:
    """A tree, a message or a plan; where the reference says that the field only informs, what people can ask."""
    change = CHANGES[field]
    given = edited(example, change.given)
    base = outputs(tmp_path / "given", given)[1] if change.given else before
    made, after = outputs(tmp_path / "changed", edited(given, change.edits))
    assert field in NAMES or not NO_VALUE & set(made.codes), made.said
    if INFORMS in (FIELDS[field].description or ""):
        assert after.told != base.told
        assert (after.files, after.said) == (base.files, base.said)
    else:
        assert (after.files, after.said, after.pulls) != (base.files, base.said, base.pulls)
