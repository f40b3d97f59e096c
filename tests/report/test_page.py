"""The page as text: it holds the fleet, needs nothing from anywhere, and nobody's name can break out of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from compiling import compile_spec, write_files
from fleets import compiled
from milepost.generate import generate
from milepost.model.instances import Instances
from milepost.report.page import TEMPLATES
from report.pages import Elements, changed, data, example, page
from small import application, base, component, files, group, image

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def test_every_station_stands_on_the_page_once_and_in_order() -> None:
    """Groups by name, their stations by name, and as many as each group says."""
    _, provinces = data(example())
    for name, found in compiled("example").provinces.items():
        expected = [s.name for g in found.plan.fleet.province.groups for s in g.stations]
        assert provinces[name]["stations"]["name"] == expected
        assert sum(g["size"] for g in provinces[name]["groups"]) == len(expected)


def test_the_page_says_what_the_plan_says_of_a_station() -> None:
    """Nodes, line, and what runs there with how many instances, through all the numbers that point into lists."""
    _, provinces = data(example())
    for name, found in compiled("example").provinces.items():
        shown, instances = provinces[name], Instances(found.plan)
        stations = [s for g in found.plan.fleet.province.groups for s in g.stations]
        for i, station in enumerate(stations):
            column = {key: values[i] for key, values in shown["stations"].items()}
            mix = shown["mixes"][column["nodes"]]
            assert [station.name + node[0] for node in mix] == [node.name for node in station.nodes]
            assert shown["accesses"][column["access"]][0] == (station.access and station.access.name)
            runs = [(shown["workloads"][run[0]][1], run[1]) for run in shown["runs"][column["runs"]]]
            assert runs == [(list(r.workload.members), r.instances) for r in instances.at(station)]


def test_nothing_is_loaded_from_anywhere() -> None:
    """No address in any attribute or style; the policy of the page forbids what might be forgotten."""
    text = example()
    for _, attributes in Elements(text).elements:
        for name in ("src", "href", "srcset", "action", "data", "poster"):
            assert (attributes.get(name) or "#").startswith(("#", "data:,"))
    style = "".join(re.findall(r"<style>(.*?)</style>", text, re.S))
    assert "url(" not in style and "@import" not in style
    assert "default-src 'none'" in text
    assert not re.search(r"\bfetch\(|XMLHttpRequest|import\(|WebSocket|sendBeacon", text)


def test_the_same_fleet_gives_the_same_bytes(tmp_path: Path) -> None:
    """Whatever the hash seed, the time zone and the locale."""
    made = []
    for seed, zone in (("1", "UTC"), ("2", "Pacific/Kiritimati")):
        file = tmp_path / f"{seed}.html"
        subprocess.run(
            [sys.executable, "-m", "milepost", "report", "fleet-spec", "-o", str(file)],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"},
            check=True,
            capture_output=True,
        )
        made.append(file.read_bytes())
    assert made[0] == made[1]


HOSTILE = [
    "</script><script>document.title='x'</script>",
    "<!-- <script>",
    "<img src=x onerror=alert(1)>",
    "]]> & \" ' `",
    "{{ 7 * 7 }}",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_out_of_the_page(tmp_path: Path, name: str) -> None:
    """The elements are those of a harmless name, and the name comes out of the JSON as it went in."""

    def of(title: str) -> tuple[list[str], str]:
        road = {"code": "G4", "name": title}
        documents = [*base(owners=[title]), image("web"), application("app", [component()])]
        documents = [d for d in documents if d["kind"] != "StationGroup"] + [group(road=road)]
        found = compile_spec(write_files(tmp_path / str(len(title)), files(documents).items()))
        assert not found.errors, found.said
        text = page(found)
        return [tag for tag, _ in Elements(text).elements], data(text)[1]["north"]["groups"][0]["title"]

    assert of(name) == (of("harmless")[0], name)


def test_every_line_of_a_review_is_told_with_whom_it_reaches(tmp_path: Path) -> None:
    """Its sentence, its guard, and the stations as runs of places."""
    text, review = changed(tmp_path)
    fleet, provinces = data(text)
    assert len(fleet["changes"]) == len(review.lines)
    assert review.tripped and "A guard waits" in text
    for number, line in enumerate(review.lines):
        reached = set()
        for name, found in provinces.items():
            runs = dict(map(tuple, found["changes"])).get(number, [])
            for first, length in zip(runs[::2], runs[1::2], strict=True):
                reached |= {(name, s) for s in found["stations"]["name"][first : first + length]}
        known = {(name, s) for name, found in provinces.items() for s in found["stations"]["name"]}
        assert reached == line.radius.stations & known


def test_a_fleet_without_releases_and_without_a_review_has_a_page(tmp_path: Path) -> None:
    documents = [*base(), image("web"), application("app", [component()])]
    found = compile_spec(write_files(tmp_path, files(documents).items()))
    text = page(found)
    assert "No release is under way" in text
    assert 'id="changes"' not in text


def test_the_waves_of_a_release_are_told_with_what_they_pull() -> None:
    """The example's second wave is pre-pulled and next to switch."""
    text = " ".join(Elements(example()).text.split())
    assert "next: switch south" in text
    assert "Pre-pull of plateau" in text
    assert "lane-backend 1.4.2 -> 1.5.0" in text


def test_a_large_fleet_stays_small(tmp_path: Path) -> None:
    """Stations are some fifty bytes each, so that 34,000 of them are well below 8 MB."""
    generate(tmp_path / "spec", provinces=2, nodes=4000, seed=3)
    found = compile_spec(tmp_path / "spec")
    stations = sum(len(p["stations"]["name"]) for p in data(page(found))[1].values())
    assert stations > 1200
    assert (len(page(found).encode()) - len(example().encode())) / stations < 120


def variables(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", text))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("sheet", ["style.css", "dark.css"])
def test_contrast_is_enough_to_read_and_to_tell_apart(sheet: str) -> None:
    """Text 4.5 to 1, what is drawn 3 to 1 (WCAG 2.2, levels AA), on every ground it stands on."""
    colours = variables((TEMPLATES / sheet).read_text())
    for ground in ("ground", "sheet", "sunken"):
        for ink in ("ink", "soft"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    drawn = [name for name in colours if re.fullmatch(r"[ck]\d", name)] + ["focus", "edge", "good", "bad"]
    for name in drawn:
        assert contrast(colours[name], colours["sheet"]) >= 3, name
    for name in ("good", "bad", "warn"):
        assert contrast(colours[name], colours["sheet"]) >= 4.5, name


def test_dark_has_every_colour_that_light_has() -> None:
    light, dark = ((TEMPLATES / f).read_text() for f in ("style.css", "dark.css"))
    assert variables(light).keys() == variables(dark).keys()


def test_every_control_and_picture_has_a_name() -> None:
    """Labels around controls, names on regions; pictures say what they show or are hidden."""
    text = example()
    elements = Elements(text).elements
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    tags = [tag for tag, _ in elements]
    assert (tags.count("main"), tags.count("h1"), tags.count("nav")) == (1, 1, 1)
    for tag, attributes in elements:
        if tag == "svg":
            assert "aria-hidden" in attributes or "aria-label" in attributes
        if tag in ("section", "article", "aside", "nav", "form"):
            assert attributes.keys() & {"aria-label", "aria-labelledby"}, attributes
        if "aria-labelledby" in attributes:
            assert attributes["aria-labelledby"] in ids
        if tag in ("input", "select"):
            assert re.search(rf"<label[^>]*>[^<]+<{tag} id=\"{attributes['id']}\"", text)
