"""A client of the API server, as small as these tests need it: objects as JSON, and watches as lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3

from objects import Object

MERGE, STRATEGIC = "application/merge-patch+json", "application/strategic-merge-patch+json"
GROUPS = {
    "pods": "/api/v1",
    "nodes": "/api/v1",
    "namespaces": "/api/v1",
    "services": "/api/v1",
    "resourcequotas": "/api/v1",
    "events": "/api/v1",
    "deployments": "/apis/apps/v1",
    "daemonsets": "/apis/apps/v1",
    "statefulsets": "/apis/apps/v1",
    "jobs": "/apis/batch/v1",
    "leases": "/apis/coordination.k8s.io/v1",
    "imageprepulljobs": "/apis/operations.kubeedge.io/v1alpha2",
    "kustomizations": "/apis/kustomize.toolkit.fluxcd.io/v1",
    "gitrepositories": "/apis/source.toolkit.fluxcd.io/v1",
}
"""The path of each resource's group and version."""


class RefusedError(Exception):
    """The API server's answer was an error: its status and what it says."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status}: {text[:500]}")
        self.status = status


@dataclass
class Api:
    """One API server, as one user."""

    url: str
    token: str
    authority: Path
    _pool: urllib3.PoolManager = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._pool = urllib3.PoolManager(
            maxsize=16, ca_certs=str(self.authority), timeout=urllib3.Timeout(60), retries=False
        )

    def request(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> Any:
        """The answer as JSON. Raises RefusedError for every status from 400 on."""
        answer = self._pool.request(
            method,
            self.url + path,
            body=None if body is None else json.dumps(body),
            headers=self._headers(kind),
        )
        if answer.status >= 400:
            raise RefusedError(answer.status, answer.data.decode(errors="replace"))
        return json.loads(answer.data) if answer.data[:1] in b"{[" else answer.data.decode()

    def _headers(self, kind: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Content-Type": kind, "Accept": "application/json"}

    @staticmethod
    def path(resource: str, namespace: str = "", name: str = "", sub: str = "") -> str:
        parts = [GROUPS[resource], *(["namespaces", namespace] if namespace else []), resource, name, sub]
        return "/".join(part for part in parts if part)

    def all(self, resource: str, namespace: str = "") -> list[Object]:
        found: list[Object] = self.request("GET", self.path(resource, namespace))["items"]
        return found

    def get(self, resource: str, namespace: str, name: str) -> Object:
        found: Object = self.request("GET", self.path(resource, namespace, name))
        return found

    def watch(self, path: str, version: str, seconds: int = 3600) -> Iterator[Object]:
        """Events after a resource version, until the server ends the watch."""
        url = f"{self.url}{path}?watch=1&resourceVersion={version}&timeoutSeconds={seconds}"
        answer = self._pool.request(
            "GET",
            url,
            headers=self._headers("application/json"),
            preload_content=False,
            timeout=urllib3.Timeout(None),
        )
        rest = b""
        try:
            for piece in answer.stream(1 << 16):
                *lines, rest = (rest + piece).split(b"\n")
                yield from (json.loads(line) for line in lines if line)
        finally:
            answer.close()
