"""A small province that nothing is wrong with, for Flux and for Argo CD; each test breaks one thing in it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from milepost.diagnostics import Diagnostic, Sink
from milepost.emit import check_output
from milepost.model.manifest import Manifest, ManifestTemplate, StaticFile, TemplateInstance
from milepost.model.province_settings import ClusterVersions

CLUSTER = ClusterVersions(kubernetes="1.32", kubeedge="1.23.1", cloudcore_replicas=1)
DIGEST = "sha256:" + "0123456789abcdef" * 4
LANE, LOG = "registry.example/toll/lane", "registry.example/toll/log"
TAINTS = ("node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready")


@dataclass
class Province:
    """Files of objects and other files, as lower would give them; both may be changed at will."""

    objects: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    cluster: ClusterVersions = CLUSTER

    def get(self, kind: str, name: str = "") -> dict[str, Any]:
        """The first object of a kind, by name where there are several."""
        found = (body for bodies in self.objects.values() for body in bodies if body["kind"] == kind)
        return next(body for body in found if body["metadata"]["name"].startswith(name))

    def add(self, path: str, *bodies: dict[str, Any]) -> None:
        self.objects.setdefault(path, []).extend(deepcopy(list(bodies)))

    def diagnostics(self) -> list[Diagnostic]:
        manifests = {
            path: tuple(Manifest(body, None) for body in bodies) for path, bodies in self.objects.items()
        }  # type: ignore[arg-type]
        sink = Sink()
        templates = [
            ManifestTemplate(bodies, (TemplateInstance(path),)) for path, bodies in manifests.items()
        ]
        texts = [StaticFile(path, text) for path, text in self.texts.items()]
        check_output(templates, texts, self.cluster, sink)
        return list(sink)

    def codes(self) -> set[str]:
        return {diagnostic.code.id for diagnostic in self.diagnostics()}


def base() -> Province:
    """Platform, node groups, one station group with every kind of workload, a release and a pre-pull."""
    made = Province()
    made.add("platform/g1.yaml", _object("v1", "Namespace", "g1", None))
    made.add("edge/g1.yaml", node_group("g1"), node_group("g2"))
    pod = pod_template("toll-lane", LANE)
    made.add(
        "groups/g1/s1.yaml", workload("Deployment", "toll-lane-s1", pod, replicas=2), service("toll-lane-s1")
    )
    made.add("groups/g1/s1.yaml", _object("v1", "ConfigMap", "toll-lane-s1", data={"lane.conf": "a = 1\n"}))
    made.add("groups/g1/shared.yaml", workload("DaemonSet", "toll-log", pod_template("toll-log", LOG)))
    data = workload(
        "StatefulSet", "toll-data", pod_template("toll-data", LANE), replicas=1, serviceName="toll-data"
    )
    made.add("groups/g1/shared.yaml", data, job(), edge_application())
    made.texts["releases/toll-1/kustomization.yaml"] = component({LANE: DIGEST, LOG: DIGEST})
    made.add("prepull/toll-1/w1.yaml", prepull_job())
    for folder in ("platform", "edge", "groups/g1", "prepull/toll-1"):
        files = sorted(path.rpartition("/")[2] for path in made.objects if path.rpartition("/")[0] == folder)
        made.texts[f"{folder}/kustomization.yaml"] = listing(
            files, ["../../releases/toll-1"] * (folder == "groups/g1")
        )
    return made


def flux() -> Province:
    """With Flux: one source, one Kustomization a unit, the pre-pull a gate before the group."""
    made = base()
    reference = {
        "url": "https://git.example/fleet.git",
        "interval": "5m",
        "timeout": "10m",
        "ref": {"branch": "province/a"},
    }
    made.add(
        "sync/source.yaml",
        _object("source.toolkit.fluxcd.io/v1", "GitRepository", "milepost", "flux-system", spec=reference),
    )
    everything = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]
    account = {"kind": "ServiceAccount", "name": "milepost", "namespace": "flux-system"}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "milepost-sync"}
    rbac = "rbac.authorization.k8s.io/v1"
    made.add("sync/source.yaml", _object(rbac, "ClusterRole", "milepost-sync", None, rules=everything))
    binding = _object(rbac, "ClusterRoleBinding", "milepost-sync", None, roleRef=role, subjects=[account])
    made.add("sync/source.yaml", binding)
    gate = {
        "wait": True,
        "healthCheckExprs": [
            {
                "apiVersion": "operations.kubeedge.io/v1alpha2",
                "kind": "ImagePrePullJob",
                "failed": "status.phase == 'Failure'",
                "current": "status.phase == 'Completed'",
            }
        ],
    }
    made.add("sync/units.yaml", unit("platform"), unit("edge"), unit("prepull/toll-1", **gate))
    made.add("sync/units.yaml", unit("groups/g1", dependsOn=[{"name": "prepull-toll-1"}]))
    made.texts["sync/kustomization.yaml"] = listing(["source.yaml", "units.yaml"])
    return made


def argo() -> Province:
    """With Argo CD: a project and one Application a unit."""
    made = base()
    kinds = [
        ("", "Namespace"),
        ("apps.kubeedge.io", "NodeGroup"),
        ("operations.kubeedge.io", "ImagePrePullJob"),
    ]
    spec = {
        "sourceRepos": ["https://git.example/fleet.git"],
        "clusterResourceWhitelist": [{"group": group, "kind": kind} for group, kind in kinds],
    }
    made.add(
        "sync/project.yaml", _object("argoproj.io/v1alpha1", "AppProject", "milepost-a", "argocd", spec=spec)
    )
    made.add(
        "sync/units.yaml",
        *(application(folder) for folder in ("platform", "edge", "prepull/toll-1", "groups/g1")),
    )
    made.texts["sync/kustomization.yaml"] = listing(["project.yaml", "units.yaml"])
    made.texts["bootstrap/argocd-cm.yaml"] = (
        "resource.customizations.health.operations.kubeedge.io_ImagePrePullJob: |\n  return {}\n"
    )
    return made


def _object(
    api_version: str, kind: str, name: str, namespace: str | None = "g1", **fields: Any
) -> dict[str, Any]:
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return deepcopy({"apiVersion": api_version, "kind": kind, "metadata": metadata, **fields})


def node_group(name: str) -> dict[str, Any]:
    spec = {"matchLabels": {"tolling.example/group": name}}
    return _object("apps.kubeedge.io/v1alpha1", "NodeGroup", name, None, spec=spec)


def pod_template(name: str, image: str) -> dict[str, Any]:
    container = {
        "name": "main",
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "env": [{"name": "STATION", "value": "s1"}],
        "ports": [{"name": "http-0", "containerPort": 8080, "protocol": "TCP"}],
        "resources": {
            "requests": {"cpu": "100m", "memory": "64Mi"},
            "limits": {"cpu": "1", "memory": "128Mi"},
        },
        "volumeMounts": [{"name": "data", "mountPath": "/data"}],
    }
    spec = {
        "nodeSelector": {"node-role.kubernetes.io/edge": "", "tolling.example/group": "g1"},
        "tolerations": [{"key": taint, "operator": "Exists", "effect": "NoExecute"} for taint in TAINTS],
        "containers": [container],
        "volumes": [{"name": "data", "hostPath": {"path": "/data/lane", "type": "DirectoryOrCreate"}}],
    }
    return {"metadata": {"labels": {"app": name}}, "spec": spec}


def workload(kind: str, name: str, template: dict[str, Any], **fields: Any) -> dict[str, Any]:
    spec = {**fields, "selector": {"matchLabels": dict(template["metadata"]["labels"])}, "template": template}
    return _object("apps/v1", kind, name, spec=spec)


def service(name: str) -> dict[str, Any]:
    ports = [{"name": "http-0", "port": 80, "targetPort": 8080, "protocol": "TCP"}]
    return _object("v1", "Service", name, spec={"selector": {"app": "toll-lane"}, "ports": ports})


def job() -> dict[str, Any]:
    template = pod_template("toll-init", f"{LANE}@{DIGEST}")
    template["spec"]["restartPolicy"] = "OnFailure"
    return _object("batch/v1", "Job", "toll-init-1f3a9c02", spec={"completions": 1, "template": template})


def edge_application() -> dict[str, Any]:
    deployment = workload("Deployment", "toll-web", pod_template("toll-web", LANE), replicas=1)
    del deployment["spec"]["template"]["spec"]["nodeSelector"]
    spec = {
        "workloadTemplate": {"manifests": [deployment]},
        "workloadScope": {"targetNodeGroups": [{"name": "g1", "overriders": {"replicas": 2}}]},
    }
    return _object("apps.kubeedge.io/v1alpha1", "EdgeApplication", "toll-web", spec=spec)


def prepull_job() -> dict[str, Any]:
    template = {
        "images": [f"{LANE}@{DIGEST}"],
        "labelSelector": {"matchLabels": {"tolling.example/group": "g1"}},
        "concurrency": 10,
        "timeoutSeconds": 3600,
        "retryTimes": 3,
        "failureTolerate": "0.1",
        "checkItems": ["disk"],
    }
    return _object(
        "operations.kubeedge.io/v1alpha2",
        "ImagePrePullJob",
        "toll-1-g1-1f3a9c02",
        None,
        spec={"imagePrePullTemplate": template},
    )


def image_pull_job() -> dict[str, Any]:
    spec = {
        "image": f"{LANE}@{DIGEST}",
        "parallelism": 5,
        "selector": {"matchLabels": {"tolling.example/group": "g1"}},
        "pullPolicy": {"timeoutSeconds": 600, "backoffLimit": 3},
        "completionPolicy": {"type": "Always", "activeDeadlineSeconds": 3600},
    }
    return _object("apps.kruise.io/v1alpha1", "ImagePullJob", "toll-1-1f3a9c02", spec=spec)


def destination_rule(**balancer: Any) -> dict[str, Any]:
    spec = {"host": "toll-lane-s1", "trafficPolicy": {"loadBalancer": balancer or {"simple": "RANDOM"}}}
    return _object("networking.istio.io/v1alpha3", "DestinationRule", "toll-lane-s1", spec=spec)


def unit(folder: str, **fields: Any) -> dict[str, Any]:
    spec = {
        "interval": "1h",
        "retryInterval": "5m",
        "timeout": "10m",
        "path": f"./{folder}",
        "prune": True,
        "wait": False,
        "deletionPolicy": "Orphan",
        "serviceAccountName": "milepost",
        "sourceRef": {"kind": "GitRepository", "name": "milepost"},
        **fields,
    }
    return _object(
        "kustomize.toolkit.fluxcd.io/v1", "Kustomization", folder.replace("/", "-"), "flux-system", spec=spec
    )


def application(folder: str) -> dict[str, Any]:
    source = {
        "repoURL": "https://git.example/fleet.git",
        "targetRevision": "refs/heads/province/a",
        "path": folder,
    }
    spec = {
        "project": "milepost-a",
        "source": source,
        "destination": {"server": "https://kubernetes.default.svc"},
        "revisionHistoryLimit": 2,
        "syncPolicy": {
            "automated": {"prune": True, "selfHeal": True},
            "retry": {"limit": 5, "backoff": {"duration": "5m", "factor": 2, "maxDuration": "1h"}},
            "syncOptions": ["ServerSideApply=true", "ApplyOutOfSyncOnly=true", "PruneLast=true"],
        },
    }
    made = _object("argoproj.io/v1alpha1", "Application", folder.replace("/", "-"), "argocd", spec=spec)
    made["metadata"]["annotations"] = {"argocd.argoproj.io/manifest-generate-paths": ".;/releases"}
    return made


def listing(files: list[str], components: list[str] | None = None) -> str:
    lines = ["apiVersion: kustomize.config.k8s.io/v1beta1", "kind: Kustomization", "resources:"]
    lines += [f"  - {name}" for name in files]
    lines += ["components:", *(f"  - {name}" for name in components)] if components else []
    return "\n".join(lines) + "\n"


def component(pins: dict[str, str]) -> str:
    lines = ["apiVersion: kustomize.config.k8s.io/v1alpha1", "kind: Component", "images:"]
    for name, digest in sorted(pins.items()):
        lines += [f"  # {name.rpartition('/')[2]} 1.0", f"  - name: {name}", f'    digest: "{digest}"']
    return "\n".join(lines) + "\n"


def container(body: dict[str, Any]) -> dict[str, Any]:
    """The container of a workload."""
    found: dict[str, Any] = body["spec"]["template"]["spec"]["containers"][0]
    return found


def pod_spec(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body["spec"]["template"]["spec"]
    return found


def manifest(province: Province) -> dict[str, Any]:
    """The Deployment inside the EdgeApplication."""
    found: dict[str, Any] = province.get("EdgeApplication")["spec"]["workloadTemplate"]["manifests"][0]
    return found


def scope(province: Province) -> dict[str, Any]:
    found: dict[str, Any] = province.get("EdgeApplication")["spec"]["workloadScope"]
    return found


def target(province: Province, **overriders: Any) -> None:
    scope(province)["targetNodeGroups"][0]["overriders"] = overriders
