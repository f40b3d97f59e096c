"""Publishers that push to one repository at the same time: nobody's commit is lost, and no branch has a fork."""

from __future__ import annotations

import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from faults.figures import Figures
from milepost.publish.standing import PushState
from publish.forest import for_cluster, write
from publish.serving import Server, serving
from publish.test_branches import NAMES, fleet, published

NAME = "publisher races"
COUNT, QUICK = 100, 2
_AT_ONCE = 3


def run(count: int, seed: int) -> Figures:
    """``count`` times, three publishers at once."""
    figures = Figures(
        f"{_AT_ONCE} publishers push {len(NAMES)} provinces each to one repository at the same moment.",
        "Each says that it published, each branch gets one commit of each on one line, its tip is the tree of one of "
        "them, and the repository is sound.",
    )
    with tempfile.TemporaryDirectory() as scratch, serving(Path(scratch)) as server:
        published(write(fleet(level="first"), Path(scratch, "first")), server.url)
        with ProcessPoolExecutor(_AT_ONCE, mp_context=get_context("fork")) as pool:
            for number in range(count):
                _race(server, Path(scratch), f"s{seed}r{number}", pool, figures)
        server.git("fsck", "--strict")
    return figures


def _publish(folder: Path, url: str) -> list[str]:
    try:
        return [done.state.name for done in published(folder, url).values()]
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]


def _race(server: Server, scratch: Path, name: str, pool: ProcessPoolExecutor, figures: Figures) -> None:
    levels = [f"{name}p{number}" for number in range(_AT_ONCE)]
    folders = [write(fleet(level=level), scratch / level) for level in levels]
    before = {province: server.commits(f"province/{province}") for province in NAMES}
    said = list(pool.map(_publish, folders, [server.url] * _AT_ONCE))
    if said != [[PushState.PUBLISHED.name] * len(NAMES)] * _AT_ONCE:
        figures.fail(f"race {name}: said {said}")
        return
    for province in NAMES:
        branch = f"province/{province}"
        commits = server.commits(branch)
        trees = [for_cluster(fleet(level=level), province) for level in levels]
        sound = (
            commits[_AT_ONCE:] == before[province]
            and server.is_linear(branch)
            and server.files(branch) in trees
        )
        if not sound:
            figures.fail(f"race {name}: {branch} has {len(commits) - len(before[province])} new commits")
            return
    figures.add("all published, one after the other")
