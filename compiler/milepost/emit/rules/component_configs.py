"""CloudCore and EdgeCore configurations, as files for machines or as ConfigMaps: what the programs would refuse or rewrite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.component_faults import ConfigError, component_faults, read_config
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.emit.schemas.component_schemas import effective
from milepost.model import kinds

MP6045 = Code(
    "MP6045",
    "invalid KubeEdge configuration",
    "CloudCore rewrites its own ConfigMap at start where numbers do not fit its node limit, and GitOps writes it back: a "
    "loop. An empty advertised address makes it crash. EdgeCore takes one of WebSocket and QUIC, has no setting for an "
    "HTTP proxy, and must speak more often than CloudCore's patience lasts. Tokens live for a day and are secret. Unknown "
    "keys, which the programs drop without a word, are found by the schemas of KubeEdge 1.23.1 and EdgeMesh 1.17.0.",
    "# lower makes configurations of KubeEdge; a patch cannot reach them\n",
)
_KIND = re.compile(r"^kind: (CloudCore|EdgeCore|EdgeMeshAgent|EdgeMeshGateway)\s*$", re.MULTILINE)
_HEARTBEAT = ("modules", "edgeHub", "heartbeat")
_PATIENCE = ("modules", "cloudHub", "keepaliveInterval")


def check(rendered: Rendered, findings: Findings) -> None:
    sound: list[tuple[RenderedObject, Mapping[str, Any]]] = []
    for obj, kind, text in _configs(rendered):
        try:
            body = read_config(text)
            faults = list(component_faults(kind, body))
        except ConfigError as error:
            body, faults = {}, [str(error)]
        for fault in faults:
            findings.add(MP6045, obj, (), fault)
        sound += [] if faults else [(obj, body)]
    _patience(sound, findings)


def _patience(configs: list[tuple[RenderedObject, Mapping[str, Any]]], findings: Findings) -> None:
    # The slowest node decides: CloudCore drops whoever was silent for `keepaliveInterval`.
    edges = [body for _, body in configs if body["kind"] == "EdgeCore"]
    heartbeat = max((effective("EdgeCore", body, *_HEARTBEAT) for body in edges), default=0)
    for obj, body in configs:
        if body["kind"] == "CloudCore" and effective("CloudCore", body, *_PATIENCE) <= heartbeat:
            words = f"has a keepaliveInterval no longer than a heartbeat of {heartbeat} seconds"
            findings.add(MP6045, obj, (), words)


def _configs(rendered: Rendered) -> Iterator[tuple[RenderedObject, str, str]]:
    for text in rendered.texts:
        # A plain search first: join lists are long.
        if ("Core" in text.text or "EdgeMesh" in text.text) and (match := _KIND.search(text.text)):
            heading = {"kind": match[1], "metadata": {"name": "configuration"}}
            yield RenderedObject(heading, text.path), match[1], text.text
    for obj in rendered.of(kinds.CONFIG_MAP.name):
        for value in (obj.body.get("data") or {}).values():
            if match := _KIND.search(value or ""):
                yield obj, match[1], value
