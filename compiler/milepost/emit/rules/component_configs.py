"""CloudCore and EdgeCore configurations, as files for machines or as ConfigMaps: values that they refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model import kinds

MP6045 = Code(
    "MP6045",
    "invalid KubeEdge configuration",
    "CloudCore rewrites its own ConfigMap at start where numbers do not fit its node limit, and GitOps writes it back: a "
    "loop. An empty advertised address makes it crash. EdgeCore takes one of WebSocket and QUIC, has no setting for an "
    "HTTP proxy, and must speak more often than CloudCore's patience lasts. Tokens live for a day and are secret.",
    "# lower makes configurations of KubeEdge; a patch cannot reach them\n",
)
_KIND = re.compile(r"^kind: (CloudCore|EdgeCore)\s*$", re.MULTILINE)
_GONE = re.compile(r"^ *(nodeUpgradeJobController|imagePrePullJobController):", re.MULTILINE)
_NO_ADDRESS = re.compile(r'^ *advertiseAddress:( *\[ *(""|\'\')? *\])? *\n(?! *- *[^\s"\'])', re.MULTILINE)
_PROXY = re.compile(r"^ *(httpProxy|httpsProxy|proxyUrl|proxyURL|HTTPS?_PROXY):", re.MULTILINE)
_TOKEN = re.compile(r'^ *token: *"?[^\s"]', re.MULTILINE)
_SWITCH = re.compile(r"^( *)(websocket|quic):\n(?:\1 +.*\n)*?\1 +enable: *true", re.MULTILINE)


def check(rendered: Rendered, findings: Findings) -> None:
    configs = list(_configs(rendered))
    for obj, kind, text in configs:
        for fault in _cloud(text) if kind == "CloudCore" else _edge(text):
            findings.add(MP6045, obj, (), fault)
    # The slowest node decides: CloudCore drops whoever was silent for `keepaliveInterval`.
    heartbeat = max(
        (_number(text, "heartbeat", 15) for _, kind, text in configs if kind == "EdgeCore"), default=0
    )
    for obj, kind, text in configs:
        if kind == "CloudCore" and _number(text, "keepaliveInterval", 30) <= heartbeat:
            findings.add(
                MP6045,
                obj,
                (),
                f"has a keepaliveInterval no longer than a heartbeat of {heartbeat} seconds",
            )


def _configs(rendered: Rendered) -> Iterator[tuple[RenderedObject, str, str]]:
    for text in rendered.texts:
        # A plain search first: join lists are long.
        if "Core" in text.text and (match := _KIND.search(text.text)):
            yield (
                RenderedObject({"kind": match[1], "metadata": {"name": "configuration"}}, text.path),
                match[1],
                text.text,
            )
    for obj in rendered.of(kinds.CONFIG_MAP.name):
        for value in (obj.body.get("data") or {}).values():
            if match := _KIND.search(value or ""):
                yield obj, match[1], value


def _cloud(text: str) -> Iterator[str]:
    if match := _GONE.search(text):
        yield f"has the switch {match[1]}, which no longer exists; taskManager is the one"
    if _NO_ADDRESS.search(text):
        yield "advertises no address, so CloudCore crashes"
    limit = _number(text, "nodeLimit", 500)
    for key, least in _ADJUSTED.items():
        # `AdjustCloudCoreConfig` of KubeEdge, with its integer division. A value below makes
        # CloudCore write its whole ConfigMap anew at start.
        wanted = least[0] * limit // least[1] + least[2]
        if _number(text, key, 0) < wanted:
            yield f"has no {key} of {wanted} for {limit} nodes, so CloudCore rewrites its ConfigMap at every start"


_ADJUSTED = {
    "qps": (5, 1, 0),
    "burst": (10, 1, 0),
    "queryNodeWorkers": (1, 1, 0),
    "patchNodeWorkers": (1, 50, 100),
    "createLeaseWorkers": (1, 1, 0),
    "patchNode": (1, 2, 1024),
    "queryNode": (1, 1, 1024),
    "createLease": (1, 1, 1024),
}
"""What CloudCore raises numbers to at start: nodes times the first, over the second, plus the third."""


def _edge(text: str) -> Iterator[str]:
    # EdgeCore's validation refuses both at once; it starts with exactly one.
    if len({match[2] for match in _SWITCH.finditer(text)}) > 1:
        yield "turns both websocket and quic on"
    if match := _PROXY.search(text):
        yield f"sets {match[1]}, which EdgeCore does not have"
    if _TOKEN.search(text):
        yield "holds a token"


def _number(text: str, key: str, default: int) -> int:
    match = re.search(rf"^ *{key}: *(\d+)", text, re.MULTILINE)
    return int(match[1]) if match else default
