"""CODEOWNERS: for every file of the spec and of the trees, the last line that matches names exactly its owners."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compiling import Compilation
from fleets import compiled
from milepost.publish.codeowners import NoHandleError, codeowners, gitattributes, handle_in, of_province
from small import compile_components, component, document

FOLDERS = ("fleet-spec", "rendered")


def owners_of(example: Compilation) -> str:
    provinces = [of_province(done.plan.fleet.province, ("platform",)) for done in example.provinces.values()]
    documents = [
        path.relative_to(example.root).as_posix() for path in example.root.rglob("*") if path.is_file()
    ]
    return codeowners(("platform",), provinces, documents, FOLDERS, handle_in("toll"))


def deciding(text: str, path: str) -> tuple[str, ...]:
    """What GitHub makes of it: the last match wins; a folder's line holds for all below it."""
    found: tuple[str, ...] = ()
    for line in text.splitlines():
        if line and not line.startswith("#"):
            pattern, *names = re.split(r"(?<!\\) ", line)
            if _matches(pattern.replace("\\ ", " "), f"/{path}"):
                found = tuple(names)
    return found


def _matches(pattern: str, path: str) -> bool:
    parts = (re.escape(part).replace(r"\*", "[^/]*") for part in pattern.split("**/"))
    return re.fullmatch("(?:.*/)?".join(parts) + (".*" if pattern.endswith("/") else ""), path) is not None


def test_every_rendered_file_belongs_to_the_owners_of_its_level() -> None:
    """A station's file to the station's owners, a group's to the group's, all else to the province's."""
    example = compiled("example")
    text = owners_of(example)
    for name, done in example.provinces.items():
        province = done.plan.fleet.province
        of_groups = {group.name: group.rights.asked for group in province.groups}
        of_stations = {s.name: s.rights.asked for group in province.groups for s in group.stations}
        for path in example.trees[name]:
            parts = path.split("/")
            stem = parts[-1].partition(".")[0]
            group = parts[1] if parts[0] == "groups" else stem
            level = of_stations if parts[0] == "groups" and stem in of_stations else of_groups
            wanted = level.get(stem, of_groups.get(group, province.rights.asked))
            assert deciding(text, f"rendered/{name}/{path}") == tuple(f"@toll/{team}" for team in wanted), (
                path
            )


def test_all_files_of_a_station_are_its_own(tmp_path: Path) -> None:
    """Those of its mirror and of its nodes' hosts.toml among them."""
    mirror = {
        "image": "web",
        "version": "1.0.0",
        "nodes": {"roles": ["lane"]},
        "storage": {"size": "1Gi", "path": "/var/lib/registry"},
    }
    tier = {"level": "station", "parent": "centre", "endpoint": "http://{address}:5000", "mirror": mirror}
    made = compile_components(
        tmp_path,
        component(),
        also=[
            document("RegistryTier", "centre", {"level": "center", "endpoint": "https://registry.example"}),
            document("RegistryTier", "near", tier),
        ],
        stations="name,group,type,owners\na,g4,toll-station,crew\n",
        nodes="name,station,profile,roles,address\na1,a,box,lane,10.0.0.1\n",
    )
    text = owners_of(made)
    files = [path for path in made.trees["north"] if path.startswith("groups/g4/a.")]
    assert len(files) == 3
    assert {deciding(text, f"rendered/north/{path}") for path in files} == {("@toll/crew",)}
    assert deciding(text, "rendered/north/groups/g4/kustomization.yaml") != ("@toll/crew",)


def test_every_file_of_the_spec_has_owners() -> None:
    """A province's files its own; what is for all, the platform's."""
    example = compiled("example")
    text = owners_of(example)
    assert deciding(text, "fleet-spec/fleet.yaml") == ("@toll/platform",)
    assert deciding(text, "fleet-spec/applications/new.yaml") == ("@toll/platform",)
    assert deciding(text, "fleet-spec/provinces/hunan/stations.csv") == (
        "@toll/platform-engineering",
        "@toll/hunan-operations",
    )
    assert deciding(text, "fleet-spec/provinces/new/province.yaml") == ("@toll/platform",)


def test_the_lines_are_few() -> None:
    """Fewer than files by far: a line stands only where owners differ from the level above."""
    example = compiled("example")
    files = sum(len(tree) for tree in example.trees.values())
    assert len(owners_of(example).splitlines()) < files / 5


def test_handles_and_addresses_stay_as_they_are() -> None:
    """A team's name gets its organisation; what a forge knows already is left alone."""
    handle = handle_in("toll")
    assert [handle(team) for team in ("ops", "@a/b", "a@b.example")] == ["@toll/ops", "@a/b", "a@b.example"]
    assert handle_in(None)("ops") == "@ops"


def test_a_file_with_a_blank_in_its_name_keeps_its_line() -> None:
    """A blank would end the pattern."""
    text = codeowners(("a",), [], ["x y.yaml"], FOLDERS, handle_in(None))
    assert deciding(text, "fleet-spec/x y.yaml") == ("@a",)


def test_generated_trees_are_marked_in_one_line() -> None:
    """Reviews fold them, and no conversion of line ends touches them."""
    assert gitattributes("rendered") == "/rendered/** linguist-generated -text\n"


@pytest.mark.parametrize("team", ["Team A", "", "a#b", "@acme/Team A", "gatherers\tnorth"])
def test_a_name_that_no_forge_finds_is_refused(team: str) -> None:
    """GitHub leaves a line with one wrong owner out, and asks nobody."""
    with pytest.raises(NoHandleError):
        handle_in("acme")(team)
