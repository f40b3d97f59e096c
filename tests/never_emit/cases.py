"""Each item of the two lists: ways to break it in the small province, and the code that must refuse it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from never_emit.province import (
    DIGEST,
    LANE,
    LOG,
    Province,
    argo,
    component,
    container,
    destination_rule,
    flux,
    image_pull_job,
    manifest,
    node_group,
    pod_spec,
    scope,
    service,
    target,
    unit,
    workload,
)

Break = Callable[[Province], Any]

CLOUD_CORE = """\
apiVersion: cloudcore.config.kubeedge.io/v1alpha1
kind: CloudCore
kubeAPIConfig:
  qps: 20000
  burst: 40000
modules:
  cloudHub:
    nodeLimit: 4000
    keepaliveInterval: 45
    advertiseAddress:
    - 192.0.2.1
{more}"""
NUMBERS = """\
  edgeController:
    load: {queryNodeWorkers: 4000, patchNodeWorkers: 180, createLeaseWorkers: 4000}
    buffer: {patchNode: 3024, queryNode: 5024, createLease: 5024}
"""
EDGE_CORE = """\
apiVersion: edgecore.config.kubeedge.io/v1alpha2
kind: EdgeCore
modules:
  edgeHub:
    heartbeat: 18
{more}"""


def spec(kind: str, **fields: Any) -> Break:
    """Sets fields of the spec of an object."""
    return lambda province: province.get(kind)["spec"].update(fields)


def drop(kind: str, *fields: str) -> Break:
    """Takes fields out of an object's spec."""
    return lambda province: [province.get(kind)["spec"].pop(field) for field in fields]


def prepull(**fields: Any) -> Break:
    return lambda province: province.get("ImagePrePullJob")["spec"]["imagePrePullTemplate"].update(fields)


def annotate(kind: str, key: str, value: str, place: str = "annotations") -> Break:
    return lambda province: province.get(kind)["metadata"].setdefault(place, {}).update({key: value})


def annotate_pod(key: str, value: str) -> Break:
    def change(province: Province) -> None:
        province.get("Deployment")["spec"]["template"]["metadata"].setdefault("annotations", {})[key] = value

    return change


def on(**versions: Any) -> Break:
    """The same objects, for a cluster of other versions."""

    def change(province: Province) -> None:
        province.cluster = province.cluster._replace(**versions)

    return change


def contain(**fields: Any) -> Break:
    """Sets fields of the Deployment's container."""
    return lambda province: container(province.get("Deployment")).update(fields)


def rename(kind: str, name: str) -> Break:
    return lambda province: province.get(kind)["metadata"].update(name=name)


def put(path: str, *bodies: dict[str, Any]) -> Break:
    return lambda province: province.add(path, *bodies)


def text(path: str, content: str) -> Break:
    return lambda province: province.texts.update({path: content})


def replace(path: str, old: str, new: str) -> Break:
    """Changes a text file."""

    def change(province: Province) -> None:
        assert old in province.texts[path]
        province.texts[path] = province.texts[path].replace(old, new)

    return change


def overriders(**fields: Any) -> Break:
    return lambda province: target(province, **fields)


def body(api_version: str, kind: str, **fields: Any) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "x", "namespace": "g1"}, **fields}


def label_target(**selector: Any) -> Break:
    return lambda province: scope(province).update(targetNodeLabels=[{"labelSelector": selector}])


def many_stations(province: Province) -> None:
    for n in range(501):
        name = f"toll-lane-x{n}"
        province.add(
            "groups/g1/x.yaml",
            service(name),
            body("v1", "ConfigMap", data={}) | {"metadata": {"name": name, "namespace": "g1"}},
        )
    replace("groups/g1/kustomization.yaml", "s1.yaml\n", "s1.yaml\n  - x.yaml\n")(province)


def unit_spec(name: str, **fields: Any) -> Break:
    return lambda province: province.get("Kustomization", name)["spec"].update(fields)


EDGE = "envOverriders"
ITEM: dict[str, Any] = {"containerName": "main", "operator": "add", "value": []}
KUBEEDGE_CASES: list[tuple[int, str, str, Break]] = [
    (1, "no scope", "MP6003", drop("EdgeApplication", "workloadScope")),
    (1, "target without a name", "MP6003", lambda p: scope(p)["targetNodeGroups"][0].pop("name")),
    (1, "unknown operator", "MP6003", overriders(envOverriders=[ITEM | {"operator": "merge"}])),
    (1, "replace for arguments", "MP6003", overriders(argsOverriders=[ITEM | {"operator": "replace"}])),
    (1, "no container name", "MP6003", overriders(commandOverriders=[{"operator": "add"}])),
    (1, "no component", "MP6003", overriders(imageOverriders=[{"operator": "add", "value": "x"}])),
    (1, "replicas as text", "MP6003", overriders(replicas="2")),
    (2, "node group without spec", "MP6003", lambda p: p.get("NodeGroup").pop("spec")),
    (2, "pre-pull without spec", "MP6003", lambda p: p.get("ImagePrePullJob").pop("spec")),
    (2, "tolerance as a number", "MP6003", prepull(failureTolerate=0.1)),
    (2, "imageSecret", "MP6003", prepull(imageSecret="a/b")),
    (2, "configuration job", "MP6002", put("edge/g1.yaml", body("operations.kubeedge.io/v1alpha2", "ConfigUpdateJob"))),
    (3, "other version", "MP6002", put("groups/g1/s1.yaml", body("networking.istio.io/v1beta1", "DestinationRule"))),
    (3, "no name", "MP6011", rename("NodeGroup", "Group_1")),
    (4, "long name", "MP6011", rename("NodeGroup", "g" * 64)),
    (4, "only nodes", "MP6040", spec("NodeGroup", nodes=["n1"], matchLabels={})),
    (4, "empty selector", "MP6040", spec("NodeGroup", matchLabels={})),
    (4, "overlap on one label", "MP6040", put("edge/g1.yaml", node_group("g3") | {"spec": node_group("g1")["spec"]})),
    (4, "overlap on two labels", "MP6040", put("edge/g1.yaml", node_group("g3") | {"spec": {"matchLabels": {"a": "b"}}})),
    (4, "zone in a selector", "MP6040", spec("NodeGroup", matchLabels={"topology.kubernetes.io/zone": "g1"})),
    (4, "zone on nodes", "MP6046", text("bootstrap/join/g1.tsv", "n1\ta=b,topology.kubernetes.io/zone=x\n")),
    (4, "belonging-to on nodes", "MP6046", text("bootstrap/e.yaml", "nodeLabels:\n  apps.kubeedge.io/belonging-to: g1\n")),
    (5, "a StatefulSet inside", "MP6041", lambda p: manifest(p).update(kind="StatefulSet")),
    (5, "a ConfigMap inside", "MP6041", lambda p: p.get("EdgeApplication")["spec"]["workloadTemplate"]["manifests"].append(body("v1", "ConfigMap"))),
    (5, "no namespace", "MP6041", lambda p: manifest(p)["metadata"].pop("namespace")),
    (5, "another namespace", "MP6041", lambda p: manifest(p)["metadata"].update(namespace="g2")),
    (5, "two Deployments", "MP6041", lambda p: p.get("EdgeApplication")["spec"]["workloadTemplate"]["manifests"].append(manifest(p) | {"metadata": {"name": "b", "namespace": "g1"}})),
    (5, "many targets", "MP6042", lambda p: scope(p).update(targetNodeGroups=[{"name": f"g{n}"} for n in range(201)])),
    (5, "a target twice", "MP6042", lambda p: scope(p)["targetNodeGroups"].append({"name": "g1"})),
    (5, "no target", "MP6042", lambda p: scope(p).update(targetNodeGroups=[])),
    (5, "a group that is not there", "MP6042", lambda p: scope(p)["targetNodeGroups"].append({"name": "g9"})),
    (5, "a long copy", "MP6042", lambda p: manifest(p)["metadata"].update(name="a" * 61)),
    (5, "only expressions", "MP6042", label_target(matchExpressions=[{"key": "a", "operator": "Exists"}])),
    (5, "two labels", "MP6042", label_target(matchLabels={"a": "b", "c": "d"})),
    (6, "replaced variables", "MP6043", overriders(envOverriders=[ITEM | {"operator": "replace"}])),
    (6, "resources that are not there", "MP6043", overriders(resourcesOverriders=[{"containerName": "main", "value": {"limits": {"disk": "1"}}}])),
    (6, "another container", "MP6043", overriders(argsOverriders=[ITEM | {"containerName": "other"}])),
    (6, "node selector inside", "MP6041", lambda p: pod_spec(manifest(p)).update(nodeSelector={"a": "b"})),
    (6, "image override", "MP6043", overriders(imageOverriders=[{"component": "Tag", "operator": "replace", "value": "2"}])),
    (6, "init container that is not there", "MP6043", overriders(imageOverriders=[{"component": "Tag", "operator": "add", "predicate": {"path": "/spec/template/spec/initContainers/3/image"}}])),
    (7, "envOverrides", "MP6003", overriders(envOverrides=[])),
    (7, "resourcesOverrides", "MP6003", overriders(resourcesOverrides=[])),
    (8, "name without a hash", "MP6032", rename("ImagePrePullJob", "toll-1-wave-1")),
    (8, "nodes and a selector", "MP6032", prepull(nodeNames=["n1"])),
    (8, "neither", "MP6032", prepull(labelSelector={})),
    (8, "many nodes", "MP6032", prepull(nodeNames=[f"n{n}" for n in range(501)], labelSelector={})),
    (8, "no timeout", "MP6003", lambda p: p.get("ImagePrePullJob")["spec"]["imagePrePullTemplate"].pop("timeoutSeconds")),
    (8, "no tolerance", "MP6003", prepull(failureTolerate="")),
    (8, "tolerance of nothing", "MP6032", prepull(failureTolerate="0")),
    (8, "a tag", "MP6032", prepull(images=[f"{LANE}:1.0"])),
    (8, "unknown check", "MP6003", prepull(checkItems=["network"])),
    (9, "node upgrade", "MP6002", put("edge/g1.yaml", body("operations.kubeedge.io/v1alpha2", "NodeUpgradeJob"))),
    (9, "pre-pull job that KubeEdge no longer works with", "MP6047", lambda p: p.get("ImagePrePullJob").update(apiVersion="operations.kubeedge.io/v1alpha1")),
    (9, "pre-pull job that KubeEdge does not yet know", "MP6047", on(kubernetes="1.29", kubeedge="1.20.0")),
    (9, "zones by node group before 1.21", "MP6047", lambda p: (on(kubeedge="1.20.0")(p), p.get("NodeGroup")["spec"].update(topologyEnabled=True))),
    *((10, kind, "MP6001", put("edge/g1.yaml", body("v1", kind))) for kind in ("ObjectSync", "ClusterObjectSync", "ServiceAccountAccess", "Node", "Lease", "Endpoints", "EndpointSlice")),
    (11, "switches that are gone", "MP6045", text("bootstrap/c.yaml", CLOUD_CORE.format(more=NUMBERS + "  nodeUpgradeJobController:\n    enable: true\n"))),
    (11, "numbers that are rewritten", "MP6045", text("bootstrap/c.yaml", CLOUD_CORE.format(more=NUMBERS).replace("20000", "5000"))),
    (11, "numbers left out", "MP6045", text("bootstrap/c.yaml", CLOUD_CORE.format(more=""))),
    (11, "no address", "MP6045", text("bootstrap/c.yaml", CLOUD_CORE.format(more=NUMBERS).replace("192.0.2.1", '""'))),
    (11, "impatience", "MP6045", lambda p: (text("bootstrap/c.yaml", CLOUD_CORE.format(more=NUMBERS))(p), text("bootstrap/e.yaml", EDGE_CORE.format(more="").replace("18", "45"))(p))),
    (12, "a token", "MP6045", text("bootstrap/e.yaml", EDGE_CORE.format(more="    token: abc\n"))),
    (12, "a proxy", "MP6045", text("bootstrap/e.yaml", EDGE_CORE.format(more="    httpProxy: http://p\n"))),
    (12, "both transports", "MP6045", text("bootstrap/e.yaml", EDGE_CORE.format(more="    websocket:\n      enable: true\n    quic:\n      enable: true\n"))),
    (12, "a private key", "MP6027", text("bootstrap/ca.txt", "-----BEGIN RSA PRIVATE KEY-----\n")),
    (12, "a password", "MP6027", contain(env=[{"name": "DB_PASSWORD", "value": "letmein"}])),
    (13, "no tolerations", "MP6022", lambda p: pod_spec(p.get("Deployment")).update(tolerations=[])),
    (13, "tolerations for a while", "MP6022", lambda p: [t.update(tolerationSeconds=300) for t in pod_spec(p.get("DaemonSet"))["tolerations"]]),
    (13, "one toleration", "MP6022", lambda p: pod_spec(p.get("Job"))["tolerations"].pop()),
    (13, "none in an EdgeApplication", "MP6022", lambda p: pod_spec(manifest(p)).update(tolerations=[])),
    (13, "always pulled", "MP6025", contain(imagePullPolicy="Always")),
    (13, "DaemonSet for every node", "MP6023", lambda p: pod_spec(p.get("DaemonSet")).pop("nodeSelector")),
    (13, "one node by name", "MP6023", lambda p: pod_spec(p.get("Deployment")).update(nodeName="n1")),
    (13, "station's pod anywhere", "MP6064", lambda p: pod_spec(p.get("Deployment")).pop("nodeSelector")),
    (13, "province's pod at the edge", "MP6064", lambda p: p.get("Deployment")["metadata"].update(namespace="milepost-cloud")),
    (13, "hold-upgrade", "MP6030", annotate_pod("edge.kubeedge.io/hold-upgrade", "true")),
    (14, "LEAST_CONN", "MP6044", put("groups/g1/s1.yaml", destination_rule(simple="LEAST_CONN"))),
    (14, "LEAST_REQUEST", "MP6003", put("groups/g1/s1.yaml", destination_rule(simple="LEAST_REQUEST"))),
    (14, "httpCookie", "MP6044", put("groups/g1/s1.yaml", destination_rule(consistentHash={"httpCookie": {}}))),
    (14, "another name", "MP6044", put("groups/g1/s1.yaml", destination_rule() | {"metadata": {"name": "x", "namespace": "g1"}})),
    (15, "a time on pods", "MP6029", annotate_pod("example/rendered", "2026-01-02T03:04:05Z")),
    (15, "a commit on a Service", "MP6029", annotate("Service", "example/source", "a" * 40, "labels")),
    (15, "a build id on a ConfigMap", "MP6029", annotate("ConfigMap", "example/build-id", "17")),
]  # fmt: skip

GITOPS_CASES: list[tuple[int, str, str, Break]] = [
    (1, "Secret with text", "MP6027", put("groups/g1/s1.yaml", body("v1", "Secret", stringData={"a": "b"}))),
    (1, "Secret in Base64", "MP6027", put("groups/g1/s1.yaml", body("v1", "Secret", data={"a": "Yg=="}))),
    (1, "kubeconfig", "MP6027", lambda p: p.get("ConfigMap")["data"].update(c="clusters:\n- a\nusers:\n- user:\n    token: x\n")),
    (1, "password in an address", "MP6027", unit_spec("edge", path="https://user:secret@git.example/x")),
    (2, "Flux force", "MP6050", unit_spec("edge", force=True)),
    (2, "force annotation", "MP6054", annotate("Deployment", "kustomize.toolkit.fluxcd.io/force", "Enabled")),
    (2, "sync option on an object", "MP6054", annotate("Service", "argocd.argoproj.io/sync-options", "Prune=false,Replace=true")),
    (4, "Job without a hash", "MP6031", rename("Job", "toll-init")),
    (4, "Job that removes itself", "MP6031", spec("Job", ttlSecondsAfterFinished=60)),
    (4, "pre-pull without a hash", "MP6032", rename("ImagePrePullJob", "toll-1")),
    (4, "pull job without a hash", "MP6033", put("groups/g1/s1.yaml", image_pull_job() | {"metadata": {"name": "pull", "namespace": "g1"}})),
    (4, "pull job that removes itself", "MP6033", lambda p: (p.add("groups/g1/s1.yaml", image_pull_job()), p.get("ImagePullJob")["spec"]["completionPolicy"].update(ttlSecondsAfterFinished=1))),
    (5, "no health check", "MP6051", lambda p: p.get("Kustomization", "prepull")["spec"].pop("healthCheckExprs")),
    (5, "no wait", "MP6051", unit_spec("prepull", wait=False)),
    (5, "readyExpr", "MP6051", unit_spec("groups", dependsOn=[{"name": "prepull-toll-1", "readyExpr": "true"}])),
    (5, "another source", "MP6051", unit_spec("prepull", sourceRef={"kind": "GitRepository", "name": "other"})),
    (5, "a dependency that is not there", "MP6051", unit_spec("groups", dependsOn=[{"name": "prepull-toll-2"}])),
    (5, "a circle", "MP6051", unit_spec("prepull", dependsOn=[{"name": "groups-g1"}])),
    (6, "wait for workloads", "MP6051", unit_spec("groups", wait=True)),
    (7, "a large unit", "MP6061", many_stations),
    (7, "a wide folder", "MP6062", lambda p: [text(f"bootstrap/join/{n}.tsv", "")(p) for n in range(1001)]),
    (8, "postBuild", "MP6050", unit_spec("edge", postBuild={"substitute": {"a": "b"}})),
    *((8, field, "MP6003", replace("edge/kustomization.yaml", "resources:", f"{field}:\n  - a\nresources:")) for field in ("vars", "patchesStrategicMerge", "bases", "helmCharts", "configMapGenerator", "patches")),
    (8, "commonLabels", "MP6003", replace("edge/kustomization.yaml", "resources:", "commonLabels: a\nresources:")),
    (8, "openapi", "MP6003", replace("edge/kustomization.yaml", "resources:", "openapi:\n  path: a\nresources:")),
    (8, "includeSelectors", "MP6003", replace("edge/kustomization.yaml", "resources:", "labels:\n  - includeSelectors: true\nresources:")),
    (8, "remote base", "MP6060", replace("edge/kustomization.yaml", "- g1.yaml", "- https://github.com/a/b//c?ref=main")),
    (8, "patches of the agent", "MP6003", unit_spec("edge", patches=[])),
    (9, "a file of another folder", "MP6060", replace("edge/kustomization.yaml", "- g1.yaml", "- ../platform/g1.yaml")),
    (9, "a component of elsewhere", "MP6060", replace("groups/g1/kustomization.yaml", "../../releases/toll-1", "../../../x/releases/toll-1")),
    (9, "a time", "MP6029", annotate("Deployment", "example/rendered", "2026-01-02 03:04")),
    (9, "a control character", "MP6010", lambda p: p.get("ConfigMap")["data"].update(a="x\x7f")),
    (9, "a merge key", "MP6010", lambda p: p.get("ConfigMap")["data"].update({"<<": "x"})),
    (9, "half a character", "MP6010", lambda p: p.get("ConfigMap")["data"].update(a="\ud800")),
    (10, "latest", "MP6024", contain(image=f"{LANE}:latest")),
    (10, "no tag and no pin", "MP6026", contain(image="registry.example/other")),
    (10, "untagged outside groups", "MP6026", put("platform/g1.yaml", workload("Deployment", "x", {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "a", "image": LANE}]}}))),
    (10, "always pulled", "MP6025", contain(imagePullPolicy="Always")),
    (10, "tag beside the pin", "MP6024", contain(image=f"{LANE}:1.0")),
    (10, "tag in the pins", "MP6026", replace("releases/toll-1/kustomization.yaml", f"- name: {LOG}", f"- name: {LOG}\n    newTag: x")),
    (10, "no digest in the pins", "MP6026", replace("releases/toll-1/kustomization.yaml", f'- name: {LOG}\n    digest: "{DIGEST}"', f"- name: {LOG}")),
    (10, "two digests", "MP6026", lambda p: (text("releases/toll-2/kustomization.yaml", component({LANE: DIGEST.replace("0", "1")}))(p), replace("groups/g1/kustomization.yaml", "toll-1", "toll-1\n  - ../../releases/toll-2")(p))),
    (10, "a release that is not there", "MP6026", replace("groups/g1/kustomization.yaml", "toll-1", "toll-3")),
    (11, "tracking id", "MP6028", annotate("Deployment", "argocd.argoproj.io/tracking-id", "x")),
    (11, "owner label", "MP6028", annotate("Deployment", "kustomize.toolkit.fluxcd.io/name", "x", "labels")),
    (11, "status", "MP6028", lambda p: p.get("Deployment").update(status={"replicas": 1})),
    (11, "managed fields", "MP6028", lambda p: p.get("Deployment")["metadata"].update(managedFields=[{}])),
    (11, "owner references", "MP6028", lambda p: p.get("Service")["metadata"].update(ownerReferences=[{"apiVersion": "v1", "kind": "Node", "name": "n", "uid": "u"}])),
    (11, "an autoscaler", "MP6002", put("groups/g1/s1.yaml", body("autoscaling/v2", "HorizontalPodAutoscaler"))),
    (12, "a file that is not listed", "MP6060", put("edge/g2.yaml", node_group("g7"))),
    (12, "a folder without a listing", "MP6060", put("extra/g2.yaml", node_group("g7"))),
    (12, "a unit that is not there", "MP6051", put("sync/units.yaml", unit("groups/g2"))),
    (12, "a line that is no listing", "MP6003", replace("edge/kustomization.yaml", "resources:", "resources: &a\n  ? x\nresources:")),
]  # fmt: skip

ARGO_CASES: list[tuple[int, str, str, Break]] = [
    (2, "Replace", "MP6053", lambda p: p.get("Application")["spec"]["syncPolicy"]["syncOptions"].append("Replace=true")),
    (2, "Force", "MP6053", lambda p: p.get("Application")["spec"]["syncPolicy"]["syncOptions"].append("Force=true")),
    (2, "lanes that go with their Application", "MP6053", lambda p: p.get("Application", "groups")["metadata"].update(finalizers=["resources-finalizer.argocd.argoproj.io/foreground"])),
    (2, "a finalizer that API servers warn of", "MP6053", lambda p: p.get("Application", "prepull")["metadata"].update(finalizers=["resources-finalizer.argocd.argoproj.io"])),
    (5, "no Lua check", "MP6056", lambda p: p.texts.pop("bootstrap/argocd-cm.yaml")),
    (5, "a hook", "MP6056", annotate("ImagePrePullJob", "argocd.argoproj.io/hook", "PreSync")),
    (5, "no retry", "MP6053", lambda p: p.get("Application")["spec"]["syncPolicy"].pop("retry")),
    (7, "a short branch name", "MP6053", lambda p: p.get("Application")["spec"]["source"].update(targetRevision="main")),
    (7, "every commit renders everything", "MP6053", lambda p: p.get("Application")["metadata"].pop("annotations")),
    (12, "a listing in a plain folder", "MP6053", lambda p: p.get("Application")["spec"]["source"].update(directory={"recurse": True})),
    (12, "a folder that is not there", "MP6053", lambda p: p.get("Application")["spec"]["source"].update(path="groups/g2")),
    (12, "a kind that is not admitted", "MP6055", lambda p: p.get("AppProject")["spec"]["clusterResourceWhitelist"].pop()),
]  # fmt: skip

CASES = [
    *(("kubeedge", *case, flux) for case in KUBEEDGE_CASES),
    *(("gitops", *case, flux) for case in GITOPS_CASES),
    *(("gitops", *case, argo) for case in ARGO_CASES),
]
