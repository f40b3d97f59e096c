"""Changes of the example fleet, compiled and reviewed: what the pull request would say, and what a province would fetch."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from compiling import compile_spec
from fleets import EXAMPLE, compiled
from milepost.publish.branches import PushOptions, publish
from milepost.publish.forms import markdown
from milepost.publish.review import GuardRules, Review, review
from milepost.publish.review.classify.effect import Effect
from milepost.publish.review.show.words import plain
from milepost.publish.standing import Conditions
from milepost.publish.trees import trees
from publish.forest import Planted, write
from publish.serving import serving
from publish.test_branches import PERSON

pytestmark = pytest.mark.slow


def texts(files: dict[str, bytes]) -> dict[str, str]:
    return {path: data.decode() for path, data in files.items()}


def changed(tmp_path: Path, file: str, old: str, new: str) -> Review:
    """The review of one edit of the example's spec."""
    spec = tmp_path / "fleet-spec"
    shutil.copytree(EXAMPLE, spec)
    text = (spec / file).read_text()
    assert re.search(old, text, re.M)
    (spec / file).write_text(re.sub(old, new, text, flags=re.M))
    after = compile_spec(spec)
    assert not after.errors, after.said
    return review(Planted(texts(compiled("example").files)), Planted(texts(after.files)), GuardRules())


def lines(result: Review) -> list[str]:
    return [plain(line.words) for line in result.lines if line.effect is not Effect.FOLLOWS]


def test_a_value_of_the_fleet_is_one_line_for_each_object_that_it_reaches(tmp_path: Path) -> None:
    """And the stations are counted over all provinces."""
    found = lines(changed(tmp_path, "fleet.yaml", "log_level: info", "log_level: warning"))
    assert found and all("LOG_LEVEL" in line and "info → warning" in line for line in found)
    assert all("stations of 3 provinces" in line for line in found)


def test_a_station_that_leaves_the_table_needs_an_acknowledgement(tmp_path: Path) -> None:
    """It is one line, and the guard names its file."""
    spec = tmp_path / "fleet-spec"
    shutil.copytree(EXAMPLE, spec)
    for table in ("stations.csv", "nodes.csv", "addresses.csv", "devices.csv"):
        file = spec / "provinces/hunan" / table
        file.write_text("".join(row for row in file.read_text().splitlines(True) if "hn-g4-k1511" not in row))
    after = compile_spec(spec)
    assert not after.errors, after.said
    result = review(Planted(texts(compiled("example").files)), Planted(texts(after.files)), GuardRules())
    assert "1 station removed: hn-g4-k1511 in hunan" in lines(result)
    assert result.tripped
    assert "removes: hunan/groups/hn-g4-changtan/hn-g4-k1511.yaml" in result.findings[0].entries


def test_the_whole_example_is_one_line_a_province() -> None:
    """The first compile: everything is new, and the comment still fits."""
    result = review(Planted({}), Planted(texts(compiled("example").files)), GuardRules())
    assert lines(result) == ["3 provinces added: guangdong, hunan, qinghai"]
    assert len(markdown.render(result)) < 3_000


@pytest.mark.parametrize("province", ["guangdong", "hunan", "qinghai"])
def test_a_clone_of_one_province_is_small(province: str, tmp_path: Path) -> None:
    """Behind 3 Mbit/s the example's largest province is there within half a second: less than 128 KiB."""
    files = texts(compiled("example").files)
    rendered = write(files, tmp_path / "rendered")
    with serving(tmp_path) as server:
        publish(trees(rendered), server.url, PushOptions(environment=PERSON), Conditions(rendered, None))
        options = ["--depth=1", "--single-branch", "--no-tags", f"--branch=province/{province}"]
        clone = tmp_path / "clone"
        subprocess.run(["git", "clone", "-q", *options, server.url, clone], check=True)
        packs = sum(file.stat().st_size for file in (clone / ".git/objects/pack").glob("*.pack"))
    assert packs < 128 * 1024
