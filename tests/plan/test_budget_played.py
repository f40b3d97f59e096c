"""The budget against a simulation that plays out the rendered jobs packet by packet."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from compiling import Compilation, compile_spec, write_files
from plan.highways import ROLES, Highway, Site
from plan.played import play


def drawn(seed: int) -> Highway:
    """A province of one to four sections: lines of 2 to 50 Mbit/s, mirrors at both levels, at one, or at none."""
    dice = random.Random(seed)
    sites = []
    for section in (f"g{n}" for n in range(dice.randint(1, 4))):
        for number in range(dice.randint(1, 4)):
            rate = dice.choice([3, 5, 10, 20, 50])
            lanes = [
                ("lane", dice.choice(["amd64", "arm64"]), dice.choice([0, 0, 0, 2]))
                for _ in range(dice.randint(1, 5))
            ]
            nodes = [("server", "amd64", 0)] * dice.randint(0, 2) + lanes
            sites.append(Site(f"{section}s{number}", section, rate, tuple(nodes)))
    new = {
        (image, architecture): tuple(dice.randint(2, 40) for _ in range(dice.randint(1, 4)))
        for image in ROLES.values()
        for architecture in ("amd64", "arm64")
    }
    mirrors = (dice.choice([0, 50, 100, 200]), dice.choice([0, 10, 20, 50]))
    return Highway(tuple(sites), *mirrors, dice.choice([0.3, 0.5, 1.0]), new)


def compiled(highway: Highway, folder: Path) -> Compilation:
    made = compile_spec(write_files(folder, highway.files().items()))
    assert not made.errors, made.said
    return made


@pytest.mark.parametrize("seed", range(60))
def test_a_wave_takes_as_long_as_when_it_is_played_out(seed: int, tmp_path: Path) -> None:
    """Within 5 %, whatever lines, mirrors and layers there are."""
    highway = drawn(seed)
    made = compiled(highway, tmp_path)
    (pull,) = made.provinces["north"].plan.prepulls.waves
    assert pull.seconds == pytest.approx(play(highway, made).seconds, rel=0.05)


@pytest.mark.parametrize("seed", range(60))
def test_lines_carry_what_the_budget_says(seed: int, tmp_path: Path) -> None:
    """To the byte at the sites; mirrors fetch no more than counted, since a layer that two kinds of nodes ask for at
    almost the same time may be there for the second.
    """
    highway = drawn(seed)
    made = compiled(highway, tmp_path)
    (pull,) = made.provinces["north"].plan.prepulls.waves
    played = play(highway, made)
    total = {"site": 0, "station-group": 0, "province": 0}
    for load in (load for stage in pull.stages for load in stage.loads):
        total[load.sort] += load.total
    assert total["site"] == pytest.approx(played.to_sites, rel=1e-6)
    assert played.to_sections <= total["station-group"] * 1.000001
    assert played.to_province <= total["province"] * 1.000001
