"""Extra objects: manifests of the spec in the unit of their place, checked, and with the rights that they need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from compiling import Compilation, compile_spec, write_files
from milepost.model import kinds
from objects import Object, objects, one
from small import application, base, component, files, group, image

CONFIG = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "logo"},
    "binaryData": {"logo.png": "iVBORw0KGgo="},
}
ACCOUNT = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "logship"}}
ROLE = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "Role",
    "metadata": {"name": "logship"},
    "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}],
}
BINDING = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "RoleBinding",
    "metadata": {"name": "logship", "namespace": "monitoring"},
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "logship"},
    "subjects": [{"kind": "ServiceAccount", "name": "logship", "namespace": "monitoring"}],
}
PRIORITY = {
    "apiVersion": "scheduling.k8s.io/v1",
    "kind": "PriorityClass",
    "metadata": {"name": "vendor"},
    "value": 10,
}
DAEMON_SET = {
    "apiVersion": "apps/v1",
    "kind": "DaemonSet",
    "metadata": {"name": "web"},
    "spec": {
        "template": {
            "spec": {
                "serviceAccountName": "logship",
                "containers": [{"name": "web", "image": "registry.example/web:1"}],
                "volumes": [{"name": "logo", "configMap": {"name": "logo"}}],
            }
        }
    },
}
STATIONS = "name,group,type\na,g4,toll-station\nb,g4,toll-station\nc,g5,toll-station\nd,g6,gantry\n"
NODES = "name,station,profile\na1,a,box\nb1,b,box\nc1,c,box\nd1,d,box\n"


def start(
    root: Path,
    *manifests: Any,
    per: str | None = None,
    of_group: bool = False,
    of_province: bool = False,
    engine: str = "flux",
    **more: Any,
) -> Compilation:
    """Objects of the application, unless they are those of a group or the province."""
    sync = {"engine": engine, "source": {"url": "https://git.example/rendered.git"}}
    province: dict[str, Any] = {"objects": ["extra.yaml"]} if of_province else {}
    documents = [d for d in base(province, sync=sync) if d["kind"] != "StationGroup"]
    documents += [group("g4", **({"objects": ["extra.yaml"]} if of_group else {})), group("g5"), group("g6")]
    entry: dict[str, Any] = {"file": "extra.yaml"} | ({"per": per} if per else {})
    fields = {} if of_group or of_province else {"objects": [entry]}
    fields["stations"] = {"types": ["toll-station"]}
    documents += [image("web"), application("app", [component(**more)], **fields)]
    text = {"extra.yaml": yaml.safe_dump_all(manifests, sort_keys=False)}
    return compile_spec(
        write_files(root, files(documents, stations=STATIONS, nodes=NODES, more=text).items())
    )


def all_of(compiled: Compilation, kind: str) -> list[Object]:
    return [body for _, body in objects(compiled.files) if body["kind"] == kind]


def rights(compiled: Compilation) -> set[str]:
    """The resources that the agent may write."""
    (role,) = [r for r in all_of(compiled, "ClusterRole") if r["metadata"]["name"] == "milepost-sync"]
    return {resource for rule in role["rules"] for resource in rule["resources"]}


def test_objects_of_an_application_stand_once_in_each_of_its_groups(tmp_path: Path) -> None:
    """In a file of the group's unit, which its kustomization lists; not where the application does not run."""
    compiled = start(tmp_path, CONFIG)
    assert not compiled.diagnostics
    found = {path for path in compiled.files if path.endswith("shared.app.objects.yaml")}
    assert found == {f"north/groups/{name}/shared.app.objects.yaml" for name in ("g4", "g5")}
    listing = yaml.safe_load(compiled.files["north/groups/g4/kustomization.yaml"])
    assert "shared.app.objects.yaml" in listing["resources"]
    maps = [m for m in all_of(compiled, "ConfigMap") if m["metadata"]["name"] == "logo"]
    assert [m["metadata"]["namespace"] for m in maps] == ["g4", "g5"]
    assert maps[0]["binaryData"] == CONFIG["binaryData"]


def test_objects_per_station_are_named_after_it(tmp_path: Path) -> None:
    """So a section has one for each of its stations; names of places are filled, other braces are not."""
    named = CONFIG | {"data": {"at": "{{ station.name }} of {{ group.name }}: {{ $labels.job }}"}}
    compiled = start(tmp_path, named, per="station")
    assert not compiled.diagnostics
    maps = {m["metadata"]["name"]: m for m in all_of(compiled, "ConfigMap")}
    assert {"logo-a", "logo-b", "logo-c"} <= maps.keys()
    assert maps["logo-c"]["data"]["at"] == "c of g5: {{ $labels.job }}"


def test_objects_of_a_group_stand_in_that_one(tmp_path: Path) -> None:
    """And nowhere else."""
    compiled = start(tmp_path, CONFIG, of_group=True)
    assert not compiled.diagnostics
    assert one(compiled, "ConfigMap", "logo")["metadata"]["namespace"] == "g4"
    assert "north/groups/g4/shared.objects.yaml" in compiled.files


def test_objects_of_the_province_have_a_unit_of_their_own(tmp_path: Path) -> None:
    """Cluster-wide kinds, and others that name their namespace."""
    compiled = start(
        tmp_path, PRIORITY, CONFIG | {"metadata": {"name": "logo", "namespace": "web"}}, of_province=True
    )
    assert not compiled.diagnostics
    assert "north/platform/objects/objects.yaml" in compiled.files
    assert "north/sync/milepost-platform-objects.yaml" in compiled.files


def test_names_in_pods_find_what_objects_bring(tmp_path: Path) -> None:
    """A chart's output as one file: the component starts from its DaemonSet, and the rest is rendered beside it."""
    more = {"from": "extra.yaml", "replicas": "every-node"}
    compiled = start(tmp_path, ACCOUNT, CONFIG, ROLE, BINDING, DAEMON_SET, **more)
    assert compiled.codes == ["MP3019"]
    binding = next(b for b in all_of(compiled, "RoleBinding") if b["metadata"]["name"] == "logship")
    assert binding["metadata"]["namespace"] == binding["subjects"][0]["namespace"] == "g4"
    assert len(all_of(compiled, "DaemonSet")) == 2


@pytest.mark.parametrize("body", [ACCOUNT, ROLE], ids=["account", "role"])
def test_rights_of_the_agent_follow(tmp_path: Path, body: dict[str, Any]) -> None:
    """It may write what the tree holds and nothing that it does not hold."""
    plural = kinds.named(body["kind"]).plural
    assert plural in rights(start(tmp_path / "with", body))
    assert plural not in rights(start(tmp_path / "without", CONFIG))


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {}}, {}),
        ({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "s"}}, {}),
        (DAEMON_SET, {}),
        ({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": []}}, {}),
        ({"apiVersion": "example.com/v1", "kind": "Gadget", "metadata": {"name": "p"}}, {}),
        (ROLE | {"kind": "ClusterRole"}, {"of_province": True}),
        (PRIORITY, {}),
        (PRIORITY, {"of_group": True}),
        (CONFIG, {"of_province": True}),
        (CONFIG | {"metadata": {"name": "c", "namespace": "kube-system"}}, {"of_province": True}),
        (CONFIG | {"metadata": {}}, {}),
    ],
)
def test_what_may_not_be_an_extra_object_is_refused(tmp_path: Path, body: Any, place: Any) -> None:
    """Each with its place in the manifest."""
    compiled = start(tmp_path, body, **place)
    assert set(compiled.codes) == {"MP3018"}
    assert compiled.errors[0].span and compiled.errors[0].span.path == "extra.yaml"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (CONFIG | {"dta": {}}, "MP6003"),
        (CONFIG | {"data": {"key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n"}}, "MP6027"),
        (CONFIG | {"metadata": {"name": "Logo"}}, "MP6011"),
        (CONFIG | {"metadata": {"name": "app-web-a"}}, None),
    ],
)
def test_they_are_checked_like_all_others(tmp_path: Path, body: Any, code: str | None) -> None:
    """Schemas, names and secrets; and a name that Milepost gives itself is taken."""
    assert start(tmp_path, body).codes == ([code] if code else [])


def test_an_object_that_milepost_makes_itself_is_not_taken_twice(tmp_path: Path) -> None:
    """Two objects of one name in a unit are refused, as everywhere."""
    files = [{"path": "/etc/a", "content": "x"}]
    body = CONFIG | {"metadata": {"name": "app-web-{{ station.name }}"}}
    web = {**CONFIG, "metadata": {"name": "app-web"}}
    assert body != web
    compiled = start(tmp_path, web, per="station", files=files)
    assert "MP6021" in compiled.codes


def test_what_the_server_wrote_is_left_out(tmp_path: Path) -> None:
    """The output of `kubectl get` may be named as it is."""
    written = {"uid": "1", "resourceVersion": "2", "creationTimestamp": "2026-01-01T00:00:00Z"}
    body = CONFIG | {"metadata": {"name": "logo"} | written, "status": {}}
    compiled = start(tmp_path, {"apiVersion": "v1", "kind": "List", "items": [body]})
    assert not compiled.diagnostics
    maps = [m for m in all_of(compiled, "ConfigMap") if m["metadata"]["name"] == "logo"]
    assert set(maps[0]["metadata"]) == {"name", "namespace"}


@pytest.mark.parametrize("engine", ["flux", "argocd"])
def test_both_engines_take_them(tmp_path: Path, engine: str) -> None:
    """Nothing is said against the tree of either."""
    assert not start(tmp_path, CONFIG, ACCOUNT, ROLE, engine=engine).diagnostics
