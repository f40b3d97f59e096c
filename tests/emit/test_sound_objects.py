"""What is sound in one province is not checked again in another, unless what fills it decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from emit.test_output_checks import deployment, template
from milepost.diagnostics import Sink
from milepost.emit import check_output, sound_objects
from milepost.model.manifest import ManifestTemplate, placeholder
from milepost.model.province_settings import ClusterVersions
from never_emit.province import CLUSTER


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sound_objects, "_found", set())
    yield


def codes(*templates: ManifestTemplate, cluster: ClusterVersions = CLUSTER) -> set[str]:
    """Of one province, apart from files that nobody lists."""
    sink = Sink()
    check_output(templates, (), cluster, sink)
    return {diagnostic.code.id for diagnostic in sink} - {"MP6060"}


def sound(*templates: ManifestTemplate) -> None:
    """Makes them known, as a province without any fault does."""
    known = sound_objects.SoundObjects(CLUSTER, frozenset())
    for one in templates:
        for manifest in one.manifests:
            known.knows(manifest, one.instances[0].path)
    known.remember()


def container(body: dict[str, Any], **fields: Any) -> dict[str, Any]:
    body["spec"]["template"]["spec"]["containers"][0].update(fields)
    return body


def too_much() -> dict[str, Any]:
    resources = {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}
    return container(deployment(), resources=resources)


def test_a_known_object_is_looked_at_no_more() -> None:
    """Neither by its schema nor by the rules about one object: this one would be refused by both."""
    broken = template(too_much(), instances=[{"station": "s1"}])
    shapeless = template(deployment(replcas=2), instances=[{"station": "s1"}])
    assert (codes(broken), codes(shapeless)) == ({"MP6016"}, {"MP6003"})
    sound(broken, shapeless)
    assert (codes(broken), codes(shapeless)) == (set(), set())


@pytest.mark.parametrize(
    "other",
    [
        template(too_much() | {"kind": "DaemonSet"}, instances=[{"station": "s1"}]),
        template(container(too_much(), name="other"), instances=[{"station": "s1"}]),
    ],
    ids=["another kind", "another field"],
)
def test_what_differs_in_more_than_placeholders_is_looked_at(other: ManifestTemplate) -> None:
    """One field is enough."""
    sound(template(too_much(), instances=[{"station": "s1"}]))
    assert codes(other)


def test_another_version_of_the_cluster_asks_anew() -> None:
    """A field may be of one version alone."""
    one = template(deployment(replcas=2), instances=[{"station": "s1"}])
    sound(one)
    assert "MP6003" in codes(one, cluster=CLUSTER._replace(kubernetes="1.30"))


def test_a_name_that_is_too_long_in_the_second_province_is_found() -> None:
    """Lengths depend on what fills them, also where the only station of the template fills it."""
    sound(template(deployment(), instances=[{"station": "s1"}]))
    assert "MP6011" in codes(template(deployment(), instances=[{"station": "s" * 300}]))


def test_a_label_that_is_too_long_in_the_second_province_is_found() -> None:
    """As a name is."""
    body = deployment()
    body["metadata"]["labels"] = {"station": placeholder("station")}
    sound(template(body, instances=[{"station": "s1"}]))
    assert "MP6013" in codes(template(body, instances=[{"station": "s" * 64}]))


@pytest.mark.parametrize(("first", "second"), [("$(PASSWORD)", "letmein"), ("letmein", "$(PASSWORD)")])
def test_a_secret_is_looked_for_in_what_fills_each_province(first: str, second: str) -> None:
    """A reference in one province makes the same variable no reference in another."""
    body = container(deployment(), env=[{"name": "DB_PASSWORD", "value": placeholder("value")}])

    def found(value: str) -> Mapping[str, bool]:
        one = template(body, instances=[{"station": "s1", "value": value}])
        return {value: "MP6027" in codes(one)}

    assert found(first) | found(second) == {"$(PASSWORD)": False, "letmein": True}


def test_a_province_with_a_fault_makes_nothing_known() -> None:
    """Its own message must come again in the next province that has it."""
    one = template(too_much(), instances=[{"station": "s1"}])
    assert codes(one) == codes(one) != set()
