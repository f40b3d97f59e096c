"""Editions: what is edited reaches a station group when its wave switches, and no group before."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from compiling import compile_spec, write_files
from field_changes import Change, Edit, Fleet, changes, edited, read
from fleets import EXAMPLE
from milepost import pipeline
from milepost.cli.main import milepost
from milepost.diagnostics import Sink
from milepost.driver import release_cut, release_step
from milepost.model import release_steps
from milepost.model.release_steps import NoReleaseStepError

NEXT = "next"
PILOT = "hn-g4-changtan"
REFUSED = frozenset(
    [
        "ActivePattern.components",
        "ActivePattern.min",
        "ApplicationSpec.components",
        "ComponentEntry.hostNetwork",
        "TopologyRule.active",
        "TopologyRule.address",
        "TopologyRule.mutual",
        "TopologyRule.standby",
        "ApplicationSpec.stations",
        "ApplicationSpec.valuesSchema",
        "ComponentEntry.edgeApplication",
        "ComponentEntry.from",
        "ComponentEntry.interruption",
        "ComponentEntry.nodes",
        "ComponentEntry.start",
        "ComponentEntry.survives",
        "ConfigFile.template",
        "NodeSelector.allRoles",
        "NodeSelector.group",
        "NodeSelector.mayBeEmpty",
        "NodeSelector.profiles",
        "NodeSelector.roles",
        "NodeSelector.stationTypes",
        "PolicySpec.requireReadiness",
        "PolicySpec.requireRequests",
        "ResourceList.memory",
        "Resources.limits",
        "StationSelector.types",
        "TopologyRule.apart",
        "TopologyRule.as",
        "TopologyRule.spread",
        "TopologyRule.together",
    ]
)
"""Fields whose change the example does not allow, cut or not."""
UNCUT = frozenset({"format", "moves", "name", "place", "provinces", "version", "versions", "image"})
"""Fields by which an application is another one, whose change is a release by itself, or whose example begins broken."""


def pod_fields() -> Iterator[tuple[str, str, Change]]:
    """Fields of applications that run at stations: the field, the application, how the example is changed."""
    for field, change in sorted(changes().items()):
        where = {path[0] for path, _ in change.edits}
        owners = {place.partition("/")[2] for place in where if place.startswith("Application/")}
        cuttable = owners & {"tolling", "gantry", "collector"} and field.partition(".")[2] not in UNCUT
        if len(where) == 1 and cuttable:
            yield field, owners.pop(), change


CHANGES = {field: (application, change) for field, application, change in pod_fields()}


@pytest.fixture(scope="module")
def example() -> Fleet:
    """Without the release that is under way in it: an application moves by one at a time."""
    fleet = read(EXAMPLE)
    documents = {
        path: [d for d in found if d["kind"] != "Release"] for path, found in fleet.documents.items()
    }
    return Fleet({path: found for path, found in documents.items() if found}, fleet.tables, fleet.texts)


def advance(root: Path) -> None:
    assert not release_step.step(root, None, release_steps.advance).failed


@pytest.mark.slow
@pytest.mark.parametrize("field", sorted(CHANGES))
def test_a_changed_field_reaches_one_wave_at_a_time(example: Fleet, tmp_path: Path, field: str) -> None:
    application, change = CHANGES[field]
    given = edited(example, change.given)
    changed = edited(given, change.edits)
    if field in REFUSED:
        assert compile_spec(write_files(tmp_path / "new", changed.files())).errors
    else:
        one_wave_at_a_time(tmp_path, application, given, changed)


ROWS = "provinces/hunan/stations.csv"
OTHER_EDITS: dict[str, tuple[str, list[Edit]]] = {
    "nodes of a component": ("gantry", [(["Application/gantry", "spec", "components", 1, "nodes"], {"group": "gantry-pairs", "architectures": ["amd64", "arm64"]})]),
    "a rule of topology less": ("tolling", [(["Application/tolling", "spec", "topology"], None)]),
    "a config file less": ("collector", [(["Application/collector", "spec", "components", 0, "files"], None)]),
    "a value of the fleet": ("gantry", [(["Fleet/example", "spec", "values", "speed_limit"], 110)]),
    "a value of a station group": (
        "gantry", [(["StationGroup/hn-g4-leiyi", "spec", "values"], {"speed_limit": 90})]
    ),
    "a value of a station": ("gantry", [([ROWS, "hn-g4-k1492", "value:gantry_id"], "G0004430010120099")]),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("what", sorted(OTHER_EDITS))
def test_other_edits_reach_one_wave_at_a_time(example: Fleet, tmp_path: Path, what: str) -> None:
    application, edits = OTHER_EDITS[what]
    one_wave_at_a_time(tmp_path, application, example, edited(example, edits))


def test_the_text_of_a_template_reaches_one_wave_at_a_time(example: Fleet, tmp_path: Path) -> None:
    texts = {**example.texts, "templates/lane.yaml.j2": example.texts["templates/lane.yaml.j2"] + "keep: 3\n"}
    one_wave_at_a_time(tmp_path, "tolling", example, Fleet(example.documents, example.tables, texts))


def one_wave_at_a_time(tmp_path: Path, application: str, given: Fleet, changed: Fleet) -> None:
    old, new = write_files(tmp_path / "old", given.files()), write_files(tmp_path / "new", changed.files())
    waves = [("pilot", [PILOT]), ("others", sorted(groups(changed) - {PILOT}))]
    cut = release_cut.cut(new, application, NEXT, old, waves)
    assert not cut.failed, [d.message for d in cut.diagnostics]
    seen = [compiled(old), compiled(new)]
    # What the province has once may be there before the first wave: a StorageClass restarts nothing.
    assert reached(*seen) == set()
    advance(new)
    seen.append(compiled(new))
    assert reached(seen[1], seen[2]) <= {PILOT}
    advance(new)
    seen.append(compiled(new))
    assert PILOT not in reached(seen[2], seen[3])
    assert not release_step.finish(new, None).failed
    # What is left is the spec as it would be if nobody had cut anything, but for the version's name.
    assert compiled(new) == compiled(write_files(tmp_path / "whole", versioned(changed, application)))
    assert not (new / "editions").exists()


def test_rolling_a_wave_back_brings_the_old_definition_back(example: Fleet, tmp_path: Path) -> None:
    changed = edited(example, [(["Application/collector", "spec", "components", 0, "grace"], "20s")])
    old, new = write_files(tmp_path / "old", example.files()), write_files(tmp_path / "new", changed.files())
    release_cut.cut(new, "collector", NEXT, old, [("pilot", [PILOT]), ("others", ["guangdong", "qinghai"])])
    before = compiled(new)
    advance(new)
    assert reached(before, compiled(new)) == {PILOT}
    assert not release_step.step(new, None, release_steps.rollback).failed
    assert reached(before, compiled(new)) == set()
    ended = release_step.finish(new, None)
    assert "by its edition" in ended.said
    assert reached(before, compiled(new)) == set()


def test_an_edition_that_is_edited_is_refused(example: Fleet, tmp_path: Path) -> None:
    root = write_files(tmp_path / "spec", example.files())
    assert not release_cut.cut(root, "gantry", NEXT, None).failed
    for path, old, new in (
        ("edition.yaml", "8s", "9s"),
        ("templates/gantry.yaml.j2", "speedLimit", "limit"),
    ):
        file = root / "editions/gantry/3.0.4" / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        assert compile_spec(root).codes == ["MP2073"]
        file.write_text(text, encoding="utf-8")
    assert not compile_spec(root).errors


def test_a_comment_in_an_edition_is_no_edit(example: Fleet, tmp_path: Path) -> None:
    root = write_files(tmp_path / "spec", example.files())
    release_cut.cut(root, "gantry", NEXT, None)
    file = root / "editions/gantry/3.0.4/edition.yaml"
    file.write_text("# frozen\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert not compile_spec(root).errors


@pytest.mark.parametrize(
    ("application", "version", "words"),
    [
        ("tollin", NEXT, 'there is no application "tollin"; did you mean "tolling"?'),
        ("tolling", "1.4.2", "runs 1.4.2 already"),
        ("gateway", NEXT, "runs at the province"),
    ],
)
def test_what_cannot_be_cut_is_said(
    example: Fleet, tmp_path: Path, application: str, version: str, words: str
) -> None:
    root = write_files(tmp_path / "spec", example.files())
    with pytest.raises(NoReleaseStepError, match=re.escape(words)):
        release_cut.cut(root, application, version, None)
    assert not (root / "editions").exists()


def test_a_value_that_was_not_set_before_is_refused(example: Fleet, tmp_path: Path) -> None:
    edits: list[Edit] = [
        (["Fleet/example", "spec", "valuesSchema", "properties", "name"], {"type": "string"}),
    ]
    before = edited(example, edits)
    after = edited(before, [(["Fleet/example", "spec", "values", "name"], "x")])
    old, new = write_files(tmp_path / "old", before.files()), write_files(tmp_path / "new", after.files())
    with pytest.raises(NoReleaseStepError, match="was not set before"):
        release_cut.cut(new, "gantry", NEXT, old)


def groups(fleet: Fleet) -> set[str]:
    return {
        d["metadata"]["name"]
        for documents in fleet.documents.values()
        for d in documents
        if d["kind"] == "StationGroup"
    }


def compiled(root: Path) -> dict[str, bytes]:
    """Everything but the list of files and releases, which no cluster applies."""
    made = compile_spec(root)
    assert not made.errors, made.said
    return {path: data for path, data in made.files.items() if not path.endswith("milepost.json")}


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> set[str]:
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


def reached(one: dict[str, bytes], other: dict[str, bytes]) -> set[str]:
    """Station groups whose files differ."""
    return {path.split("/")[2] for path in differing(one, other) if path.split("/")[1] == "groups"}


def versioned(fleet: Fleet, application: str) -> Iterator[tuple[str, str]]:
    own = [[f"Application/{application}", "spec", "version"]]
    document = next(
        d
        for documents in fleet.documents.values()
        for d in documents
        if (d["kind"], d["metadata"].get("name")) == ("Application", application)
    )
    tags = document["spec"]["versions"][document["spec"]["version"]]
    versions = {**document["spec"]["versions"], NEXT: tags}
    edits = [(own[0], NEXT), ([*own[0][:-1], "versions"], versions)]
    return edited(fleet, edits).files()


def test_the_command_reads_the_old_definition_from_git(example: Fleet, tmp_path: Path) -> None:
    root = write_files(tmp_path / "fleet-spec", example.files())
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "as it was")
    template = root / "templates/lane.yaml.j2"
    old = template.read_bytes()
    template.write_text("keep: 3\n", encoding="utf-8")
    arguments = ["release", "cut", "tolling", NEXT, "--spec", str(root), "--base", "HEAD"]
    waves = ["--wave", f"pilot={PILOT}", "--wave", "far=guangdong, qinghai"]
    done = CliRunner().invoke(milepost, [*arguments, *waves])
    assert done.exit_code == 0, done.output
    assert (root / "editions/tolling/1.4.2/templates/lane.yaml.j2").read_bytes() == old
    made = pipeline.read(root, Sink())
    assert made is not None
    (release,), (edition,) = made.catalog.releases, made.catalog.editions
    assert [(wave.name, len(wave.groups)) for wave in release.waves] == [("pilot", 1), ("far", 6)]
    assert NEXT in made.catalog.applications[-1].versions
    assert edition.key == "tolling@1.4.2"


def test_names_of_inventory_reach_every_edition(example: Fleet, tmp_path: Path) -> None:
    root = write_files(tmp_path / "spec", example.files())
    release_cut.cut(root, "gantry", NEXT, None)
    before = compiled(root)
    rows = [([ROWS, "hn-g4-k1492", "stake"], "K1492+500")]
    fleet = edited(read(root), rows)
    assert reached(before, compiled(write_files(root, fleet.files()))) == {PILOT}


def test_images_of_a_new_component_are_pulled_ahead(example: Fleet, tmp_path: Path) -> None:
    """Its edition runs nowhere yet, and its nodes are known."""
    components = next(
        d["spec"]["components"]
        for documents in example.documents.values()
        for d in documents
        if (d["kind"], d["metadata"]["name"]) == ("Application", "gantry")
    )
    images = {"gantry-core": "3.0.4", "plate-recognition": "5.2.0", "collector": "0.32.0"}
    helper = {
        "name": "helper",
        "image": "collector",
        "replicas": "every-node",
        "nodes": {"group": "gantry-pairs"},
    }
    own = ["Application/gantry", "spec"]
    helper["resources"] = {"requests": {"cpu": "10m", "memory": "8Mi"}}
    helper["probes"] = {"readiness": {"command": ["true"]}}
    versions = {"3.0.4": {k: v for k, v in images.items() if k != "collector"}, NEXT: images}
    changed = edited(example, [([*own, "components"], [*components, helper]), ([*own, "versions"], versions)])
    old, new = write_files(tmp_path / "old", example.files()), write_files(tmp_path / "new", changed.files())
    assert not release_cut.cut(new, "gantry", NEXT, old, [("pilot", [PILOT])]).failed
    advance(new)
    text = b"".join(data for path, data in compiled(new).items() if "/prepull/" in path)
    digest = next(i for i in pipeline.read(new, Sink()).catalog.images.values() if i.name == "collector")  # type: ignore[union-attr]
    assert digest.locked["0.32.0"][0].digest.encode() in text


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=fleet", "-c", "user.email=fleet@tolling.example"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_the_next_release_after_a_rollback_starts_from_its_edition(example: Fleet, tmp_path: Path) -> None:
    changed = edited(example, [(["Application/collector", "spec", "components", 0, "grace"], "20s")])
    old, new = write_files(tmp_path / "old", example.files()), write_files(tmp_path / "new", changed.files())
    release_cut.cut(new, "collector", NEXT, old, [("pilot", [PILOT])])
    before = compiled(new)
    advance(new)
    release_step.step(new, None, release_steps.rollback)
    release_step.finish(new, None)
    again = release_cut.cut(new, "collector", "after", None, [("pilot", [PILOT])])
    assert not again.failed, [d.message for d in again.diagnostics]
    assert reached(before, compiled(new)) == set()
    advance(new)
    assert reached(before, compiled(new)) == {PILOT}


def test_a_cut_moves_nothing_of_what_several_applications_share(example: Fleet, tmp_path: Path) -> None:
    """The DaemonSet of keepalived is for the nodes of all applications with addresses."""
    root = write_files(tmp_path / "spec", example.files())
    before = compiled(root)
    assert not release_cut.cut(root, "gantry", NEXT, None).failed
    assert reached(before, compiled(root)) == set()
