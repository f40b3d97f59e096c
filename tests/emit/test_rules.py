"""What Kubernetes would refuse and its schemas do not say, one break at a time."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from milepost.diagnostics import Code
from milepost.emit import rules, schema_check
from never_emit.cases import CASES as NEVER_EMIT
from never_emit.cases import Break, annotate, body, contain, overriders, put, rename, spec, text, unit_spec
from never_emit.province import (
    Province,
    argo,
    component,
    container,
    destination_rule,
    flux,
    node_group,
    pod_spec,
)

MOUNT = {"name": "logs", "mountPath": "/logs"}


def pod(**fields: Any) -> Break:
    return lambda province: pod_spec(province.get("Deployment")).update(fields)


def resources(part: str, **amounts: str) -> Break:
    return lambda province: container(province.get("Deployment"))["resources"][part].update(amounts)


def label(value: str, key: str = "owner") -> Break:
    return annotate("Deployment", key, value, "labels")


CASES: list[tuple[str, str, Break]] = [
    ("unknown field", "MP6003", spec("Deployment", replcas=2)),
    ("null", "MP6003", contain(env=None)),
    ("wrong type", "MP6003", spec("Deployment", replicas="2")),
    ("missing field", "MP6003", lambda p: p.get("Deployment")["spec"].pop("template")),
    ("variable that is a number", "MP6003", contain(env=[{"name": "N", "value": 3}])),
    ("field of a newer Kubernetes", "MP6004", pod(hostnameOverride="lane")),
    ("old version", "MP6002", lambda p: p.get("Deployment").update(apiVersion="apps/v1beta1")),
    ("no kind", "MP6002", lambda p: p.get("Deployment").pop("kind") and None),
    ("number beyond 64 bits", "MP6010", spec("Deployment", progressDeadlineSeconds=2**70)),
    ("endless key", "MP6010", lambda p: p.get("ConfigMap")["data"].update({"k" * 1001: "x"})),
    ("capital letters in a name", "MP6011", rename("Deployment", "Lane")),
    ("long Service", "MP6011", rename("Service", "s" * 64)),
    ("Service that begins with a digit", "MP6011", rename("Service", "1s")),
    ("long StatefulSet", "MP6011", rename("StatefulSet", "s" * 53)),
    ("slash in a role", "MP6011", put("platform/g1.yaml", body("rbac.authorization.k8s.io/v1", "Role", rules=[]) | {"metadata": {"name": "a/b", "namespace": "g1"}})),
    ("no namespace", "MP6012", lambda p: p.get("Deployment")["metadata"].pop("namespace")),
    ("no namespace on a Flux object", "MP6003", lambda p: p.get("Kustomization", "edge")["metadata"].pop("namespace")),
    ("namespace on a namespace", "MP6012", lambda p: p.get("Namespace")["metadata"].update(namespace="g1")),
    ("namespace that is none", "MP6012", lambda p: p.get("Deployment")["metadata"].update(namespace="a.b")),
    ("blank in a label", "MP6013", label("toll team")),
    ("long label", "MP6013", label("a" * 64)),
    ("label key that is none", "MP6013", label("a", "a b")),
    ("long annotations", "MP6013", annotate("Deployment", "a", "x" * 300_000)),
    ("label in a selector", "MP6013", pod(nodeSelector={"a": "-"})),
    ("port that is none", "MP6014", contain(ports=[{"name": "http-0", "containerPort": 800_000}])),
    ("port name", "MP6014", contain(ports=[{"name": "http_0", "containerPort": 80}])),
    ("host port of another number", "MP6014", lambda p: (pod(hostNetwork=True)(p), contain(ports=[{"containerPort": 80, "hostPort": 81}])(p))),
    ("two containers on one host port", "MP6014", lambda p: (pod(hostNetwork=True)(p), pod_spec(p.get("Deployment"))["containers"].append(container(p.get("Deployment")) | {"name": "b"}))),
    ("a Service's port twice", "MP6014", lambda p: p.get("Service")["spec"]["ports"].append({"name": "b", "port": 80})),
    ("a Service's target port", "MP6014", lambda p: p.get("Service")["spec"]["ports"][0].update(targetPort=0)),
    ("quantity that is none", "MP6015", resources("limits", cpu="2cores")),
    ("quantity below zero", "MP6015", resources("limits", cpu="-1")),
    ("size of a volume", "MP6015", pod(volumes=[{"name": "data", "emptyDir": {"sizeLimit": "1GB"}}])),
    ("quota", "MP6015", put("platform/g1.yaml", body("v1", "ResourceQuota", spec={"hard": {"pods": "many"}}))),
    ("request above limit", "MP6016", resources("requests", memory="1Gi")),
    ("a variable twice", "MP6017", contain(env=[{"name": "A", "value": "1"}, {"name": "A", "value": "2"}])),
    ("a container twice", "MP6017", lambda p: pod_spec(p.get("Deployment"))["containers"].append(container(p.get("Deployment")))),
    ("a volume twice", "MP6017", pod(volumes=[{"name": "data", "emptyDir": {}}, {"name": "data", "emptyDir": {}}])),
    ("a mount twice", "MP6017", contain(volumeMounts=[{"name": "data", "mountPath": "/a"}] * 2)),
    ("mount without a volume", "MP6018", contain(volumeMounts=[MOUNT])),
    ("init container's mount", "MP6018", lambda p: pod(initContainers=[container(p.get("Deployment")) | {"name": "i", "volumeMounts": [MOUNT]}])(p)),
    ("selector of another", "MP6019", spec("Deployment", selector={"matchLabels": {"app": "other"}})),
    ("expression of another", "MP6019", spec("Deployment", selector={"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["toll-lane"]}]})),
    ("empty selector", "MP6019", spec("Deployment", selector={})),
    ("toleration's operator", "MP6020", pod(tolerations=[{"operator": "Exist"}])),
    ("protocol", "MP6020", contain(ports=[{"containerPort": 80, "protocol": "TPC"}])),
    ("DNS policy", "MP6020", pod(dnsPolicy="ClusterFirstOnHost")),
    ("type of a Service", "MP6020", spec("Service", type="Cluster")),
    ("strategy", "MP6020", spec("Deployment", strategy={"type": "Replace"})),
    ("files that are too large together", "MP6065", lambda p: p.add("groups/g1/s1.yaml", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "large", "namespace": "g1"}, "data": {"a": "x" * 600_000, "b": "x" * 600_000}})),
    ("an account that nothing renders", "MP6066", pod(serviceAccountName="logship")),
    ("a claim that nothing renders", "MP6066", pod(volumes=[{"name": "d", "persistentVolumeClaim": {"claimName": "d"}}])),
    ("variables that nothing renders", "MP6066", contain(envFrom=[{"configMapRef": {"name": "c"}}])),
    ("an object twice in a file", "MP6021", lambda p: p.add("groups/g1/s1.yaml", p.get("Service"))),
    ("an object in two units", "MP6021", lambda p: p.add("platform/g1.yaml", p.get("Service"))),
    ("no image", "MP6024", contain(image="")),
    ("half a digest", "MP6024", contain(image="registry.example/a@sha256:123")),
    ("restart policy of a Job", "MP6031", lambda p: pod_spec(p.get("Job")).update(restartPolicy="Always")),
    ("restart policy", "MP6034", pod(restartPolicy="Never")),
    ("history of Git", "MP6052", lambda p: p.get("GitRepository")["spec"].update(ref={"commit": "a" * 40})),
    ("two references", "MP6052", lambda p: p.get("GitRepository")["spec"]["ref"].update(tag="x")),
    ("no timeout", "MP6052", lambda p: p.get("GitRepository")["spec"].pop("timeout")),
    ("hours in a source's timeout", "MP6003", lambda p: p.get("GitRepository")["spec"].update(timeout="1h")),
    ("a unit without knobs", "MP6050", lambda p: p.get("Kustomization", "edge")["spec"].pop("retryInterval")),
    ("a unit synced twice", "MP6051", unit_spec("edge", path="./platform")),
    ("a kind that Flux may not write", "MP6057", lambda p: p.get("ClusterRole")["rules"][0].update(resources=["deployments"])),
    ("a verb that Flux lacks", "MP6057", lambda p: p.get("ClusterRole")["rules"][0].update(verbs=["get", "create", "patch"])),
    ("zero resources", "MP6043", overriders(resourcesOverriders=[{"containerName": "main", "value": {"limits": {"cpu": 0}}}])),
    ("zero resources with a suffix", "MP6043", overriders(resourcesOverriders=[{"containerName": "main", "value": {"limits": {"cpu": "0m"}}}])),
    ("a way out", "MP6063", text("bootstrap/../../x", "")),
    ("nodes beside a sound selector", "MP6040", spec("NodeGroup", nodes=["n1"])),
    ("letters' case", "MP6063", text("Platform/kustomization.yaml", "")),
]  # fmt: skip

ALLOWED = [
    {"apiGroups": ["", "apps"], "resources": ["*"], "verbs": ["create", "patch", "delete"]},
    {
        "apiGroups": ["*"],
        "resources": ["nodegroups", "edgeapplications", "imageprepulljobs", "jobs"],
        "verbs": ["*"],
    },
]
FINE: list[tuple[str, Break]] = [
    ("hash of config files that is digits alone", annotate("Deployment", "tolling.example/config", "1712345678")),
    ("a DestinationRule beside its Service", put("groups/g1/s1.yaml", destination_rule())),
    ("a hash over the source", put("groups/g1/s1.yaml", destination_rule(consistentHash={"useSourceIp": True}))),
    ("a pod for the cloud", lambda p: pod(tolerations=[], affinity={"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "node-role.kubernetes.io/edge", "operator": "DoesNotExist"}]}]}}})(p)),
    ("toleration of everything", pod(tolerations=[{"operator": "Exists"}])),
    ("an image by its digest", contain(image="registry.example/other@sha256:" + "0" * 64)),
    ("a shared component", lambda p: text("releases/toll-2/kustomization.yaml", component({"registry.example/x": "sha256:" + "1" * 64}))(p)),
    ("resources as numbers", resources("limits", cpu="1.5", memory="1e9")),
    ("node groups on two labels", put("edge/g1.yaml", node_group("g3") | {"spec": {"matchLabels": {"tolling.example/group": "g3", "a": "b"}}})),
    ("an emoji and Chinese", annotate("Deployment", "title", "收费站 🚦")),
    ("a secret by reference", contain(env=[{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}])),
    ("a role that names what is there", lambda p: p.get("ClusterRole").update(rules=ALLOWED)),
    ("an address with a port", contain(env=[{"name": "URL", "value": "http://a.example:80/b@c"}])),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "break_it"), [pytest.param(code, break_it, id=title) for title, code, break_it in CASES]
)
def test_what_kubernetes_would_refuse_is_refused_here(code: str, break_it: Break) -> None:
    """One fault in the sound province is found under its own code."""
    province = flux()
    break_it(province)
    assert code in province.codes()


@pytest.mark.parametrize("change", [pytest.param(change, id=title) for title, change in FINE])
def test_what_is_fine_is_left_alone(change: Break) -> None:
    """A rule does not refuse what only looks like a fault."""
    province = flux()
    change(province)
    assert [diagnostic.message for diagnostic in province.diagnostics()] == []


def test_of_two_paths_that_differ_in_case_the_second_is_told() -> None:
    """With the first; paths that differ by more are left alone."""
    province = flux()
    text("Platform/kustomization.yaml", "")(province)
    (said,) = (d.message for d in province.diagnostics() if d.code.id == "MP6063")
    assert "Platform/kustomization.yaml" in said and "platform/kustomization.yaml" in said


@pytest.mark.parametrize(("second", "times"), [("a", 1), ("b", 0)])
def test_a_label_target_that_stands_there_twice_is_told_once(second: str, times: int) -> None:
    """Two targets of different labels are two targets."""
    province = flux()
    targets = [{"labelSelector": {"matchLabels": {"site": site}}} for site in ("a", second)]
    province.get("EdgeApplication")["spec"]["workloadScope"]["targetNodeLabels"] = targets
    assert [d.message.endswith("stands there twice") for d in province.diagnostics()].count(True) == times


def codes() -> Iterator[Code]:
    modules = [
        importlib.import_module(f"{rules.__name__}.{m.name}") for m in pkgutil.iter_modules(rules.__path__)
    ]
    for module in [schema_check, *modules]:
        yield from (value for value in vars(module).values() if isinstance(value, Code))


def test_every_code_is_raised_by_a_test() -> None:
    """No check without a case that breaks it, here or among the lists of what must never be rendered."""
    assert {code.id for code in codes()} == {code for _, code, _ in CASES} | {case[3] for case in NEVER_EMIT}


def test_codes_are_numbered_once_and_explained() -> None:
    """Codes of this stage begin with a 6, and each says something of its own."""
    found = list(codes())
    assert len({code.id for code in found}) == len({code.title for code in found}) == len(found)
    assert all(
        code.id.startswith("MP6") and code.explanation.endswith(".") and code.example for code in found
    )


@pytest.mark.parametrize("make", [flux, argo])
@pytest.mark.parametrize("junk", [None, 7, "x", [], {}, [None], {"a": None}, [[]], True])
def test_no_shape_of_an_object_raises(make: Callable[[], Province], junk: Any) -> None:
    """Whatever a patch puts anywhere, the answer is a finding and never a traceback."""
    for kind, *path in PLACES:
        province = make()
        place = province.get(kind)
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = junk
        province.codes()


PLACES: list[tuple[Any, ...]] = [
    ("Deployment", "metadata"),
    ("Deployment", "apiVersion"),
    ("Deployment", "spec"),
    ("Deployment", "spec", "selector"),
    ("Deployment", "spec", "template"),
    ("Deployment", "spec", "template", "metadata"),
    ("Deployment", "spec", "template", "spec"),
    *(
        ("Deployment", "spec", "template", "spec", field)
        for field in ("containers", "volumes", "tolerations", "affinity", "nodeSelector", "initContainers")
    ),
    *(
        ("Deployment", "spec", "template", "spec", "containers", 0, field)
        for field in ("name", "image", "env", "ports", "resources", "volumeMounts", "imagePullPolicy")
    ),
    ("Service", "spec"),
    ("Service", "spec", "ports"),
    ("Service", "spec", "selector"),
    ("ConfigMap", "data"),
    ("Job", "spec", "template", "spec", "restartPolicy"),
    ("NodeGroup", "spec", "matchLabels"),
    ("EdgeApplication", "spec", "workloadTemplate"),
    ("EdgeApplication", "spec", "workloadTemplate", "manifests"),
    ("EdgeApplication", "spec", "workloadTemplate", "manifests", 0),
    ("EdgeApplication", "spec", "workloadTemplate", "manifests", 0, "metadata"),
    ("EdgeApplication", "spec", "workloadTemplate", "manifests", 0, "spec"),
    ("EdgeApplication", "spec", "workloadScope"),
    ("EdgeApplication", "spec", "workloadScope", "targetNodeGroups"),
]
