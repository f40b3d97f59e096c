"""The page in a real browser: drawn without an error, searched, walked through by keys, light and dark, wide and narrow.

``MILEPOST_PICTURES=folder`` also writes the pictures that the documentation shows.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from compiling import compile_spec, write_files
from fleets import compiled
from report.browser import CHROMIUM, Browser, browser
from report.pages import changed, example, page
from small import application, base, component, files, group, image

pytestmark = [
    pytest.mark.slow,
    pytest.mark.acceptance,
    pytest.mark.skipif(CHROMIUM is None, reason="not on this machine: chromium"),
]
STATIONS = sum(
    len(g.stations) for p in compiled("example").provinces.values() for g in p.plan.fleet.province.groups
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example fleet's page."""
    file = tmp_path_factory.mktemp("plain") / "report.html"
    file.write_text(example(), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a change to the example fleet."""
    folder = tmp_path_factory.mktemp("reviewed")
    (folder / "report.html").write_text(changed(folder)[0], encoding="utf-8")
    return folder / "report.html"


@pytest.fixture(autouse=True)
def _no_faults(chromium: Browser) -> Iterator[None]:
    """No test leaves an error or a warning on the console, and no page asks for anything but itself."""
    chromium.faults.clear()
    chromium.requests.clear()
    yield
    assert chromium.faults == []
    assert all(url.startswith(("file:///", "data:,", "about:")) for url in chromium.requests)
    assert len({url.partition("#")[0] for url in chromium.requests if url.startswith("file:")}) <= 1


def text(chromium: Browser, selector: str) -> str:
    found = chromium.run(f"document.querySelector({json.dumps(selector)})?.textContent ?? ''")
    return " ".join(str(found).split())


def count(chromium: Browser, selector: str) -> int:
    return int(chromium.run(f"document.querySelectorAll({json.dumps(selector)}).length"))


def draw_all(chromium: Browser) -> None:
    """Scroll through the page, so that everything comes into sight once."""
    chromium.run("document.documentElement.style.scrollBehavior = 'auto'")
    height = int(chromium.run("document.documentElement.scrollHeight"))
    for top in [*range(0, height, 600), 0]:
        chromium.run(f"scrollTo(0, {top})")
        chromium.settle()


def test_every_station_is_drawn_where_its_stake_mark_is(chromium: Browser, plain: Path) -> None:
    """One point each, from left to right as the kilometres go."""
    chromium.open(plain)
    draw_all(chromium)
    assert count(chromium, ".point") == STATIONS
    marks = chromium.run(
        "[...document.querySelectorAll('[data-group=\"hn-g4-changtan\"] .point')].map(point =>"
        " [point.getAttribute('aria-label').match(/K(\\d+)\\+(\\d+)/).slice(1).join('.'),"
        "  point.querySelector('.hit').getAttribute('cx')].map(Number))"
    )
    assert len(marks) == 6
    assert sorted(marks) == marks == sorted(marks, key=lambda mark: mark[1])


def test_a_page_opens_on_the_release_that_is_under_way(chromium: Browser, plain: Path) -> None:
    chromium.open(plain)
    assert chromium.run("document.getElementById('by').value") == "release:tolling-1-5-0"
    assert text(chromium, "#legend").startswith("waiting11pre-pulled29switched6")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("hn-g4-lijiatang", 1),
        ("hn-g4-lijiatang-l02", 1),
        ("lijiatang", 1),
        ("K1489", 1),
        ("leiyi gantry", 3),
        ("hn-g4-changtan", 6),
        ("gantry-core", 26),
        ("G4 hunan arm64", None),
        ("nothing-is-called-so", 0),
    ],
)
def test_search_finds_stations_by_whatever_they_have(
    chromium: Browser, plain: Path, words: str, found: int | None
) -> None:
    """Its name, a node, a title, a stake mark, its section, what runs there; every word must be found."""
    chromium.open(plain, f"#q={words.replace(' ', '+')}")
    draw_all(chromium)
    shown = count(chromium, ".point:not(.faded)")
    assert shown == found if found is not None else 0 < shown < STATIONS
    said = text(chromium, "#matches")
    assert said.startswith(f"{shown} station" if shown else "No station matches")
    assert count(chromium, "#hits button") == min(shown, 40)


def test_typing_searches_and_a_hit_shows_its_station(chromium: Browser, plain: Path) -> None:
    """The address follows, so that it can be sent to somebody."""
    chromium.open(plain)
    chromium.run("document.getElementById('q').focus()")
    chromium.call("Input.insertText", text="chaling")
    chromium.run("new Promise(done => setTimeout(done, 250))")
    chromium.run("document.querySelector('#hits button').click()")
    chromium.settle()
    assert text(chromium, "#details h3") == "Chaling"
    assert "tolling-lane" not in text(chromium, "#details")
    assert "lane-frontend 1.4.2" in text(chromium, "#details")
    assert chromium.run("location.hash") == "#q=chaling&s=hunan/hn-g72-chaling"


def test_a_province_is_chosen_by_its_card_and_let_go_again(chromium: Browser, plain: Path) -> None:
    chromium.open(plain)
    chromium.run("document.querySelector('[data-card=qinghai]').click()")
    chromium.settle()
    assert count(chromium, ".province") == 1
    assert chromium.run("document.getElementById('p').value") == "qinghai"
    chromium.run("document.querySelector('[data-card=qinghai]').click()")
    chromium.settle()
    assert count(chromium, ".province") == 3


def test_arrow_keys_walk_along_the_road(chromium: Browser, plain: Path) -> None:
    """A section is one stop of the Tab key; the chosen station is told to whoever cannot see it."""
    chromium.open(plain, "#p=hunan")
    chromium.run("document.querySelector('[data-group=\"hn-g4-changtan\"] svg').focus()")
    names = []
    for key in ("ArrowRight", "ArrowRight", "End", "Home"):
        chromium.press(key)
        names.append(text(chromium, "#details dd"))
    assert names == ["hn-g4-lijiatang", "hn-g4-k1492", "hn-g4-yinjiaao", "hn-g4-lijiatang"]
    active = chromium.run("document.activeElement.getAttribute('aria-activedescendant')")
    assert (
        chromium.run(f"document.getElementById({json.dumps(active)}).getAttribute('aria-selected')") == "true"
    )


def test_every_control_can_be_reached_by_the_tab_key(chromium: Browser, plain: Path) -> None:
    """First the way past the head of the page, then every control of the map in order."""
    chromium.open(plain)
    reached = []
    for _ in range(16):
        chromium.press("Tab")
        reached.append(chromium.run("document.activeElement.id || document.activeElement.className"))
    assert reached[0] == "skip"
    controls = [name for name in reached if name in ("q", "p", "by", "type", "access")]
    assert controls == ["q", "p", "by", "type", "access"]


def test_a_review_shows_whom_each_line_reaches(chromium: Browser, reviewed: Path) -> None:
    """The page opens on what changes; a line's button leaves the stations that it reaches."""
    chromium.open(reviewed)
    assert chromium.run("document.getElementById('by').value") == "change"
    assert "restarts or moves" in text(chromium, "#legend")
    button = (
        "[...document.querySelectorAll('[data-line]')].find(b => b.textContent.startsWith('25 stations'))"
    )
    chromium.run(f"{button}.click()")
    draw_all(chromium)
    assert count(chromium, ".point:not(.faded)") == 25
    assert count(chromium, ".point:not(.faded) .k2") == 25


@pytest.mark.parametrize("fragment", ["", "#p=hunan&s=hunan/hn-g4-leiyang", "#q=gantry"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_screen(
    chromium: Browser, reviewed: Path, width: int, fragment: str
) -> None:
    """Down to a phone of 360 points; what is wide by nature scrolls within itself."""
    chromium.open(reviewed, fragment, width=width, height=800)
    draw_all(chromium)
    assert int(chromium.run("document.documentElement.scrollWidth")) <= width


def test_colours_follow_the_system_and_the_button(chromium: Browser, plain: Path) -> None:
    """The choice goes round: as the system has them, light, dark."""
    background = "getComputedStyle(document.body).backgroundColor"
    chromium.open(plain, dark=True)
    dark = chromium.run(background)
    chromium.open(plain)
    light = chromium.run(background)
    assert light != dark
    seen = []
    for _ in range(3):
        chromium.run("document.getElementById('theme').click()")
        seen.append((chromium.run(background), chromium.run("document.getElementById('theme').ariaLabel")))
    assert seen == [
        (light, "Colours: light"),
        (dark, "Colours: dark"),
        (light, "Colours: as the system has them"),
    ]


def test_names_are_text_and_nothing_else(chromium: Browser, tmp_path: Path) -> None:
    """Neither a template nor the script of the page takes a name for HTML."""
    hostile = "</script><img src=x onerror=\"document.title='broken'\"><b>bold</b>"
    road = {"code": "G<b>4", "name": hostile}
    documents = [*base(owners=[hostile]), image("web"), application("app", [component()])]
    documents = [d for d in documents if d["kind"] != "StationGroup"] + [group(road=road)]
    stations = 'name,group,type,title\na,g4,toll-station,"' + hostile.replace('"', '""') + '"\n'
    found = compile_spec(write_files(tmp_path / "spec", files(documents, stations=stations).items()))
    file = tmp_path / "report.html"
    file.write_text(page(found), encoding="utf-8")
    chromium.open(file, "#q=a&s=north/a")
    draw_all(chromium)
    assert text(chromium, "#details h3") == hostile
    assert count(chromium, "b:not(.what b, .legend b), img") == 0
    assert chromium.run("document.title") == "small: fleet report"


PICTURES = {
    "report-light": ("", 1280, 1240, False),
    "report-dark": ("#p=hunan&s=hunan/hn-g4-leiyang", 1280, 1000, True),
    "report-phone": ("#p=hunan", 360, 1500, False),
}


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_not_blank(chromium: Browser, reviewed: Path, tmp_path: Path, name: str) -> None:
    """In light, in dark and on a phone there is something to see in every part of the picture."""
    fragment, width, height, dark = PICTURES[name]
    folder = Path(os.environ.get("MILEPOST_PICTURES") or tmp_path)
    chromium.open(reviewed, fragment, width=width, height=height, dark=dark)
    chromium.run("document.documentElement.style.scrollBehavior = 'auto'; scrollTo(0, 0)")
    chromium.settle()
    file = folder / f"{name}.png"
    chromium.picture(file)
    rows = pixels(file)
    assert len(rows) == height
    for top in range(0, height - 199, 200):
        assert len({bytes(row) for row in rows[top : top + 200]}) > 20, f"nothing to see below {top}"


def pixels(file: Path) -> list[bytes]:
    """The rows of a PNG as they are packed; equal rows of an empty area are equal bytes."""
    data, at, packed, height = file.read_bytes(), 8, b"", 0
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            height = struct.unpack(">I", body[4:8])[0]
        packed += body if kind == b"IDAT" else b""
        at += 12 + length
    raw = zlib.decompress(packed)
    size = len(raw) // height
    return [raw[i * size + 1 : (i + 1) * size] for i in range(height)]
