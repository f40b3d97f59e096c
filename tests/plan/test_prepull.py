"""Which nodes are told to pull what, in which order, by which jobs."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from compiling import Compilation, compile_spec, write_files
from plan.highways import HOST, Highway, Site, sha
from plan.played import jobs_of, node_labels, told
from plan.test_budget import TWO_SECTIONS
from plan.test_budget_played import drawn

LANE, ARM, SERVER = ("lane", "amd64", 0), ("lane", "arm64", 0), ("server", "amd64", 0)
STAGES = ("prepull/app-2-w1-province", "prepull/app-2-w1-sections", "prepull/app-2-w1")


def compiled(highway: Highway, folder: Path) -> Compilation:
    made = compile_spec(write_files(folder, highway.files().items()))
    assert not made.errors, made.said
    return made


def reference(image: str) -> str:
    return f"{HOST}/{image}@{sha(image + '2.0.0')}"


def names(made: Compilation, unit: str) -> list[str]:
    tree = dict(made.trees["north"].items())
    return [job["metadata"]["name"] for job in jobs_of(tree, unit)]


@pytest.mark.parametrize("seed", range(25))
def test_every_node_pulls_what_its_pods_will_run_and_nothing_else(seed: int, tmp_path: Path) -> None:
    """Told by labels, in the last stage, exactly once for each image; earlier stages tell some of them first."""
    highway = drawn(seed)
    tree = dict(compiled(highway, tmp_path).trees["north"].items())
    labels = node_labels(tree)
    pulled = Counter(
        (node, image)
        for job in jobs_of(tree, STAGES[-1])
        for node in told(job, labels)
        for image in job["spec"]["imagePrePullTemplate"]["images"]
    )
    wanted = {
        (f"{site.name}-{number}", reference(f"{role}-app"))
        for site in highway.sites
        for number, (role, _, _) in enumerate(site.nodes)
    }
    assert pulled == Counter(wanted)
    for unit in STAGES[:-1]:
        for job in jobs_of(tree, unit):
            images = job["spec"]["imagePrePullTemplate"]["images"]
            assert {(node, image) for node in told(job, labels) for image in images} <= wanted


@pytest.mark.parametrize("seed", range(25))
def test_no_mirror_is_asked_by_two_nodes_of_a_kind_while_it_is_cold(seed: int, tmp_path: Path) -> None:
    """In the first stage one node of each kind in all, in the second one in each section that is left."""
    highway = drawn(seed)
    tree = dict(compiled(highway, tmp_path).trees["north"].items())
    labels = node_labels(tree)
    kinds = {
        f"{site.name}-{number}": (role, architecture, site.section)
        for site in highway.sites
        for number, (role, architecture, _) in enumerate(site.nodes)
    }
    first, second = (
        [kinds[n] for job in jobs_of(tree, unit) for n in told(job, labels)] for unit in STAGES[:2]
    )
    assert len({kind[:2] for kind in first}) == len(first)
    assert len(set(second)) == len(second)
    if highway.to_province:
        assert {kind[:2] for kind in first} == {kind[:2] for kind in kinds.values()}
    if highway.to_section:
        assert {*first, *second} >= set(kinds.values())


def test_nodes_of_two_architectures_fill_a_mirror_apart(tmp_path: Path) -> None:
    """They fetch other layers of one image, and one job tells both."""
    highway = replace(TWO_SECTIONS, sites=(Site("a", "g1", 10, (LANE, ARM, LANE, ARM)),))
    tree = dict(compiled(highway, tmp_path).trees["north"].items())
    (job,) = jobs_of(tree, STAGES[0])
    assert job["spec"]["imagePrePullTemplate"]["nodeNames"] == ["a-0", "a-1"]


def test_nothing_is_pulled_that_does_not_change(tmp_path: Path) -> None:
    """An image with the same tag in both versions is in no job, and its nodes are told nothing."""
    highway = replace(TWO_SECTIONS, sites=(Site("a", "g1", 10, (LANE, SERVER)),))
    files = highway.files()
    files["fleet.yaml"] = files["fleet.yaml"].replace('"server-app": "2.0.0"', '"server-app": "1.0.0"')
    made = compile_spec(write_files(tmp_path, files.items()))
    (pull,) = made.provinces["north"].plan.prepulls.waves
    assert (pull.nodes, pull.images) == (1, ("lane-app 1.0.0 -> 2.0.0",))
    jobs = [job for unit in STAGES for job in jobs_of(dict(made.trees["north"].items()), unit)]
    images = {image for job in jobs for image in job["spec"]["imagePrePullTemplate"]["images"]}
    assert images == {reference("lane-app")}


def test_a_job_says_everything(tmp_path: Path) -> None:
    """What is left out means something else than its documentation says."""
    tree = dict(compiled(TWO_SECTIONS, tmp_path).trees["north"].items())
    for unit in STAGES:
        for job in jobs_of(tree, unit):
            template = job["spec"]["imagePrePullTemplate"]
            assert template["checkItems"] == ["disk"]
            assert template["concurrency"] == 100
            assert template["retryTimes"] == 5
            assert template["timeoutSeconds"] == 1800
            assert isinstance(template["failureTolerate"], str)


@pytest.mark.parametrize(("nodes", "tolerated"), [(1, "1"), (3, "0.34"), (8, "0.13"), (40, "0.1")])
def test_one_node_may_always_fail(nodes: int, tolerated: str, tmp_path: Path) -> None:
    """Some node is always offline; beyond that the share holds that the spec allows."""
    highway = replace(TWO_SECTIONS, sites=(Site("a", "g1", 50, (LANE,) * nodes),))
    tree = dict(compiled(highway, tmp_path).trees["north"].items())
    (job,) = jobs_of(tree, STAGES[-1])
    assert job["spec"]["imagePrePullTemplate"]["failureTolerate"] == tolerated


def test_a_node_that_leaves_has_no_job_run_again(tmp_path: Path) -> None:
    """A job under another name is another job. Nothing that it says of its nodes is their number."""
    jobs = [
        names(compiled(replace(TWO_SECTIONS, sites=(site,)), tmp_path / str(len(site.nodes))), STAGES[-1])
        for site in (Site("a", "g1", 50, (LANE,) * 40), Site("a", "g1", 50, (LANE,) * 39))
    ]
    assert jobs[0] == jobs[1]


def test_jobs_of_two_releases_are_told_apart(tmp_path: Path) -> None:
    """Two applications move one image on the same nodes: each release has its own attempts and its own time."""
    files = TWO_SECTIONS.files()
    more = {}
    for text in files["fleet.yaml"].split("---\n"):
        read = json.loads(text)
        if read["kind"] in ("Application", "Release"):
            more[read["kind"]] = read | {
                "metadata": {"name": read["metadata"]["name"].replace("app", "other")}
            }
    more["Release"]["spec"]["application"] = "other"
    more["Release"]["spec"]["waves"][0]["attempt"] = 2
    files["other.yaml"] = "---\n".join(json.dumps(one) + "\n" for one in more.values())
    plain = names(compiled(TWO_SECTIONS, tmp_path / "one"), STAGES[-1])
    made = compile_spec(write_files(tmp_path / "two", files.items()))
    own, others = names(made, STAGES[-1]), names(made, STAGES[-1].replace("app", "other"))
    assert own == plain
    assert {name.rpartition("-")[2] for name in own}.isdisjoint(name.rpartition("-")[2] for name in others)


def test_a_section_pulls_as_wide_as_its_own_largest_station(tmp_path: Path) -> None:
    """A station is never split, so a job may have more than a hundred nodes; its neighbours' jobs have places enough."""
    sites = (Site("a", "g1", 50, (LANE,) * 3), Site("b", "g2", 50, (LANE,) * 150))
    tree = dict(compiled(replace(TWO_SECTIONS, sites=sites), tmp_path).trees["north"].items())
    jobs = jobs_of(tree, STAGES[-1])
    assert [job["spec"]["imagePrePullTemplate"]["concurrency"] for job in jobs] == [100, 150]


def test_jobs_of_a_section_stand_in_the_order_of_their_images(tmp_path: Path) -> None:
    """So that a review of the next release meets the same jobs at the same places."""
    highway = replace(TWO_SECTIONS, sites=(Site("a", "g1", 50, (SERVER, ARM, LANE)),))
    tree = dict(compiled(highway, tmp_path).trees["north"].items())
    images = [job["spec"]["imagePrePullTemplate"]["images"] for job in jobs_of(tree, STAGES[-1])]
    assert images == sorted(images)
    assert len(images) == 2


def test_a_large_section_is_split_into_jobs_by_its_stations(tmp_path: Path) -> None:
    """At most a hundred nodes answer into one object; each node is told once."""
    sites = tuple(Site(f"s{n:02}", "g1", 50, (LANE,) * 9) for n in range(30))
    tree = dict(compiled(replace(TWO_SECTIONS, sites=sites), tmp_path).trees["north"].items())
    labels = node_labels(tree)
    groups = [told(job, labels) for job in jobs_of(tree, STAGES[-1])]
    assert [len(group) for group in groups] == [99, 99, 72] or sorted(map(len, groups)) == [72, 99, 99]
    assert sum(map(len, groups)) == len(set.union(*groups)) == 270


def test_another_attempt_is_another_job(tmp_path: Path) -> None:
    """With the same content: KubeEdge never looks again at a job that has ended."""
    before = compiled(TWO_SECTIONS, tmp_path / "before")
    files = TWO_SECTIONS.files()
    files["fleet.yaml"] = files["fleet.yaml"].replace('"name": "w1"', '"name": "w1", "attempt": 2')
    after = compile_spec(write_files(tmp_path / "after", files.items()))
    for unit in STAGES:
        old, new = names(before, unit), names(after, unit)
        assert [n.rpartition("-")[0] for n in old] == [n.rpartition("-")[0] for n in new]
        assert not set(old) & set(new)


def test_a_job_is_named_by_its_content(tmp_path: Path) -> None:
    """A longer timeout would be ignored under the old name."""
    before = compiled(TWO_SECTIONS, tmp_path / "before")
    after = compiled(replace(TWO_SECTIONS, prepull=(("retryTimes", 9),)), tmp_path / "after")
    assert not {*names(before, STAGES[-1])} & {*names(after, STAGES[-1])}


def test_a_mirror_of_a_station_is_filled_by_a_node_of_it(tmp_path: Path) -> None:
    """A third stage, and its other nodes pull over the LAN, which is no line to wait for."""
    highway = replace(TWO_SECTIONS, sites=(Site("a", "g1", 3, (LANE, LANE)), Site("b", "g1", 3, (LANE,))))
    files = highway.files()
    body = {"level": "station", "endpoint": "http://mirror.{station}.example:5000", "parent": "section"}
    tier = {"apiVersion": "milepost.dev/v1alpha1", "kind": "RegistryTier", "metadata": {"name": "own"}}
    files["fleet.yaml"] += "---\n" + json.dumps(tier | {"spec": body}) + "\n"
    made = compile_spec(write_files(tmp_path, files.items()))
    (pull,) = made.provinces["north"].plan.prepulls.waves
    assert [(stage.level, stage.nodes) for stage in pull.stages] == [("province", 1), ("station", 1), ("", 1)]
    first, second, last = pull.stages
    assert {load.sort for load in first.loads} == {"province", "station-group", "station"}
    assert {load.sort for load in second.loads} == {"station"}
    assert last.loads == ()


def test_names_that_no_label_holds_are_refused(tmp_path: Path) -> None:
    """Flux writes the name of a unit's object on everything that it applies."""
    files = TWO_SECTIONS.files()
    files["fleet.yaml"] = files["fleet.yaml"].replace('"w1"', f'"{"w" * 40}"')
    made = compile_spec(write_files(tmp_path, files.items()))
    assert {e.code.id for e in made.errors} == {"MP4080"}


def test_two_waves_do_not_share_a_folder(tmp_path: Path) -> None:
    """The sections stage of one wave, and a wave that is called so."""
    files = replace(TWO_SECTIONS, waves=(("g1",), ("g2",))).files()
    files["fleet.yaml"] = files["fleet.yaml"].replace('"w1"', '"south"').replace('"w2"', '"south-province"')
    made = compile_spec(write_files(tmp_path, files.items()))
    assert {e.code.id for e in made.errors} == {"MP4080"}
    assert "is the folder of two waves" in made.errors[0].message


@pytest.mark.parametrize(
    "prepull",
    [
        (("engine", "kruise"),),
        (("engine", "daemonset"), ("helper", {"image": "helper", "version": "1.0.0"})),
    ],
    ids=["kruise", "daemonset"],
)
@pytest.mark.parametrize("agent", ["flux", "argocd"])
def test_other_engines_pull_the_same_images_on_the_same_nodes(
    prepull: tuple[tuple[str, object], ...], agent: str, tmp_path: Path
) -> None:
    """OpenKruise's jobs, one an image, and DaemonSets; every check of objects passes."""
    highway = replace(TWO_SECTIONS, prepull=prepull, engine=agent)
    made = compiled(highway, tmp_path)
    tree = dict(made.trees["north"].items())
    found = [
        job
        for path in sorted({p.rpartition("/")[0] for p in tree if p.startswith("prepull/")})
        for job in jobs_of(tree, path)
    ]
    assert {job["metadata"]["namespace"] for job in found} == {"milepost-prepull"}
    text = "".join(data.decode() for path, data in tree.items() if path.startswith("prepull/"))
    assert text.count(reference("lane-app")) == len(found)
    assert "a-0" in text and "tolling" not in text
