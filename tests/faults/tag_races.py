"""Publishers that push to the same tags of a registry at the same time: whoever is told "published" is followed, not lost."""

from __future__ import annotations

import json
import shutil
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from faults.figures import Figures
from milepost.publish.artifact import PARENT, TREE
from milepost.publish.oci import push
from milepost.publish.standing import Conditions, PushState
from milepost.publish.trees import trees
from milepost.registry import Credentials, HttpPool
from publish.forest import write
from publish.test_branches import NAMES, fleet
from registry.isolation import loopback_only
from registry.running import PROGRAM, Registries, request

NAME = "tag races"
COUNT, QUICK = 100, 1
NEEDS = (PROGRAM,)
_AT_ONCE = 3
_SETTLE = 2.0
_ACCEPT = {"Accept": "application/vnd.oci.image.manifest.v1+json"}


def run(count: int, seed: int) -> Figures:
    """``count`` times, three publishers at once."""
    figures = Figures(
        f"{_AT_ONCE} publishers push {len(NAMES)} artifacts each under the same tags of one registry at the same moment.",
        "Each says that it published; by the parents that artifacts name, each tag leads to the tree of each of them, "
        "and to what stood there before.",
    )
    with tempfile.TemporaryDirectory() as scratch, loopback_only():
        running = Registries(Path(scratch))
        try:
            centre = running.centre("127.0.0.76:5000")
            centre.start()
            # Forked here, so that they see the registry.
            with ProcessPoolExecutor(_AT_ONCE, mp_context=get_context("fork")) as pool:
                for number in range(count):
                    _race(centre.address, Path(scratch), f"s{seed}r{number}", pool, figures)
        finally:
            running.stop()
    return figures


def _publish(folder: Path, address: str) -> list[str]:
    url = f"oci://{address}/rendered/{{province}}"
    try:
        rules = Conditions(folder, None)
        done = push(trees(folder), url, "{province}", HttpPool(), Credentials(), rules, settle=_SETTLE)
        return [one.state.name for one in done]
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]
    finally:
        shutil.rmtree(folder)


def _race(address: str, scratch: Path, name: str, pool: ProcessPoolExecutor, figures: Figures) -> None:
    folders = [write(fleet(level=f"{name}p{n}"), scratch / f"{name}p{n}") for n in range(_AT_ONCE)]
    wanted: dict[str, list[str]] = {province: [] for province in NAMES}
    for folder in folders:
        for tree in trees(folder):
            wanted[tree.province].append(tree.digest)
    before = {province: _lineage(address, province, 1)[:1] for province in NAMES}
    said = list(pool.map(_publish, folders, [address] * _AT_ONCE))
    if said != [[PushState.PUBLISHED.name] * len(NAMES)] * _AT_ONCE:
        figures.fail(f"race {name}: said {said}")
        return
    for province in NAMES:
        found = _lineage(address, province, 10 * _AT_ONCE)
        end = [number for number, tree in enumerate(found) if tree in before[province]] or [len(found)]
        if not set(wanted[province]) <= set(found[: end[0]]) or (before[province] and end[0] == len(found)):
            figures.fail(f"race {name}: {province} leads to {len(set(found))} trees")
            return
    figures.add("all published, one after the other")


def _lineage(address: str, province: str, most: int) -> list[str]:
    """Digests of the last trees that stood under a province's tag, the newest first."""
    found, name = [], province
    while name and len(found) < most:
        status, _, body = request(address, "GET", f"/v2/rendered/{province}/manifests/{name}", _ACCEPT)
        told = json.loads(body).get("annotations", {}) if status == 200 else {}
        found += [told[TREE]] if TREE in told else []
        name = told.get(PARENT, "")
    return found
