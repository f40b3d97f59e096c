"""Mirrors as objects, and references where nodes cannot be told of mirrors."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiling import compile_spec, write_files
from kustomize import build
from objects import one, pod_spec
from registry.tiers import HOST, IN_CLUSTER, MIRROR, NODES, compile_tiers, images, three
from small import application, base, component, digest, files

SECTION = "milepost-registry-section"


def test_a_section_s_mirror_is_pinned_to_its_node(tmp_path: Path) -> None:
    """Its storage lies there, and the endpoint leads there; on the node's own network, at the endpoint's port."""
    compiled = compile_tiers(tmp_path, three())
    body = one(compiled, "Deployment", SECTION)
    assert body["metadata"]["namespace"] == "g4"
    assert body["spec"]["strategy"] == {"type": "Recreate"}
    pod = pod_spec(body)
    assert pod["nodeSelector"] == {"node-role.kubernetes.io/edge": "", "kubernetes.io/hostname": "a1"}
    assert pod["hostNetwork"] is True and pod["dnsPolicy"] == "Default"
    (container,) = pod["containers"]
    assert container["ports"][0]["containerPort"] == 5000
    assert container["image"].startswith(f"{HOST}/mirror/registry@sha256:")
    assert container["livenessProbe"]["httpGet"]["path"] == "/v2/"


def test_a_province_s_mirror_stays_off_the_edge(tmp_path: Path) -> None:
    """In a namespace and a unit of its own, on the cloud node that its labels select."""
    compiled = compile_tiers(tmp_path, three())
    body = one(compiled, "Deployment", "province")
    assert body["metadata"]["namespace"] == "milepost-registry"
    assert "north/registry/province.yaml" in compiled.files
    pod = pod_spec(body)
    assert pod["nodeSelector"] == {"disk": "big"}
    affinity = pod["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    (term,) = affinity["nodeSelectorTerms"]
    assert {"key": "node-role.kubernetes.io/edge", "operator": "DoesNotExist"} in term["matchExpressions"]


def test_a_mirror_pulls_from_the_tier_above(tmp_path: Path) -> None:
    """The section from the province, the province from the centre; the plain registry from nobody, and read-only."""
    compiled = compile_tiers(tmp_path, three())
    for name, upstream in ((SECTION, "http://127.0.0.12:5000"), ("province", f"http://{HOST}")):
        texts = one(compiled, "ConfigMap", name)["data"]
        assert texts["proxy.yml"].endswith(f"proxy:\n  remoteurl: {upstream}\n")
        assert texts["probe.yml"].endswith(f"proxy:\n  remoteurl: {upstream}\n")
        assert "remoteurl" not in texts["plain.yml"]
        assert "readonly:\n      enabled: true" in texts["plain.yml"]


def test_certificate_and_credentials_of_the_tier_above_come_from_secrets(tmp_path: Path) -> None:
    """As environment and files of the registry; nothing of them is written."""
    above = {"ca": "root-ca", "credentials": "login", "endpoint": "https://127.0.0.11:5000"}
    pod = pod_spec(one(compile_tiers(tmp_path, three(centre=above)), "Deployment", "province"))
    environment = {e["name"]: e for e in pod["containers"][0]["env"]}
    for key in ("username", "password"):
        reference = environment[f"REGISTRY_PROXY_{key.upper()}"]["valueFrom"]["secretKeyRef"]
        assert reference == {"name": "login", "key": key}
    assert environment["SSL_CERT_FILE"]["value"] == "/etc/milepost/ca/ca.crt"
    assert {"key": "ca.crt", "path": "ca.crt"} in next(v for v in pod["volumes"] if v["name"] == "ca")[
        "secret"
    ]["items"]


def test_a_mirror_behind_a_load_balancer_has_a_service_and_a_claim(tmp_path: Path) -> None:
    """In the province's cluster alone: the endpoint's port outside, its own inside, storage by class."""
    mirror = MIRROR | {
        "storage": {"size": "20Gi", "class": "fast"},
        "expose": "load-balancer",
        "tls": "certificate",
    }
    own = {"endpoint": "https://mirror.{province}.example", "mirror": mirror}
    compiled = compile_tiers(tmp_path, three(province=own))
    service = one(compiled, "Service", "province")
    assert service["spec"]["type"] == "LoadBalancer"
    assert service["spec"]["ports"][0]["port"] == 443 and service["spec"]["ports"][0]["targetPort"] == 5000
    assert one(compiled, "PersistentVolumeClaim", "province")["spec"]["storageClassName"] == "fast"
    pod = pod_spec(one(compiled, "Deployment", "province"))
    assert "hostNetwork" not in pod
    assert 'addr: ":5000"' in one(compiled, "ConfigMap", "province")["data"]["proxy.yml"]
    assert "https://mirror.north.example" in one(compiled, "ConfigMap", SECTION)["data"]["proxy.yml"]


def test_a_low_port_needs_one_power_and_no_other(tmp_path: Path) -> None:
    """A registry on 443 may bind it; one on 5000 has no powers of root at all."""
    own = {"endpoint": "https://mirror.example", "mirror": MIRROR | IN_CLUSTER | {"tls": "certificate"}}
    compiled = compile_tiers(tmp_path, three(province=own))
    low, high = (
        pod_spec(one(compiled, "Deployment", name))["containers"][0] for name in ("province", SECTION)
    )
    assert low["securityContext"]["capabilities"] == {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}
    assert high["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_references_are_rewritten_where_nodes_cannot_be_told(tmp_path: Path) -> None:
    """kustomize puts the release in place and then the mirror: the content stays pinned, and no hosts.toml is made."""
    rewrite = {"mode": "rewrite", "endpoint": "http://mirror.{group}.example:5000"}
    compiled = compile_tiers(tmp_path / "spec", three(section=rewrite))
    assert not compiled.errors, compiled.said
    assert not any("hosts" in path for path in compiled.files)
    built = build(tmp_path / "out", dict(compiled.trees["north"].items()))
    (web,) = [o for o in built if o["kind"] == "Deployment" and "web" in o["metadata"]["name"]]
    repository = f"{HOST}/apps/web"
    assert (
        pod_spec(web)["containers"][0]["image"]
        == f"mirror.g4.example:5000/apps/web@{digest(f'{repository}:1.0.0')}"
    )


def test_a_mirror_is_not_rewritten_to_itself(tmp_path: Path) -> None:
    """Its own image comes from the centre: it cannot be pulled from a mirror that does not run yet."""
    rewrite = {"mode": "rewrite", "endpoint": "http://mirror.{group}.example:5000"}
    compiled = compile_tiers(tmp_path / "spec", three(section=rewrite))
    built = build(tmp_path / "out", dict(compiled.trees["north"].items()))
    (mirror,) = [o for o in built if o["metadata"]["name"] == SECTION and o["kind"] == "Deployment"]
    assert pod_spec(mirror)["containers"][0]["image"].startswith(f"{HOST}/mirror/registry@")


@pytest.mark.parametrize("engine", ["flux", "argocd"])
def test_the_province_s_unit_is_synced(tmp_path: Path, engine: str) -> None:
    """By either agent; Argo CD's project lets its namespace through."""
    sync = {"engine": engine, "source": {"url": "https://git.example/rendered.git"}}
    documents = [*base(sync=sync), *images(), application("app", [component("web")]), *three()]
    compiled = compile_spec(write_files(tmp_path, files(documents, nodes=NODES).items()))
    assert not compiled.errors, compiled.said
    assert "north/sync/milepost-registry.yaml" in compiled.files
    if engine == "argocd":
        project = one(compiled, "AppProject")
        assert "milepost-registry" in [d["namespace"] for d in project["spec"]["destinations"]]
