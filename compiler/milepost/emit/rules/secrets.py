"""Secrets: only their names are rendered, never what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.pod_templates import pod_templates
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model import kinds
from milepost.model.document import Path

MP6027 = Code(
    "MP6027",
    "secret in the rendered tree",
    "The tree goes to Git and to every cluster that pulls it. Secrets are made in the cluster (SOPS, External Secrets, "
    "Sealed Secrets); the spec names them and no more.",
    "env: {MYSQL_ROOT_PASSWORD: letmein}\n",
)
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_KUBECONFIG = re.compile(r"^\s*(client-key-data|token|client-certificate-data): *\S", re.MULTILINE)
_CREDENTIALS = re.compile(r"://[^/\s:@]+:[^/\s@]+@")
_SECRET_NAME = re.compile(
    r"(?:^|_)(PASSWORD|PASSWD|PSK|PRIVATE_KEY|SECRET_KEY|API_KEY|ACCESS_TOKEN|AUTH_TOKEN)$"
)
_USE = "name a Secret under secrets"


def check(rendered: Rendered, findings: Findings) -> None:
    for secret in rendered.of(kinds.SECRET.name):
        for field in ("data", "stringData"):
            if secret.body.get(field):
                findings.add(MP6027, secret, (field,), "holds a secret in clear or in Base64", _USE)
    for obj in rendered.distinct:
        for path, text in _texts(obj.body, ()) if _suspect(obj.json) else ():
            if fault := _fault(text):
                findings.add(MP6027, obj, path, fault, _USE)
    for pod in pod_templates(rendered):
        for path, container in pod.containers:
            for index, variable in enumerate(container.get("env") or ()):
                if variable.get("value") and _SECRET_NAME.search(variable["name"].upper()):
                    where = (*path, "env", index)
                    findings.add(MP6027, pod.obj, where, f"gives {variable['name']} its value", _USE)
    for file in rendered.texts:
        if "PRIVATE KEY-----" in file.text and _PRIVATE_KEY.search(file.text):
            findings.add(MP6027, RenderedObject({"kind": "file"}, file.path), (), "holds a private key", _USE)


def _suspect(text: str) -> bool:
    """A quick look at an object as JSON; its texts are looked at closely where something is found."""
    return (
        "PRIVATE KEY-----" in text or "users:" in text or ("://" in text and bool(_CREDENTIALS.search(text)))
    )


def _fault(text: str) -> str | None:
    if "PRIVATE KEY-----" in text and _PRIVATE_KEY.search(text):
        return "holds a private key"
    if "clusters:" in text and "users:" in text and _KUBECONFIG.search(text):
        return "holds a kubeconfig with its credentials"
    return "holds a password in an address" if "://" in text and _CREDENTIALS.search(text) else None


def _texts(node: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, Mapping):
        for key, child in node.items():
            yield from _texts(child, (*path, key))
    elif isinstance(node, list | tuple):
        for index, child in enumerate(node):
            yield from _texts(child, (*path, index))
