"""Peers on two samples of the same objects: what one more object costs each, so that start-up does not count."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from bench import floor, sample
from bench.measure import FailedError, least, run
from bench.peers import base
from bench.results import Rival

SIZES = (500, 2_000)
_FLOORS = 20


def hold(
    spec: Path, province: str, scratch: Path, homes: Path, rounds: int, say: Callable[[str], None]
) -> tuple[list[Rival], tuple[int, int], float]:
    """The peers, the objects of both samples, and the floor's processor seconds for one object of the larger."""
    small, large = (sample.take(spec, province, size) for size in SIZES)
    rivals = []
    for peer in base.every():
        say(f"the peer {peer.NAME}")
        try:
            rivals.append(_rival(peer, small, large, scratch / "peer", homes, rounds))
        except (base.MissingError, FailedError, OSError) as error:
            rivals.append(Rival(peer.NAME, missing=str(error)))
    return rivals, (small.objects, large.objects), _floor(large, scratch) / large.objects


def _rival(
    peer: base.Peer, small: sample.Sample, large: sample.Sample, folder: Path, homes: Path, rounds: int
) -> Rival:
    home = base.home_of(peer, homes)
    version = peer.version(home)
    more = _seconds(peer, home, large, folder, rounds) - _seconds(peer, home, small, folder, rounds)
    return Rival(peer.NAME, peer.NOTE, version, more / (large.objects - small.objects))


def _seconds(peer: base.Peer, home: base.Home, wanted: sample.Sample, folder: Path, rounds: int) -> float:
    """Raises FailedError where what it made is not what is wanted."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    peer.prepare(wanted, folder)
    costs = []
    for _ in range(rounds):
        shutil.rmtree(folder / "out", ignore_errors=True)
        costs.append(run(peer.command(home, folder)))
    if sample.count(base.objects(folder / "out")) != wanted.counted():
        raise FailedError("it makes other objects")
    return least(costs).cpu


def _floor(wanted: sample.Sample, scratch: Path) -> float:
    """So short that only the best of many is worth anything."""
    pieces, output = floor.keep(wanted.pieces.items(), scratch / "sample"), scratch / "sampled"
    costs = []
    for _ in range(_FLOORS):
        shutil.rmtree(output, ignore_errors=True)
        costs.append(floor.measure(pieces, output, 1))
    return least(costs).cpu
