"""A province that the real Flux controllers sync from its branch of a real Git server.

Tests build on each other, in this order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from fleets import EXAMPLE
from objects import Object, parse
from plane import apply, flux
from plane.api import MERGE, Api
from plane.binaries import KUBE, KUSTOMIZE_CONTROLLER, SOURCE_CONTROLLER
from plane.flux import CloudCore, condition
from plane.gitserver import GitServer
from plane.needs import needs
from plane.observe import settled, until
from plane.province import Province, Spec, git, running

pytestmark = needs(KUBE, KUSTOMIZE_CONTROLLER, SOURCE_CONTROLLER)
Verified = Callable[..., None]
PROVINCE, PILOT = "hunan", "hn-g4-changtan"
SOUTH = ("hn-g4-leiyi", "hn-g60-tanshao", "hn-g72-hengyan")
FAILED = "hn-g4-leiyi"
FIX = ("cpu: 200m, memory: 96Mi", "cpu: 200m, memory: 100Mi")
_PART = "app.kubernetes.io/part-of"
OLD_CLASS = """\
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: milepost-critical}
value: 1000000
"""


@dataclass
class Synced:
    """The province with what delivers it."""

    province: Province
    server: GitServer
    cloudcore: CloudCore

    def publish(self) -> str:
        """Compile what the spec says now, publish it, have it pulled; give the commit of the province's branch."""
        spec = self.province.spec
        spec.milepost("compile", "--quiet")
        spec.commit()
        spec.milepost("publish", "--repository", self.server.url, "--province", PROVINCE)
        return self.pulled()

    def pulled(self) -> str:
        tip = git(self.server.repository, "rev-parse", f"province/{PROVINCE}")
        api = self.province.cluster.client()
        flux.pull(api)
        until("the source has the commit", lambda: self._has(tip), 60)
        return tip

    def _has(self, tip: str) -> bool:
        artifact: Object = self.source().get("status", {}).get("artifact", {})
        return bool(artifact.get("revision", "").endswith(tip))

    def source(self) -> Object:
        return self.province.cluster.client().get("gitrepositories", apply.FLUX, "milepost")


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory, address: Callable[[], str]) -> Iterator[Synced]:
    own = tmp_path_factory.mktemp("flux")
    spec = Spec(EXAMPLE.parent).copy(own / "repository")
    server = GitServer(own, address())
    server.create()
    server.open()
    fleet = spec.folder / "fleet.yaml"
    text = re.sub(r"url: https://git\S+", f"url: {server.url}", fleet.read_text())
    fleet.write_text(re.sub(r"\n +secret: rendered-read", "", text))
    # Nobody has seen yet that the pilot section runs what it has switched to.
    release = spec.folder / "releases" / "tolling-1.5.0.yaml"
    release.write_text(release.read_text().replace("  applied: pilot\n", ""))
    spec.milepost("compile", "--quiet")
    spec.commit()
    spec.milepost("publish", "--repository", server.url, "--province", PROVINCE)
    (own / "plane").mkdir()
    with running(PROVINCE, spec, own / "plane", address()) as province:
        cloudcore = CloudCore(province.cluster.client(), lambda job: "InProgress")
        cloudcore.start()
        # As an older tree had it: its policy cannot be changed in place.
        flags = ("--server-side", "--field-manager", apply.MANAGER, "-f", "-")
        done = province.cluster.kubectl("apply", *flags, given=OLD_CLASS)
        assert done.returncode == 0, done.stderr
        flux.start(province.cluster, own / "plane")
        flux.point(province.cluster)
        yield Synced(province, server, cloudcore)
        cloudcore.stop()
        server.shut()


def test_an_empty_cluster_gets_all_of_a_section_but_what_moves(synced: Synced, verified: Verified) -> None:
    """While its pre-pull is under way a section has its mirror, its hosts agent and every other application."""
    api = synced.province.cluster.client()
    tip = synced.pulled()
    gated = _behind_a_pull(api.all("kustomizations"))
    assert "hn-g4-changtan.tolling" in gated and "hn-g4-changtan" not in gated
    _waits_alone(api, tip, gated)
    moves = _moving(synced.province, PILOT)
    there, wanted = _delivered(synced.province), _rendered(synced.province.tree)
    here = {key for key in wanted if f"/{PILOT}/" in key}
    assert moves and there & here == here - moves
    assert {key for key in there & here if "registry" in key} and {
        key for key in there & here if "hosts" in key
    }
    verified(
        "behind an unfinished pre-pull a section gets all but what moves",
        "source-controller, kustomize-controller",
        f"{len(here - moves)} of {len(here)} objects",
    )


def test_every_unit_becomes_ready_after_what_it_waits_for(synced: Synced, verified: Verified) -> None:
    """Once images are there all is ready, in the order of dependsOn."""
    api = synced.province.cluster.client()
    tip = synced.pulled()
    synced.cloudcore.verdict = lambda job: "Completed"
    flux.synced(api, tip)
    at = {k["metadata"]["name"]: condition(k)["lastTransitionTime"] for k in api.all("kustomizations")}
    early = [
        (k["metadata"]["name"], d["name"])
        for k in api.all("kustomizations")
        for d in k["spec"].get("dependsOn", ())
        if at[k["metadata"]["name"]] < at[d["name"]]
    ]
    assert early == []
    settled(api, 300)
    verified(
        f"gates and order of {PROVINCE}'s units",
        "source-controller, kustomize-controller",
        f"{len(at)} Kustomizations",
    )


def test_what_is_there_is_what_the_tree_says(synced: Synced) -> None:
    """Objects that carry Flux's labels are those of the units, one for one."""
    assert _delivered(synced.province) == _rendered(synced.province.tree)


def test_a_class_that_cannot_be_changed_is_made_anew(synced: Synced) -> None:
    """The priority class of an older tree, with another policy of preemption, stops nothing."""
    told = synced.province.cluster.kubectl(
        "get", "priorityclass", "milepost-critical", "-o=jsonpath={.preemptionPolicy}"
    )
    assert told.stdout == "Never"


def test_a_station_that_leaves_takes_its_objects_along_and_no_others(
    synced: Synced, verified: Verified
) -> None:
    """Prune removes exactly what the tree no longer has; every other object keeps its uid."""
    before = _uids(synced.province)
    folder = synced.province.spec.folder / "provinces" / PROVINCE
    for table in ("stations.csv", "nodes.csv", "addresses.csv"):
        file = folder / table
        file.write_text("".join(line for line in file.open() if "hn-g60-k1160" not in line))
    tip = synced.publish()
    api = synced.province.cluster.client()
    flux.synced(api, tip)
    wanted = _rendered(synced.province.tree)
    until("what left is gone", lambda: _delivered(synced.province) == wanted, 60)
    after = _uids(synced.province)
    stayed = before.keys() & after.keys()
    assert before.keys() - wanted and {key: after[key] for key in stayed} == {
        key: before[key] for key in stayed
    }
    verified(
        "a station's removal prunes its objects alone",
        "kustomize-controller",
        f"{len(before.keys() - wanted)} objects",
    )


def test_an_unreachable_source_is_told_and_stops_nothing(synced: Synced) -> None:
    """The source says that it cannot be reached; the units stay ready at what they have."""
    api = synced.province.cluster.client()
    synced.server.shut()
    flux.pull(api)
    until("the source says so", lambda: condition(synced.source())["status"] == "False", 60)
    assert "connection refused" in condition(synced.source())["message"]
    assert all(flux.ready(api).values())
    synced.server.open()
    flux.pull(api)
    until("it is reached again", lambda: condition(synced.source())["status"] == "True", 60)


def test_a_branch_that_was_forced_is_followed(synced: Synced) -> None:
    """Somebody takes the branch back by a commit: the cluster has what the branch has."""
    api = synced.province.cluster.client()
    branch = f"province/{PROVINCE}"
    kept = git(synced.server.repository, "rev-parse", branch)
    git(synced.server.repository, "update-ref", f"refs/heads/{branch}", f"{branch}~1")
    flux.synced(api, synced.pulled())
    git(synced.server.repository, "update-ref", f"refs/heads/{branch}", kept)
    flux.synced(api, synced.pulled())
    until("what left is gone", lambda: _delivered(synced.province) == _rendered(synced.province.tree), 60)


def test_a_failed_pull_holds_what_moves_and_nothing_else(synced: Synced, verified: Verified) -> None:
    """A wave switches, the job of one of its sections fails, and a fix of another application reaches all of them."""
    api, spec = synced.province.cluster.client(), synced.province.spec
    before = _uids(synced.province)
    spec.milepost("release", "retry")
    spec.milepost("release", "advance")
    collector = spec.folder / "applications" / "collector.yaml"
    collector.write_text(collector.read_text().replace(*FIX))
    synced.cloudcore.verdict = lambda job: "Failure" if FAILED in job["metadata"]["name"] else "Completed"
    running = _images(api, SOUTH)
    tip = synced.publish()
    waits = {f"{group}.tolling" for group in SOUTH}
    last = "milepost-prepull-tolling-1-5-0-south"
    _waits_alone(api, tip, waits | {last})
    assert {_limit(api, group) for group in SOUTH} == {"100Mi"}
    assert _images(api, SOUTH) == running
    assert _kept(before).items() <= _uids(synced.province).items()
    told = condition(api.get("kustomizations", apply.FLUX, f"{FAILED}.tolling"))
    assert last in told["message"] and told["reason"] == "DependencyNotReady"
    verified(
        "a failed pull job holds what moves alone: a fix of another application arrives",
        "kustomize-controller",
        f"{len(SOUTH)} sections, {len(waits)} units wait",
    )


def test_what_moves_changes_its_unit_and_keeps_its_uids(synced: Synced, verified: Verified) -> None:
    """After another attempt the wave moves; when it was seen to have moved, its sections have their objects back."""
    api, spec = synced.province.cluster.client(), synced.province.spec
    before = _uids(synced.province)
    spec.milepost("release", "retry")
    synced.cloudcore.verdict = lambda job: "Completed"
    flux.synced(api, synced.publish())
    old, moved = _images(api, (PILOT,)), _images(api, SOUTH)
    assert set(moved.values()) <= set(old.values())
    assert _units_of(api, "tolling", SOUTH) == {f"{group}.tolling" for group in SOUTH}
    spec.milepost("release", "advance")
    flux.synced(api, synced.publish())
    until("the units are gone", lambda: not [n for n in flux.ready(api) if n.endswith(".tolling")], 60)
    assert _units_of(api, "tolling", (PILOT, *SOUTH)) == {PILOT, *SOUTH}
    after = _uids(synced.province)
    kept = _kept(before)
    assert kept.items() <= after.items()
    verified(
        "what moves goes to a unit of its own and back, in one commit each, and is not made anew",
        "kustomize-controller",
        f"{len([key for key in kept if 'tolling' in key])} objects of {1 + len(SOUTH)} sections",
    )


def test_a_suspended_unit_stands_still_until_it_is_resumed(synced: Synced) -> None:
    """An operator sees ``suspend`` and the commit that it has; all others have the new one."""
    api, spec = synced.province.cluster.client(), synced.province.spec
    api.request("PATCH", api.path("kustomizations", apply.FLUX, FAILED), {"spec": {"suspend": True}}, MERGE)
    had = api.get("kustomizations", apply.FLUX, FAILED)["status"]["lastAppliedRevision"]
    collector = spec.folder / "applications" / "collector.yaml"
    collector.write_text(collector.read_text().replace("memory: 100Mi", "memory: 104Mi"))
    tip = synced.publish()
    _waits_alone(api, tip, {FAILED})
    stands = api.get("kustomizations", apply.FLUX, FAILED)
    assert stands["spec"]["suspend"] and stands["status"]["lastAppliedRevision"] == had
    assert {group: _limit(api, group) for group in SOUTH} == {
        group: "100Mi" if group == FAILED else "104Mi" for group in SOUTH
    }
    api.request("PATCH", api.path("kustomizations", apply.FLUX, FAILED), {"spec": {"suspend": None}}, MERGE)
    flux.synced(api, tip)
    assert _limit(api, FAILED) == "104Mi"


def test_a_rollback_takes_the_images_back_and_nothing_else(synced: Synced, verified: Verified) -> None:
    """All sections at once: their workloads stay, with the images of before."""
    api, spec = synced.province.cluster.client(), synced.province.spec
    before, new = _kept(_uids(synced.province)), _images(api, (PILOT, *SOUTH))
    spec.milepost("release", "rollback", "--all")
    flux.synced(api, synced.publish())
    back = _images(api, (PILOT, *SOUTH))
    assert back.keys() == new.keys() and [key for key in new if back[key] != new[key]]
    assert before.items() <= _uids(synced.province).items()
    verified(
        "a rollback of all sections keeps every object", "kustomize-controller", f"{len(before)} objects"
    )


def _kept(uids: Mapping[str, str]) -> dict[str, str]:
    """All but pull jobs, of which another attempt has others."""
    return {key: uid for key, uid in uids.items() if "ImagePrePullJob" not in key}


def _moving(province: Province, group: str) -> set[str]:
    """Objects of a section that carry the application's label."""
    built = province.cluster.kubectl("kustomize", str(province.tree / "switch" / f"{group}.tolling")).stdout
    return {_identity(body) for body in parse(built.encode())}


def _images(api: Api, groups: Sequence[str]) -> dict[str, str]:
    """The image of each container of the release's workloads that run nothing else, by its name."""
    return {
        f"{d['metadata']['namespace']}/{d['metadata']['name']}": c["image"]
        for d in api.all("deployments")
        if d["metadata"]["namespace"] in groups and d["metadata"]["labels"].get(_PART) == "tolling"
        for c in d["spec"]["template"]["spec"]["containers"]
    }


def _limit(api: Api, group: str) -> str:
    """The memory that the collector of a section may use, which is what the fix changes."""
    pod = api.get("daemonsets", group, "collector-collector")["spec"]["template"]["spec"]
    return str(pod["containers"][0]["resources"]["limits"]["memory"])


def _units_of(api: Api, application: str, groups: Sequence[str]) -> set[str]:
    """Kustomizations that own the Deployments of an application in some sections."""
    return {
        d["metadata"]["labels"][flux.NAME]
        for d in api.all("deployments")
        if d["metadata"]["namespace"] in groups and d["metadata"]["labels"].get(_PART) == application
    }


def _behind_a_pull(kustomizations: list[Object]) -> set[str]:
    """Pre-pull units, and those that wait for one, directly or not."""
    after = {
        k["metadata"]["name"]: {d["name"] for d in k["spec"].get("dependsOn", ())} for k in kustomizations
    }
    found = {name for name in after if "prepull" in name}
    while more := {name for name, on in after.items() if on & found} - found:
        found |= more
    return found


def _waits_alone(api: Api, tip: str, waiting: set[str]) -> None:
    """Until everything is ready at a commit but what waits."""
    try:
        until("all is ready but what waits", lambda: _unready(api, tip) == waiting, 120)
    except AssertionError as late:
        found = {name: condition(api.get("kustomizations", apply.FLUX, name)) for name in _unready(api, tip)}
        told = {name: said["message"] for name, said in found.items()}
        raise AssertionError(f"{late}: waits {sorted(waiting)}, not ready {told}") from late


def _unready(api: Api, tip: str) -> set[str]:
    return {name for name, is_ready in flux.ready(api, tip).items() if not is_ready}


def _rendered(tree: Path) -> set[str]:
    """What the units of a tree hold, but for what is put there before Flux is: its own sync objects."""
    found = set()
    for unit in apply.units(tree):
        for file in (tree / unit).glob("*.yaml"):
            found |= {
                _identity(b) for b in parse(file.read_bytes()) if "kustomize.config" not in b["apiVersion"]
            }
    return found


def _identity(body: Object) -> str:
    return f"{body['kind']}/{body['metadata'].get('namespace', '')}/{body['metadata']['name']}"


def _delivered(province: Province) -> set[str]:
    return set(_uids(province))


def _uids(province: Province) -> dict[str, str]:
    """Objects that Flux applied, with their uids."""
    kinds = sorted({kind.partition("/")[0] for kind in _rendered(province.tree)} | _MORE)
    done = province.cluster.kubectl(
        "get",
        ",".join(kinds),
        "-A",
        "-l",
        f"{flux.NAME},{flux.NAME}!={flux.ROOT}",
        "-o",
        _COLUMNS,
        "--no-headers",
    )
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    return {f"{kind}/{'' if space == '<none>' else space}/{name}": uid for kind, space, name, uid in rows}


_MORE = {"StatefulSet", "Job"}
_COLUMNS = "custom-columns=A:.kind,B:.metadata.namespace,C:.metadata.name,D:.metadata.uid"
