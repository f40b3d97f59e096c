"""The page and its pictures say what the results say."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from bench.fit import straight
from bench.measure import Cost
from bench.report import chart, page
from bench.results import Reference, Results, Rival, Size, Tenfold

SVG = "{http://www.w3.org/2000/svg}"


def results() -> Results:
    """Invented numbers, each once."""
    cost = Cost(2.0, 3.0)
    reference = Reference(
        provinces=29,
        groups=1_448,
        stations=34_000,
        nodes=100_000,
        instances=515_451,
        objects=150_000,
        files=44_000,
        bytes=440_000_000,
        largest_province=10_188,
        processes=2,
        floor_one=Cost(0.9, 0.9),
        floor=Cost(0.5, 1.0),
        cold=Cost(4.0, 7.0),
        cold_one=Cost(7.0, 7.0),
        instructions=18_000_000_000,
        disk=cost,
        unchanged=Cost(0.4, 0.4),
        one_station=Cost(0.9, 0.9),
        image_bump=Cost(2.5, 2.5),
        validate=cost,
        help=Cost(0.09, 0.09),
        peak=900 * 2**20,
        unit="guangdong/platform/base",
        unit_objects=198,
        unit_build=Cost(0.2, 0.2),
    )
    return Results(
        machine={"processor": "abacus", "Python": "3.99, of clay"},
        load=(0.0, 1.0),
        memory_file_system=True,
        reference=reference,
        by_provinces=[Size(n, n * 3_448, n * 1_170, 0.5 + 0.2 * n, 2**28) for n in (1, 2, 5)],
        by_nodes=[Size(1, n, n // 3, 0.5 + 0.0001 * n, 2**28 + n) for n in (1_000, 2_000, 4_000)],
        tenfold=Tenfold(34_480, ["MP5020: too many objects in platform/access"]),
        rivals=[Rival("Helm", "charts", "4.3.1", 0.0003), Rival("KCL", missing="no network")],
        rival_objects=(500, 2_000),
        rival_floor=0.000005,
    )


def test_the_page_tells_ratio_targets_peers_and_what_was_left_out(tmp_path: Path) -> None:
    """7 processor seconds against a floor of 1; Helm at 60 times the floor; the peer without network by name."""
    page.write(results(), tmp_path)
    text = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert "costs 7.0 times the floor**, 18.0 thousand million instructions" in text
    assert "(3.99, of clay) on abacus" in text
    assert "| instructions of a cold compile, one process | 18.0 G | 40.0 G | 16.0 G | held |" in text
    assert "| cold compile / floor, processor time | 7.0 | 12.0 | 5.0 | held |" in text
    assert "| `milepost diff` of a fleet-wide image bump | 2.5 s | 3.0 s | 3.0 s | reached |" in text
    assert "| Helm 4.3.1 | 60 |" in text
    assert "KCL was left out: no network" in text
    assert "MP5020: too many objects in platform/access" in text


def test_every_picture_of_the_page_is_there_and_is_svg(tmp_path: Path) -> None:
    """Pictures are linked from the page and are well-formed, whatever stands in their labels."""
    page.write(results(), tmp_path)
    text = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    pictures = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.svg"))
    assert pictures and all(f"({picture})" in text for picture in pictures)
    for picture in pictures:
        assert ElementTree.fromstring((tmp_path / picture).read_text(encoding="utf-8")).tag == f"{SVG}svg"
    assert ElementTree.fromstring(chart.bars("<&>", [("a < b & c", 3.0)], ours="")) is not None


def test_the_same_results_give_the_same_page() -> None:
    """So that a page changes in Git only where a number did."""
    assert page.page(results()) == page.page(results())


def test_a_line_through_points_on_a_line_is_that_line() -> None:
    """And a point beside it counts with its distance."""
    line = straight([(1, 3), (2, 5), (4, 9)])
    assert (round(line.start, 9), round(line.slope, 9), round(line.off, 9)) == (1, 2, 0)
    assert straight([(1, 3), (2, 6), (4, 9)]).off > 0.05
