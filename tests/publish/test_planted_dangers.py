"""Dangers planted among a hundred harmless changes: each stands among the first five lines of the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from milepost.publish.review import GuardRules, Review, review
from milepost.publish.review.show.words import plain
from publish.forest import Files, Planted, config_map, index, joined, province, release

STATIONS = [f"s{number:02}" for number in range(50)]
PLACE = "north/groups/g/{}.yaml"

POD = """apiVersion: apps/v1
kind: {kind}
metadata:
  name: {name}
  namespace: g
spec:
  replicas: 2
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
      automountServiceAccountToken: false
      nodeSelector:
        toll.example/role-server: ""
        toll.example/station: s00
        kubernetes.io/hostname: s00-s1
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - topologyKey: kubernetes.io/hostname
      containers:
      - name: main
        image: tolling/lane-backend
        readinessProbe:
          tcpSocket:
            port: 1
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop:
            - ALL
          runAsUser: 999
        volumeMounts:
        - name: data
          mountPath: /data
      volumes:
      - name: data
        hostPath:
          path: /var/lib/tolling/data
"""
EXTRA = {
    "north/groups/g/shared.yaml": joined(
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: api\n  namespace: g\nspec:\n  selector:\n    app: api\n  ports:\n  - port: 80\n",
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: in\n  namespace: g\nspec:\n  policyTypes:\n  - Ingress\n",
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: disk\n  namespace: g\nspec:\n  volumeName: v\n",
    ),
    "north/platform/base/g.yaml": "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: g\n  labels:\n"
    "    pod-security.kubernetes.io/enforce: baseline\n",
    "north/platform/access/cluster.yaml": "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: r\n"
    'rules:\n- apiGroups:\n  - ""\n  resources:\n  - pods\n  verbs:\n  - get\n',
    "north/sync/source.yaml": "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n  name: tree\nspec:\n"
    "  url: https://git.example/tree.git\n",
    "north/sync/g.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: g\nspec:\n"
    "  prune: true\n  serviceAccountName: applier\n  path: ./groups/g\n",
}


def base() -> Files:
    files = province("north", {"g": STATIONS})
    for station in STATIONS:
        # A field of its own at each station, so that nothing is folded into one line.
        files[PLACE.format(station)] = joined(
            config_map(f"c{station[1:]}x", "g", f"key_{station[1:]}x = 1"),
            POD.format(kind="Deployment", name=f"lane-{station}").replace("s00", station)
            + f"        env:\n        - name: LEVEL_{station.upper()}\n          value: info\n",
        ).replace(
            "      volumes:\n      - name: data\n        hostPath:\n          path: /var/lib/tolling/data\n        env:",
            "        env:",
        )
    pods = (
        POD.format(kind=kind, name=name) for kind, name in (("Deployment", "api"), ("StatefulSet", "store"))
    )
    files["north/groups/g/s00.yaml"] = joined(files["north/groups/g/s00.yaml"], *pods)
    files |= EXTRA
    files["north/milepost.json"] = index("north", files)
    return files


BASE = base()


def harmless(files: Files) -> Files:
    """A config file and an environment variable of each station: a hundred lines of a page."""
    changed = dict(files)
    for station in STATIONS:
        path = PLACE.format(station)
        text = changed[path].replace(f"key_{station[1:]}x = 1", f"key_{station} = 2")
        head, env, tail = text.partition(f"LEVEL_{station.upper()}")
        changed[path] = head + env + tail.replace("value: info", "value: warn", 1)
    return changed


def at(path: str, old: str, new: str, kind: str = "") -> Callable[[Files], None]:
    """Behind the words ``kind`` of the file."""

    def edit(files: Files) -> None:
        start = files[path].index(kind) if kind else 0
        assert old in files[path][start:], (path, old)
        files[path] = files[path][:start] + files[path][start:].replace(old, new, 1)

    return edit


S, G = "north/groups/g/s00.yaml", "north/groups/g/shared.yaml"
STORE, API = "kind: StatefulSet", "name: api"
PIN = "north/releases/tolling-1.4.2/kustomization.yaml"


def gone(kind: str, name: str) -> Callable[[Files], None]:
    def edit(files: Files) -> None:
        files[S] = files[S].replace("---\n" + POD.format(kind=kind, name=name), "")

    return edit


def claim_gone(files: Files) -> None:
    files[G] = files[G].rpartition("---\n")[0]


def other_bytes(files: Files) -> None:
    files[PIN] = release("1.4.2", "b")


DANGERS: dict[str, tuple[Callable[[Files], None], str]] = {
    "another data path": (at(S, "/var/lib/tolling/data", "/var/lib/tolling/data2", STORE), "data2"),
    "a folder of the system": (at(S, "/var/lib/tolling/data", "/etc", STORE), "/etc"),
    "privileged": (at(S, "          runAsUser: 999", "          privileged: true\n          runAsUser: 999", STORE), "privileged"),
    "namespaces of the node": (at(S, "      containers:", "      hostPID: true\n      containers:", STORE), "hostPID"),
    "root": (at(S, "runAsUser: 999", "runAsUser: 0", STORE), "runAsUser"),
    "a token": (at(S, "automountServiceAccountToken: false", "automountServiceAccountToken: true", STORE), "automount"),
    "a capability": (at(S, "            drop:\n            - ALL", "            add:\n            - SYS_ADMIN", STORE), "SYS_ADMIN"),
    "no pods": (at(S, "replicas: 2", "replicas: 0", API), "replicas"),
    "a database that goes": (gone("StatefulSet", "store"), "store"),
    "a service that goes": (gone("Deployment", "api"), "api"),
    "another source": (at("north/sync/source.yaml", "git.example", "elsewhere.example"), "elsewhere"),
    "another account": (at("north/sync/g.yaml", "serviceAccountName: applier", "serviceAccountName: root"), "serviceAccountName"),
    "no pruning": (at("north/sync/g.yaml", "prune: true", "prune: false"), "prune"),
    "a wildcard": (at("north/platform/access/cluster.yaml", "  - get", '  - "*"'), "*"),
    "other bytes": (other_bytes, "lane-backend"),
    "a selector": (at(G, "    app: api", "    app: apii"), "apii"),
    "a policy": (at(G, "  - Ingress", "  - Egress"), "Egress"),
    "a probe": (at(S, "        readinessProbe:\n          tcpSocket:\n            port: 1\n", "", API), "readinessProbe"),
    "an unknown field": (at(S, "      containers:", "      somethingNew: true\n      containers:", API), "somethingNew"),
    "another node": (at(S, "kubernetes.io/hostname: s00-s1", "kubernetes.io/hostname: s00-l1", STORE), "nodeSelector"),
    "a namespace that lets all in": (at("north/platform/base/g.yaml", "baseline", "privileged"), "privileged"),
    "a claim that goes": (claim_gone, "disk"),
    "two on one node": (
        at(S, "        podAntiAffinity:\n          requiredDuringSchedulingIgnoredDuringExecution:\n          - topologyKey: kubernetes.io/hostname\n",
           "        nodeAffinity:\n          preferredDuringSchedulingIgnoredDuringExecution: []\n", API),
        "podAntiAffinity",
    ),
}  # fmt: skip


def reviewed(*names: str) -> Review:
    files = harmless(BASE)
    for name in names:
        DANGERS[name][0](files)
    return review(Planted(BASE), Planted(files), GuardRules())


def test_harmless_changes_are_a_hundred_lines() -> None:
    """And trip no guard but the one of restarts, since it is one group."""
    found = reviewed()
    assert len(found.lines) >= 2 * len(STATIONS)
    assert not found.tripped


@pytest.mark.parametrize("name", sorted(DANGERS))
def test_a_danger_stands_among_the_first_five_lines(name: str) -> None:
    """With the word that a reviewer must read, whatever else the change holds."""
    found = reviewed(name)
    first = [plain(line.words + line.details) for line in found.lines[:5]]
    assert any(DANGERS[name][1] in line for line in first), first
