"""What the lines of a summary say: in the words of the fleet, each change once, wherever it was made."""

from __future__ import annotations

import pytest

from milepost.publish.review import GuardRules, Review, review
from milepost.publish.review.classify.effect import Effect
from milepost.publish.review.show.words import plain
from publish.forest import Files, Planted, config_map, joined, province, release, workload

A = "hunan/groups/g4/a.yaml"
LISTING = "hunan/groups/g4/kustomization.yaml"


def reviewed(old: Files, new: Files) -> Review:
    return review(Planted(old), Planted(new), GuardRules())


def said(old: Files, new: Files) -> list[str]:
    """Effect and sentence of every line that does not just follow."""
    return [
        f"{line.effect.name}: {plain(line.words + line.details)}"
        for line in reviewed(old, new).lines
        if line.effect is not Effect.FOLLOWS
    ]


def replaced(files: Files, old: str, new: str, paths: str = "") -> Files:
    return {path: text.replace(old, new) if paths in path else text for path, text in files.items()}


def without(files: Files, *paths: str) -> Files:
    return {path: text for path, text in files.items() if not path.startswith(paths)}


TWO = province() | province("guangdong", {"g15": ["x", "y"]})


def test_the_same_change_at_many_stations_is_one_line() -> None:
    """Names of stations, groups and provinces do not make changes different."""
    assert said(TWO, replaced(TWO, "value: info", "value: warn")) == [
        "RESTARTS: Deployment lane: containers[lane-backend].env[LOG_LEVEL].value info → warn at 5 stations of 2 provinces",
        "RESTARTS: StatefulSet redis: containers[lane-backend].env[LOG_LEVEL].value info → warn at 5 stations of 2 provinces",
    ]


def test_stations_that_differ_stand_in_the_same_line() -> None:
    """The rule first, then who breaks it, and how."""
    old = replaced(TWO, "tolling/lane-backend", "tolling/lane-backend:1.4.2", paths="groups")
    new = replaced(old, "lane-backend:1.4.2", "lane-backend:1.5.0")
    new = replaced(new, "lane-backend:1.5.0", "lane-backend:1.6.0", paths=A)
    assert said(old, new)[0] == (
        "RESTARTS: Deployment lane: image lane-backend 1.4.2 → 1.5.0 at 5 stations of 2 provinces; "
        "1 station differs (1.4.2 → 1.6.0 at a)"
    )


def test_a_release_that_a_group_moves_to_names_its_images() -> None:
    """The pull request of a wave: one line a group in the files, one line in the summary."""
    old = TWO | {"hunan/releases/tolling-1.5.0/kustomization.yaml": release("1.5.0", "b")}
    assert said(old, replaced(old, "tolling-1.4.2", "tolling-1.5.0", paths="hunan/groups")) == [
        "RESTARTS: release tolling 1.4.2 → 1.5.0 in 2 station groups of hunan (images lane-backend 1.4.2 → 1.5.0)"
    ]


def test_a_release_reaches_the_nodes_that_run_the_application() -> None:
    """Servers run the pods; lane nodes of the same stations do not, and are not counted."""
    line = reviewed(TWO, replaced(TWO, "tolling-1.4.2", "tolling-1.5.0", paths=LISTING)).lines[0]
    assert line.radius.stations == {("hunan", "a"), ("hunan", "b")}
    assert line.radius.nodes == {("hunan", "a-s1"), ("hunan", "b-s1")}
    assert line.radius.units == {"hunan/groups/g4"}


def test_a_pin_that_changes_under_a_running_release_reaches_every_group_that_runs_it() -> None:
    """A digest that moves without a wave restarts everything at once."""
    old = province()
    line = reviewed(old, replaced(old, "a" * 64, "b" * 64)).lines[0]
    assert plain(line.words) == (
        "release tolling-1.4.2 pins image lane-backend aaaaaaaaaaaa → bbbbbbbbbbbb in hunan"
    )
    assert (line.effect, len(line.radius.stations), len(line.radius.nodes)) == (Effect.REPULLS, 3, 3)


def test_a_station_that_comes_is_one_line() -> None:
    """Not one for each of its objects."""
    new = province(groups={"g4": ["a", "b", "new"], "g60": ["c"]})
    assert said(province(), new) == [
        "CREATES: 2 nodes added to the join lists in g4 of hunan",
        "CREATES: 1 station added: new in hunan",
    ]


def test_a_station_that_goes_is_the_most_dangerous_line() -> None:
    """It held a StatefulSet, and a revert does not bring its state back."""
    line = reviewed(province(), province(groups={"g4": ["a"], "g60": ["c"]})).lines[0]
    assert (line.effect, plain(line.words)) == (Effect.DELETES_STATE, "1 station removed: b in hunan")
    assert line.radius.nodes == {("hunan", "b-l1"), ("hunan", "b-s1")}


def test_a_group_that_goes_leaves_its_pods_unmanaged() -> None:
    """The sync object is dropped with Orphan, so nobody prunes and nobody updates."""
    lines = said(province(), province(groups={"g4": ["a", "b"]}))
    assert lines[0] == "ORPHANS: 1 station group removed: g60 in hunan"
    assert len(lines) == 1


def test_a_province_that_comes_is_one_line() -> None:
    """And so are the stations in it counted."""
    result = reviewed(province(), TWO)
    assert [plain(line.words) for line in result.lines] == ["1 province added: guangdong"]
    assert len(result.lines[0].radius.stations) == 2


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        ("    matchLabels:\n      app: lane-a", "    matchLabels:\n      app: lane", Effect.RECREATES),
        ('toll.example/role-server: ""\n', 'toll.example/role-data: ""\n', Effect.EVICTS),
        ("value: info", "value: warn", Effect.RESTARTS),
        ("level = info", "level = warn", Effect.CONFIGURES),
        (
            "    app.kubernetes.io/part-of: tolling\n",
            "    app.kubernetes.io/part-of: tolls\n",
            Effect.FOLLOWS,
        ),
    ],
)
def test_what_a_cluster_does_about_a_field(old: str, new: str, effect: Effect) -> None:
    """Immutable fields recreate, placement evicts, the pod template restarts, data configures."""
    before = province()
    assert reviewed(before, replaced(before, old, new, paths=A)).lines[0].effect is effect


def test_a_job_with_its_content_in_its_name_runs_again() -> None:
    """To Kubernetes it is a new object; to people the same job with other content."""
    jobs = [
        f"apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: init-{digest}\n  namespace: g4\nspec:\n  backoffLimit: 6\n"
        for digest in ("1a2b3c4d5e", "9f8e7d6c5b")
    ]
    old, new = (province() | {A: joined(province()[A], job)} for job in jobs)
    assert said(old, new) == ["RUNS: Job init: metadata.name init-1a2b3c4d5e → init-9f8e7d6c5b at a of hunan"]


def test_a_variable_that_is_added_is_told_as_a_whole() -> None:
    """Two lines of YAML, one thing: the item, not the half of its neighbour that the lines happen to match."""
    old = province()
    new = replaced(
        old,
        "        - name: STATION\n",
        "        - name: PORT\n          value: x\n        - name: STATION\n",
        paths=A,
    )
    assert (
        said(old, new)[0]
        == "RESTARTS: Deployment lane: containers[lane-backend].env[PORT] added at a of hunan"
    )


def test_an_object_that_comes_into_a_file_is_told_by_its_name() -> None:
    """Kind and name, without the station's, which the sentence has anyway."""
    old = province()
    new = old | {A: joined(old[A], config_map("cameras-a", "g4", "x = 1"))}
    assert said(old, new) == ["CREATES: ConfigMap cameras added at a of hunan"]


def test_more_ways_than_one_are_counted() -> None:
    """Where no change is the rule, one of them is shown and all are counted."""
    old = province()
    new = old
    for i, station in enumerate("abc"):
        new = replaced(new, "level = info", f"level = {i}", paths=f"/{station}.yaml")
    assert said(old, new) == [
        'CONFIGURES: ConfigMap station: data["app.conf"] in 3 ways, such as level = info → level = 0 at 3 stations of hunan'
    ]


def test_a_sentence_stays_short_whatever_the_trees_hold() -> None:
    """A value of a thousand characters is shortened in its middle; nothing unprintable gets through."""
    old = province()
    new = replaced(old, "value: info", "value: " + "\x1b[31m" + "long" * 300, paths=A)
    sentence = said(old, new)[0]
    assert len(sentence) < 300 and sentence.isprintable()


def test_objects_are_counted_by_province() -> None:
    """Added, changed and removed, as the table under the lines shows them."""
    new = replaced(TWO, "value: info", "value: warn", paths="guangdong")
    new = without(new, A) | {
        "hunan/groups/g4/b.yaml": joined(
            TWO["hunan/groups/g4/b.yaml"], workload("Deployment", "x", "g4", "b")
        )
    }
    tallies = reviewed(TWO, new).provinces
    assert [(name, t.added, t.changed, t.removed) for name, t in tallies.items()] == [
        ("guangdong", 0, 4, 0),
        ("hunan", 1, 0, 3),
    ]
