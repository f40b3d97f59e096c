"""A manifest that a component starts from: each part is taken as it is, or told with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from compiling import Compilation
from kubernetes_schemas import BUNDLED, version
from objects import one, pod_spec
from small import compile_components, component, digest

CONTAINER = {"name": "web", "image": "registry.example/web:1"}


def workload(kind: str = "Deployment", pod: Any = (), **spec: Any) -> dict[str, Any]:
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [CONTAINER], **dict(pod)}}
    group = "batch/v1" if kind in ("Job", "CronJob") else "apps/v1"
    body = {"apiVersion": group, "kind": kind, "metadata": {"name": "web"}}
    if kind == "CronJob":
        return body | {"spec": {"jobTemplate": {"spec": {"template": template}}, **spec}}
    return body | {"spec": {"template": template, **spec}}


def start(root: Path, *manifests: dict[str, Any], name: str = "", **more: Any) -> Compilation:
    text = yaml.safe_dump_all(manifests, sort_keys=False)
    web = component(**{"from": f"old.yaml{name}"}, **more)
    return compile_components(root, web, more={"old.yaml": text})


def told(compiled: Compilation) -> list[str]:
    """What is not taken, as the messages have it."""
    found = [d for d in compiled.diagnostics if d.code.id == "MP2035"]
    assert all(d.span and d.span.path == "old.yaml" and d.hint for d in found)
    return [d.message.removesuffix(" is not taken") for d in found]


def test_what_nobody_says_is_that_of_the_manifest(tmp_path: Path) -> None:
    """Milepost's own defaults are for pods of whom nobody says anything."""
    pod = {
        "automountServiceAccountToken": True,
        "enableServiceLinks": True,
        "terminationGracePeriodSeconds": 300,
        "hostNetwork": True,
        "dnsPolicy": "Default",
    }
    compiled = start(tmp_path, workload(pod=pod))
    assert not told(compiled)
    rendered = pod_spec(one(compiled, "Deployment"))
    assert {key: rendered[key] for key in pod} == pod


def test_what_the_component_says_wins(tmp_path: Path) -> None:
    """Over the manifest, and without a word, since it is there to be read."""
    pod = {"terminationGracePeriodSeconds": 300, "hostNetwork": True}
    compiled = start(tmp_path, workload(pod=pod, replicas=3), grace="20s", hostNetwork=False, replicas=1)
    assert not told(compiled)
    rendered = pod_spec(one(compiled, "Deployment"))
    assert rendered["terminationGracePeriodSeconds"] == 20
    assert "hostNetwork" not in rendered


def test_host_network_of_a_manifest_brings_the_policy_for_names(tmp_path: Path) -> None:
    """With ClusterFirst, which Kubernetes fills in, names of Services would not resolve there."""
    rendered = pod_spec(one(start(tmp_path, workload(pod={"hostNetwork": True})), "Deployment"))
    assert rendered["dnsPolicy"] == "ClusterFirstWithHostNet"


FIELDS = json.loads((BUNDLED / version("1.32") / "_definitions.json").read_text())["$defs"]
POD_FIELDS = sorted(FIELDS["io.k8s.api.core.v1.PodSpec"]["properties"])
WORKLOADS = [
    (kind, field)
    for kind, group in (
        ("Deployment", "apps"),
        ("StatefulSet", "apps"),
        ("DaemonSet", "apps"),
        ("Job", "batch"),
        ("CronJob", "batch"),
    )
    for field in sorted(FIELDS[f"io.k8s.api.{group}.v1.{kind}Spec"]["properties"])
]
ANEW = {"selector", "template", "jobTemplate", "revisionHistoryLimit", "serviceName"}
"""What Milepost makes anew, with the same effect."""


def sample(schema: dict[str, Any]) -> Any:
    """A value of the field that is not what anybody fills in."""
    kinds = schema.get("type") or "object"
    kind = next(k for k in ([kinds] if isinstance(kinds, str) else kinds) if k != "null")
    of_kind = {
        "integer": 77,
        "boolean": True,
        "string": "odd",
        "array": [{"name": "odd"}],
        "object": {"odd": "x"},
    }
    return of_kind[kind]


@pytest.mark.parametrize("field", POD_FIELDS)
def test_every_field_of_a_pod_is_taken_or_told(tmp_path: Path, field: str) -> None:
    """Over all fields that Kubernetes has: nothing is lost and nothing is changed without a word."""
    if field == "containers":
        return
    value = sample(FIELDS["io.k8s.api.core.v1.PodSpec"]["properties"][field])
    if field == "initContainers":
        value = [{"name": "odd", "image": f"registry.example/odd@{digest('odd')}"}]
    compiled = start(tmp_path, workload(pod={field: value}))
    if told(compiled):
        assert [each.split(" of ")[0] for each in told(compiled)] == [f"spec.template.spec.{field}"]
    elif compiled.provinces:
        rendered = pod_spec(one(compiled, "Deployment"))[field]
        assert rendered == value or all(item in rendered for item in value)
    else:
        # The value is no sound one, and what is said of it is about the rendered field: it was taken.
        assert any(f"spec.template.spec.{field}" in d.message for d in compiled.errors), compiled.said


@pytest.mark.parametrize(("kind", "field"), WORKLOADS)
def test_every_field_of_a_workload_is_told(tmp_path: Path, kind: str, field: str) -> None:
    """None of them is taken, so each has a message; but for those that every workload has anyway."""
    if field in ANEW:
        return
    properties = FIELDS[f"io.k8s.api.{'batch' if kind in ('Job', 'CronJob') else 'apps'}.v1.{kind}Spec"]
    body = workload(kind, **{field: sample(properties["properties"][field])})
    more = {"cronJob": {"schedule": "@daily"}} if kind == "CronJob" else {}
    of_cron = {"schedule", "timeZone", "concurrencyPolicy", "startingDeadlineSeconds"}
    of_cron |= {"successfulJobsHistoryLimit", "failedJobsHistoryLimit"}
    found = told(start(tmp_path, body, workload=kind, **more))
    assert found == ([] if kind == "CronJob" and field in of_cron else [f"spec.{field} of {kind} web"])


def test_what_kubectl_fills_in_is_no_word_of_anybody(tmp_path: Path) -> None:
    """The output of `kubectl get -o yaml`, a List as well, is taken without a message for each default."""
    defaults = {
        "replicas": 1,
        "progressDeadlineSeconds": 600,
        "revisionHistoryLimit": 10,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
        "selector": {"matchLabels": {"app": "web"}},
    }
    pod = {"restartPolicy": "Always", "schedulerName": "default-scheduler", "dnsPolicy": "ClusterFirst"}
    body = workload(pod=pod, **defaults)
    body["metadata"]["annotations"] = {"deployment.kubernetes.io/revision": "3"}
    assert not told(start(tmp_path, {"apiVersion": "v1", "kind": "List", "items": [body]}))


@pytest.mark.parametrize(
    ("kind", "said", "count"),
    [("DaemonSet", "replicas: every-node", 1), ("StatefulSet", "workload: StatefulSet", 1)],
)
def test_another_kind_of_workload_is_told(tmp_path: Path, kind: str, said: str, count: int) -> None:
    """A DaemonSet would become one pod a station; the hint is the word that keeps it one."""
    compiled = start(tmp_path / "silent", workload(kind))
    assert told(compiled) == [f"the kind of {kind} web"]
    assert said in str(next(d for d in compiled.diagnostics if d.code.id == "MP2035").hint)
    key, _, value = said.partition(": ")
    assert not told(start(tmp_path / "said", workload(kind), **{key: value}))


def test_a_patch_says_what_is_kept(tmp_path: Path) -> None:
    """Whoever wants the manifest's strategy writes it, and the message is gone."""
    strategy = {"type": "Recreate"}
    patch = {"spec": {"strategy": {"type": "Recreate", "rollingUpdate": None}}}
    assert told(start(tmp_path / "a", workload(strategy=strategy))) == ["spec.strategy of Deployment web"]
    kept = start(tmp_path / "b", workload(strategy=strategy), patch=patch)
    assert not told(kept)
    assert one(kept, "Deployment")["spec"]["strategy"] == strategy


def test_other_objects_of_the_file_are_told(tmp_path: Path) -> None:
    """Output of Helm holds several kinds; each has a hint of its own."""
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {}}
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "web"}}
    other = workload()
    other["metadata"] = {"name": "other"}
    found = told(start(tmp_path, workload(), service, account, other))
    assert found == [
        f"{kind} in this file" for kind in ("Service web", "ServiceAccount web", "Deployment other")
    ]


@pytest.mark.parametrize(
    ("name", "image"), [("", "web"), ("#other", "other"), ("#Deployment/other", "other")]
)
def test_one_of_several_workloads_is_named(tmp_path: Path, name: str, image: str) -> None:
    """By the component's name, or behind the file's."""
    other = workload(pod={"hostname": "other"})
    other["metadata"] = {"name": "other"}
    rendered = pod_spec(
        one(start(tmp_path, workload(pod={"hostname": "web"}), other, name=name), "Deployment")
    )
    assert rendered["hostname"] == image


def test_a_name_that_is_none_of_them_is_refused(tmp_path: Path) -> None:
    """With the names that there are."""
    compiled = start(tmp_path, workload(), name="#StatefulSet/web")
    assert compiled.codes == ["MP3007"]


def test_a_cronjob_starts_from_its_manifest(tmp_path: Path) -> None:
    """Its pods are taken; its schedule is said by the component, or told."""
    body = workload("CronJob", pod={"restartPolicy": "OnFailure", "hostname": "web"}, schedule="@daily")
    compiled = start(tmp_path, body, workload="CronJob", cronJob={"schedule": "30 2 * * *"})
    assert not told(compiled)
    job = one(compiled, "CronJob")["spec"]
    assert job["schedule"] == "30 2 * * *"
    assert job["jobTemplate"]["spec"]["template"]["spec"]["hostname"] == "web"
