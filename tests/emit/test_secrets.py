"""Secrets wherever they stand in a tree: refused with a fingerprint, or acknowledged by it."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from compiling import Compilation, compile_spec, write_files
from small import NODES, application, base, component, document, files, image

TOKEN = "ghp_" + "a1" * 18
WHERE: dict[str, dict[str, Any]] = {
    "an argument": {"args": ["--verbose", "--db-password=letmein"]},
    "two arguments": {"args": ["--db-password", "letmein"]},
    "a command": {"command": ["sh", "-c", "redis-cli -a letmein ping"]},
    "a probe": {"probes": {"readiness": {"command": ["mysqladmin", "ping", "-uroot", "-pletmein"]}}},
    "a variable": {"env": {"DB_PASSWORD": "letmein"}},
    "a variable with a token": {"env": {"SOMETHING": TOKEN}},
    "a config file": {"files": [{"path": "/etc/app.ini", "content": "[db]\npassword = letmein\n"}]},
    "a template": {"files": [{"path": "/etc/app.ini", "content": "password = {{ values.pw }}\n"}]},
    "an annotation": {"patch": {"metadata": {"annotations": {"note": f"use {TOKEN}"}}}},
    "a label": {"patch": {"metadata": {"labels": {"note": "AKIAIOSFODNN7EXAMPLE"}}}},
    "a variable that is called TOKEN": {"env": {"TOKEN": "q7Rk2mZp9vXw4tBn"}},
    "Base64 in a variable": {
        "env": {"SETTINGS": b64encode(b"-----BEGIN EC PRIVATE KEY-----\nMHcC").decode()}
    },
    "a key in a block of YAML": {
        "files": [
            {
                "path": "/etc/app.yaml",
                "content": "tls:\n  key: |\n    -----BEGIN PRIVATE KEY-----\n    MIIEvQ\n",
            }
        ]
    },
    "a login in JSON": {
        "files": [
            {"path": "/etc/auth.json", "content": '{"auths": {"r.example": {"auth": "Ym90OmxldG1laW4="}}}\n'}
        ]
    },
    "words of a country": {"files": [{"path": "/etc/app.txt", "content": "用户: 张\n密码：letmein\n"}]},
    "a shell's line": {"command": ["sh", "-c", "docker login -u bot -p letmein registry.example"]},
    "an address": {"env": {"UPSTREAM": "amqp://bot:letmein@mq.example:5672/"}},
}


def compiled(folder: Path, own: dict[str, Any], *more: dict[str, Any]) -> Compilation:
    made = [*base(), image("web"), *more, application("app", [component("web", **own)])]
    fleet = next(one for one in made if one["kind"] == "Fleet")
    fleet["spec"].setdefault("values", {})["pw"] = "letmein"
    return compile_spec(write_files(folder, files(made).items()))


@pytest.mark.parametrize("own", WHERE.values(), ids=WHERE.keys())
def test_a_secret_is_refused_and_can_be_acknowledged(own: dict[str, Any], tmp_path: Path) -> None:
    """The message shows a fingerprint and nothing of the secret; a Policy that knows it lets it pass."""
    refused = compiled(tmp_path / "one", own)
    assert "MP6027" in refused.said, refused.said
    (fingerprint,) = set(re.findall(r"acknowledge ([0-9a-f]{16}) in", refused.said))
    known = {"fingerprint": fingerprint, "owner": "tolling", "reason": "a test", "until": "2030-01-01"}
    policy = document("Policy", "known", {"knownSecrets": [known]})
    assert "MP6027" not in compiled(tmp_path / "two", own, policy).said


def test_a_reference_is_no_secret(tmp_path: Path) -> None:
    """What the cluster fills in."""
    own = {"env": {"UPSTREAM": "amqp://bot:$(PASSWORD)@mq.example/"}, "args": ["--password=$(PASSWORD)"]}
    assert "MP6027" not in compiled(tmp_path, own).said


def test_a_column_of_a_table_is_looked_at_for_every_station(tmp_path: Path) -> None:
    """The first station stands for its shape, and what another one fills in is seen all the same."""
    stations = f"name,group,type,title,value:note\na,g4,toll-station,A,plain\nb,g4,toll-station,B,{TOKEN}\n"
    rows = NODES.splitlines()[1:]
    nodes = NODES + "".join(f"{row.replace('a', 'b', 1).replace(',a,', ',b,', 1)}\n" for row in rows)
    own = {"env": {"NOTE": "{{ values.note }}"}}
    made = [*base(), image("web"), application("app", [component("web", **own)])]
    plain = files(made, stations=stations.replace(TOKEN, "plain too"), nodes=nodes)
    assert not compile_spec(write_files(tmp_path / "plain", plain.items())).errors
    said = compile_spec(
        write_files(tmp_path / "spec", files(made, stations=stations, nodes=nodes).items())
    ).said
    assert "MP6027" in said and "a token of GitHub" in said and TOKEN not in said
