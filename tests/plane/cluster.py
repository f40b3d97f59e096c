"""A real control plane on a loopback address of its own: etcd, API server, controller manager and scheduler."""

from __future__ import annotations

import os
import ssl
import subprocess
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kustomize import KUBECTL
from plane import binaries
from plane.api import Api
from plane.process import Programs

USERS = {
    "admin": "system:masters",
    "system:kube-scheduler": "",
    "system:kube-controller-manager": "",
    "kubelet": "system:masters",
    "flux": "system:masters",
}
"""Users by name with their group; a user's token is its name."""
ADVERTISED = "198.51.100.1"
"""An address for documentation, which nobody asks: the API server takes no loopback one."""


@dataclass
class Cluster:
    """Started by ``start``, ended by ``stop``; ``api`` is the administrator's client."""

    folder: Path
    address: str
    program: Path = field(default_factory=lambda: binaries.KUBE.path)
    grace: int = 40
    """Seconds without a lease after which a node counts as lost."""
    programs: Programs = field(init=False)

    def __post_init__(self) -> None:
        self.programs = Programs(self.folder)

    @property
    def url(self) -> str:
        return f"https://{self.address}:6443"

    def client(self, user: str = "admin") -> Api:
        return Api(self.url, user, self.folder / "ca.crt")

    def start(self) -> None:
        self._write_keys()
        for user in USERS:
            self.kubeconfig(user).write_text(
                _KUBECONFIG.format(url=self.url, ca=self.folder / "ca.crt", user=user)
            )
        self._etcd()
        self._api_server()
        own = self.kubeconfig("system:kube-controller-manager")
        self._component("controller-manager", own, 10257, self._manager_flags())
        self._component("scheduler", self.kubeconfig("system:kube-scheduler"), 10259, ())

    def stop(self) -> None:
        self.programs.stop()

    def kubeconfig(self, user: str = "admin") -> Path:
        return self.folder / f"{user.rpartition(':')[2]}.kubeconfig"

    def kubectl(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run the real kubectl as the administrator, ``given`` on its standard input."""
        return subprocess.run(
            [str(KUBECTL), "--kubeconfig", str(self.kubeconfig()), *arguments],
            input=given,
            env=os.environ | {"HOME": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
        )

    def _write_keys(self) -> None:
        (self.folder / "admission.yaml").write_text(_ADMISSION)
        (self.folder / "san").write_text(f"subjectAltName=IP:{self.address},IP:{ADVERTISED},IP:10.96.0.1\n")
        (self.folder / "tokens.csv").write_text(
            "".join(f'{user},{user},{user},"{group}"\n' for user, group in USERS.items())
        )
        for line in _KEYS.strip().splitlines():
            subprocess.run(["openssl", *line.split()], cwd=self.folder, check=True, capture_output=True)

    def _etcd(self) -> None:
        program = binaries.etcd()
        assert program is not None
        client, peer = f"http://{self.address}:2379", f"http://{self.address}:2380"
        flags = {
            "data-dir": str(self.folder / "etcd"),
            "listen-client-urls": client,
            "advertise-client-urls": client,
            "listen-peer-urls": peer,
            "initial-advertise-peer-urls": peer,
            "initial-cluster": f"default={peer}",
            "log-level": "warn",
            "quota-backend-bytes": str(4 << 30),
            "unsafe-no-fsync": "true",
        }
        self.programs.start("etcd", [program, *_flags(flags)], lambda: _answers(f"{client}/health"))

    def _api_server(self) -> None:
        flags = {
            "etcd-servers": f"http://{self.address}:2379",
            "bind-address": self.address,
            "secure-port": "6443",
            "advertise-address": ADVERTISED,
            "endpoint-reconciler-type": "none",
            "tls-cert-file": "api.crt",
            "tls-private-key-file": "api.key",
            "client-ca-file": "ca.crt",
            "token-auth-file": "tokens.csv",
            "authorization-mode": "Node,RBAC",
            "service-cluster-ip-range": "10.96.0.0/12",
            "service-account-issuer": "https://kubernetes.default.svc",
            "service-account-key-file": "sa.pub",
            "service-account-signing-key-file": "sa.key",
            "max-requests-inflight": "2000",
            "max-mutating-requests-inflight": "1000",
            "profiling": "false",
            "allow-privileged": "true",
            "admission-control-config-file": "admission.yaml",
        }
        command = [self.program, "apiserver", *_flags(flags)]
        self.programs.start("apiserver", command, lambda: _answers(f"{self.url}/readyz"))

    def _component(self, name: str, config: Path, port: int, more: Sequence[str]) -> None:
        flags = {f"{use}kubeconfig": str(config) for use in ("", "authentication-", "authorization-")}
        flags |= {
            "bind-address": self.address,
            "leader-elect": "false",
            "kube-api-qps": "500",
            "kube-api-burst": "1000",
        }
        command = [self.program, name, *_flags(flags), *more]
        self.programs.start(name, command, lambda: _answers(f"https://{self.address}:{port}/healthz"))

    def _manager_flags(self) -> list[str]:
        flags = {
            "use-service-account-credentials": "true",
            "service-account-private-key-file": "sa.key",
            "root-ca-file": "ca.crt",
            "cluster-signing-cert-file": "ca.crt",
            "cluster-signing-key-file": "ca.key",
            "node-monitor-grace-period": f"{self.grace}s",
        }
        return _flags(flags)


def _flags(flags: Mapping[str, str]) -> list[str]:
    return [f"--{name}={value}" for name, value in flags.items()]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2, context=_UNKNOWN) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


_UNKNOWN = ssl.create_default_context()
"""For who is asked only whether it is there: the scheduler makes its own certificate."""
_UNKNOWN.check_hostname = False
_UNKNOWN.verify_mode = ssl.CERT_NONE
_KEYS = """
req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -subj /CN=plane -days 30
req -newkey rsa:2048 -nodes -keyout api.key -out api.csr -subj /CN=kube-apiserver
x509 -req -in api.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out api.crt -days 30 -extfile san
genrsa -out sa.key 2048
rsa -in sa.key -pubout -out sa.pub
"""
_ADMISSION = """\
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: PodSecurity
  configuration:
    apiVersion: pod-security.admission.config.k8s.io/v1
    kind: PodSecurityConfiguration
    defaults: {enforce: restricted}
"""
"""A namespace that says nothing lets in nothing but the most harmless pods: what a tree needs, it has to say."""
_KUBECONFIG = """\
apiVersion: v1
kind: Config
clusters:
- name: plane
  cluster: {{server: "{url}", certificate-authority: "{ca}"}}
users:
- name: user
  user: {{token: "{user}"}}
contexts:
- name: plane
  context: {{cluster: plane, user: user}}
current-context: plane
"""
