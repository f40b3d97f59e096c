"""hosts.toml: what is written, and what the strict reader refuses because containerd would not say a word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compiling import Compilation
from milepost.lower.hosts_faults import hosts_faults
from objects import Object, objects, one, pod_spec
from registry.tiers import HOST, NODES, compile_tiers, three, tier
from small import group

TOML = "north/bootstrap/hosts/g4/127.0.0.11_5000_/hosts.toml"
GOOD = """\
server = "https://registry.example"

[host."http://mirror.example:5000"]
  capabilities = ["pull", "resolve"]
  ca = "section.crt"
  [host."http://mirror.example:5000".header]
  Authorization = "Basic x"
"""


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_a_sound_file_has_no_faults() -> None:
    """Everything that Milepost writes is known to the reader."""
    assert hosts_faults(GOOD) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (changed('"resolve"', '"resolv"'), "exactly the capabilities"),
        (changed('["pull", "resolve"]', '["pull"]'), "exactly the capabilities"),
        (changed('  capabilities = ["pull", "resolve"]\n', ""), "exactly the capabilities"),
        (changed("  ca =", "  skip_verify = true\n  skip_verifi ="), "unknown key skip_verifi"),
        (changed("  ca =", '  dial_timeout = "1s"\n  ca ='), "unknown key dial_timeout"),
        (changed('  ca = "section.crt"', '  skip_verify = "true"'), "skip_verify is not of type bool"),
        (changed("server =", 'servers = "x"\nserver ='), "unknown key servers"),
        (changed('server = "https://registry.example"\n', ""), "public host would be asked"),
        ('server = "https://registry.example"\n', "no [host] table"),
        ('server = "https://registry.example"\n[host]\n', "no [host] table"),
        ("server = \n[host", "not TOML"),
        (changed("mirror.example:5000", "mirror.example:5000:9"), "is not the address of a registry"),
        (changed("mirror.example:5000", "mirror.example:70000"), "is not the address of a registry"),
        (changed("mirror.example", "mirror-.example"), "is not the address of a registry"),
        (changed("http://mirror", "mirror"), "is not the address of a registry"),
        (changed('"Basic x"', "1"), "header Authorization is not text"),
        ('server = "https://r.example"\nhost = "x"\n', "no [host] table"),
        ('server = "https://r.example"\n[host]\n"http://m.example" = 1\n', "is not a table"),
    ],
)
def test_what_containerd_would_pass_over_in_silence_is_a_fault(text: str, fault: str) -> None:
    """Each of these makes containerd ignore the file, a key or a tier, and go to the image's public host."""
    assert any(fault in said for said in hosts_faults(text)), hosts_faults(text)


def test_the_order_is_section_province_centre(tmp_path: Path) -> None:
    """The nearest first; the centre is `server`, so that nothing beyond it is ever asked."""
    compiled = compile_tiers(tmp_path, three())
    text = compiled.files[TOML].decode()
    assert text.splitlines()[0] == "# Written by Milepost. section -> province -> centre"
    assert text.index("127.0.0.13:5000") < text.index("127.0.0.12:5000")
    assert f'server = "http://{HOST}"' in text
    assert compiled.diagnostics == ()


def test_a_daemon_set_carries_what_the_bootstrap_files_say(tmp_path: Path) -> None:
    """One text, in two places; the pod mounts it under the registry's folder and writes into containerd's."""
    compiled = compile_tiers(tmp_path, three())
    texts = one(compiled, "ConfigMap", "milepost-hosts")["data"]
    assert texts["127.0.0.11_5000_.hosts.toml"] == compiled.files[TOML].decode()
    assert texts["hosts.sh"] == compiled.files["north/bootstrap/hosts/hosts.sh"].decode()
    pod = pod_spec(one(compiled, "DaemonSet", "milepost-hosts"))
    assert _volume(pod, "certs")["hostPath"]["path"] == "/etc/containerd/certs.d"
    (source,) = _volume(pod, "wanted")["projected"]["sources"]
    assert source["configMap"]["items"] == [
        {"key": "127.0.0.11_5000_.hosts.toml", "path": "127.0.0.11_5000_/hosts.toml"}
    ]


def test_certificates_and_credentials_are_named_and_never_written(tmp_path: Path) -> None:
    """Secrets by name; in the file a place for them, which the node fills."""
    login = {"endpoint": "https://127.0.0.12:5000", "mirror": None, "ca": "ca", "credentials": "login"}
    compiled = compile_tiers(tmp_path, three(province=login))
    text = compiled.files[TOML].decode()
    assert 'ca = "province.crt"' in text
    assert 'Authorization = "Basic @province@"' in text
    pod = pod_spec(one(compiled, "DaemonSet", "milepost-hosts"))
    sources = _volume(pod, "wanted")["projected"]["sources"]
    named = {
        (s["secret"]["name"], i["key"], i["path"])
        for s in sources
        if "secret" in s
        for i in s["secret"]["items"]
    }
    folder = "127.0.0.11_5000_"
    assert named == {
        ("ca", "ca.crt", f"{folder}/province.crt"),
        ("login", "username", f"{folder}/province.username"),
        ("login", "password", f"{folder}/province.password"),
    }


def test_without_a_mirror_of_ours_nodes_get_the_file_when_they_join(tmp_path: Path) -> None:
    """There is no image that could write it later; the bootstrap files are there."""
    compiled = compile_tiers(tmp_path, [tier("centre", "center", f"http://{HOST}")])
    assert TOML in compiled.files
    assert not any(path.endswith("hosts.yaml") for path in compiled.files)


def test_groups_of_one_shape_share_all_but_their_names(tmp_path: Path) -> None:
    """Two sections: the same objects, each with its own mirror's address."""
    nodes = NODES + "b1,b,box,server,127.0.0.23,section\n"
    stations = "name,group,type\na,g4,toll-station\nb,g5,toll-station\n"
    compiled = compile_tiers(tmp_path, [*three(), group("g5")], nodes=nodes, stations=stations)
    assert not compiled.errors, compiled.said
    four, five = (compiled.files[f"north/groups/{g}/shared.hosts.yaml"].decode() for g in ("g4", "g5"))
    assert "http://127.0.0.13:5000" in four and "http://127.0.0.23:5000" in five
    assert _without_digest(four.replace("g4", "g5").replace("127.0.0.13", "127.0.0.23")) == _without_digest(
        five
    )


def test_stations_with_tiers_of_their_own_have_files_of_their_own(tmp_path: Path) -> None:
    """A mirror at the station goes before the section's; each node is written to by one DaemonSet."""
    nodes = NODES.replace("a2,a,box,server,,", "a2,a,box,server,127.0.0.33,station")
    at_station: dict[str, Any] = {
        "parent": "section",
        "mirror": {
            "image": "mirror",
            "version": "2.8.3",
            "nodes": {"labels": {"mirror": "station"}},
            "storage": {"size": "5Gi", "path": "/var/lib/registry"},
        },
    }
    compiled = compile_tiers(
        tmp_path, [*three(), tier("station", "station", "http://{address}:5000", **at_station)], nodes=nodes
    )
    assert not compiled.errors, compiled.said
    text = compiled.files["north/bootstrap/hosts/g4/a/127.0.0.11_5000_/hosts.toml"].decode()
    assert text.startswith("# Written by Milepost. station -> section -> province -> centre\n")
    (daemon_set,) = [o for o in _all(compiled, "DaemonSet") if "hosts" in o["metadata"]["name"]]
    assert daemon_set["metadata"]["name"] == "milepost-hosts-a"
    assert pod_spec(daemon_set)["nodeSelector"]["milepost.dev/station"] == "a"
    assert (
        pod_spec(one(compiled, "Deployment", "milepost-registry-station-a"))["nodeSelector"][
            "kubernetes.io/hostname"
        ]
        == "a2"
    )


def _all(compiled: Compilation, kind: str) -> list[Object]:
    return [body for _, body in objects(compiled.files) if body["kind"] == kind]


def _volume(pod: Object, name: str) -> Object:
    return next(volume for volume in pod["volumes"] if volume["name"] == name)


def _without_digest(text: str) -> list[str]:
    return [line for line in text.splitlines() if "milepost.dev/config" not in line]
