"""keadm's flags and batch files, by the table of KubeEdge 1.23.1: what ``keadm join`` parses, and what it would refuse."""

from __future__ import annotations

import re
import shlex
from typing import Any

HOST_PORT = r"[a-z0-9.-]+:[0-9]{1,5}"
PAIR = r"[A-Za-z0-9./_-]+=[A-Za-z0-9._-]*"
FLAGS = {
    "--cloudcore-ipport": HOST_PORT,
    "--token": r"\S+",
    "--edgenode-name": r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?",
    "--certport": r"[0-9]{1,5}",
    "--hub-protocol": r"websocket|quic",
    "--cgroupdriver": r"cgroupfs|systemd",
    "--remote-runtime-endpoint": r"unix:///\S+",
    "--labels": rf"{PAIR}(,{PAIR})*",
    "--set": r"\S+=\S+",
    "--image-repository": r"[a-z0-9.:/-]+",
    "--kubeedge-version": r"v1\.[0-9]+\.[0-9]+",
    "--pre-run": r"/\S+",
    "--post-run": r"/\S+",
    "--certPath": r"/\S+",
    "--tarballpath": r"/\S+",
}
"""Flag to the form of its value; all fifteen of ``keadm join`` on Linux."""
WITHOUT_EFFECT = {"--certPath", "--tarballpath"}
KEADM_KEYS = {"keadmVersion", "archGroup", "download", "offlinePackageDir", "cmdTplArgs"}
NODE_KEYS = {"nodeName", "keadmCmd", "copyFrom", "ssh"}


def parse_join(command: str) -> dict[str, str]:
    """Flag to value. Asserts that keadm would take each."""
    join, *words = shlex.split(command)
    assert join == "join"
    found = {}
    for word in words:
        flag, equals, value = word.partition("=")
        assert equals and flag in FLAGS and flag not in found, word
        assert re.fullmatch(FLAGS[flag], value), word
        found[flag] = value
    assert "--cloudcore-ipport" in found, "required"
    assert not found.keys() & WITHOUT_EFFECT
    return found


def check_batch(body: dict[str, Any]) -> list[dict[str, str]]:
    """The flags of each node of a batch file. Asserts its shape: keadm drops an unknown key without a word."""
    assert body.keys() == {"keadm", "nodes"}
    keadm = body["keadm"]
    assert keadm.keys() <= KEADM_KEYS
    assert set(keadm["archGroup"]) <= {"amd64", "arm64", "arm"}
    names = [node["nodeName"] for node in body["nodes"]]
    assert len(set(names)) == len(names)
    found = []
    for node in body["nodes"]:
        assert node.keys() == NODE_KEYS
        kind = node["ssh"]["auth"]["type"]
        assert node["ssh"].keys() == {"ip", "username", "auth"}
        assert node["ssh"]["auth"].keys() == {
            "type",
            {"privateKey": "privateKeyAuth", "password": "passwordAuth"}[kind],
        }
        command = node["keadmCmd"]
        for name, value in keadm["cmdTplArgs"].items():
            command = command.replace("{{." + name + "}}", value)
        # A template argument that is missing renders as `<no value>` and is no error to keadm.
        assert "{{" not in command
        found.append(parse_join(command))
        assert found[-1]["--edgenode-name"] == node["nodeName"]
    return found
