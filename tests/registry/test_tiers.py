"""What tiers say of each other and of the inventory: which are refused, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compiling import Compilation, compile_spec
from milepost.model.registry_routing import RegistrySite
from registry.tiers import HOST, IN_CLUSTER, MIRROR, NODES, ON_NODE, compile_tiers, three, tier, write_fleet
from small import document, group, profile


def said(compiled: Compilation, code: str) -> str:
    """The only message of a code."""
    found = [d for d in compiled.diagnostics if d.code.id == code]
    assert len(found) == 1, compiled.said
    return f"{found[0].message} | {found[0].hint}"


def names(compiled: Compilation, group_name: str = "g4", station: str = "") -> list[list[str]]:
    chains = compiled.provinces["north"].plan.registry.chains[RegistrySite(group_name, station)]
    return [[hop.tier.name for hop in chain] for chain in chains]


def test_a_chain_leads_from_the_section_to_the_centre(tmp_path: Path) -> None:
    """Without a word of complaint."""
    compiled = compile_tiers(tmp_path, three())
    assert compiled.diagnostics == ()
    assert names(compiled) == [["section", "province", "centre"]]


def test_a_tier_may_be_left_out(tmp_path: Path) -> None:
    """A section may pull from the centre itself, and a fleet may have a centre alone."""
    centre, _, section = three(section={"parent": "centre"})
    assert names(compile_tiers(tmp_path / "a", [centre, section])) == [["section", "centre"]]
    assert names(compile_tiers(tmp_path / "b", [centre])) == [["centre"]]


def test_a_section_that_a_tier_is_not_for_asks_the_next(tmp_path: Path) -> None:
    """`groups` names those with a mirror; the others go to the province, and need no node for one."""
    stations = "name,group,type\na,g4,toll-station\nb,g5,toll-station\n"
    nodes = NODES + "b1,b,box,server,,\n"
    tiers = [*three(section={"groups": ["g4"]}), group("g5")]
    compiled = compile_tiers(tmp_path, tiers, stations=stations, nodes=nodes)
    assert not compiled.errors, compiled.said
    assert names(compiled, "g4") == [["section", "province", "centre"]]
    assert names(compiled, "g5") == [["province", "centre"]]


def test_each_centre_has_a_chain_of_its_own(tmp_path: Path) -> None:
    """A cache is a copy of one upstream, so two registries of images are two chains."""
    compiled = compile_tiers(tmp_path, [*three(), tier("vendor", "center", "https://vendor.example")])
    assert names(compiled) == [["section", "province", "centre"], ["vendor"]]


def test_two_tiers_for_one_place_are_refused(tmp_path: Path) -> None:
    """Which is asked first would depend on their order."""
    twin = tier("twin", "station-group", "http://10.0.0.1:5000", parent="province")
    assert "both serve station group g4" in said(compile_tiers(tmp_path, [*three(), twin]), "MP4070")


@pytest.mark.parametrize(
    ("nodes", "what"),
    [
        (NODES.replace("section", ""), "fits no node in station group g4"),
        (NODES.replace("a2,a,box,server,,", "a2,a,box,server,,section"), "fits 2 nodes: a1, a2"),
    ],
)
def test_a_mirror_runs_on_exactly_one_node(tmp_path: Path, nodes: str, what: str) -> None:
    """None is no mirror; of several, one could be another tomorrow."""
    assert what in said(compile_tiers(tmp_path, three(), nodes=nodes), "MP4071")


def test_a_mirror_needs_the_address_that_its_endpoint_names(tmp_path: Path) -> None:
    """`{address}` of a node without one."""
    compiled = compile_tiers(tmp_path, three(), nodes=NODES.replace("127.0.0.13", ""))
    assert "needs the address of node a1, which has none" in said(compiled, "MP4072")


def test_a_mirror_must_fit_on_its_node_s_disk(tmp_path: Path) -> None:
    """The box has 64Gi."""
    larger = {"mirror": MIRROR | ON_NODE | {"storage": {"size": "100Gi", "path": "/var/lib/registry"}}}
    assert "cannot run on node a1: 100Gi on a disk that leaves less" in said(
        compile_tiers(tmp_path, three(section=larger)), "MP4072"
    )


def test_the_mirror_s_image_must_cover_every_node_of_its_site(tmp_path: Path) -> None:
    """It also puts hosts.toml on them; the message names the architecture and the node."""
    nodes = NODES + "a3,a,arm,lane,,\n"
    tiers = [*three(), profile("arm", architecture="arm64")]
    web = {"nodes": {"roles": ["server"]}}
    message = said(compile_tiers(tmp_path, tiers, nodes=nodes, web=web), "MP4072")
    assert "has no build for arm64, so hosts.toml cannot be put on node a3" in message


def test_an_unlocked_mirror_is_refused_like_any_image(tmp_path: Path) -> None:
    """Version 2.8.4 is named by the Image, and in no lock."""
    spec = write_fleet(tmp_path, three())
    lock = spec / "images.lock.yaml"
    lock.write_text(lock.read_text().replace('"2.8.3"', '"2.8.2"'))
    assert 'image "mirror" version 2.8.3' in said(compile_spec(spec), "MP4010")


def test_a_mirror_too_small_for_its_images_is_a_warning(tmp_path: Path) -> None:
    """It would fetch the same layers again and again; the message says how much there is."""
    small = {"mirror": MIRROR | ON_NODE | {"storage": {"size": "1Ki", "path": "/var/lib/registry"}}}
    spec = write_fleet(tmp_path, three(section=small))
    lock = spec / "images.lock.yaml"
    layer = f'"size": 1000000, "layers": [{{"digest": "sha256:{"1" * 64}", "size": 3000000}}]'
    lock.write_text(lock.read_text().replace('"size": 1000000', layer))
    compiled = compile_spec(spec)
    assert not compiled.errors
    assert 'registry tier "section" holds 1Ki, and the images behind it have 3 MiB' in said(
        compiled, "MP4073"
    )


def test_a_tier_that_nobody_restarts_is_a_warning_where_others_stand_behind_it(tmp_path: Path) -> None:
    """containerd waits for it without end; the last one has nobody behind it."""
    compiled = compile_tiers(tmp_path, three(province={"mirror": None}))
    assert not compiled.errors
    assert 'registry tier "province"' in said(compiled, "MP4074")


def test_images_of_another_registry_are_a_warning(tmp_path: Path) -> None:
    """Every node would pull them over the line for itself."""
    tiers = [tier("centre", "center", "https://elsewhere.example")]
    assert f'image "web" comes from {HOST}' in said(compile_tiers(tmp_path, tiers), "MP4075")


@pytest.mark.parametrize(
    ("tiers", "code", "what"),
    [
        (three(section={"parent": None}), "MP2050", "pulls from nobody"),
        (
            three(province={"parent": "section"}, section={"parent": "centre"}),
            "MP2050",
            "which is not nearer",
        ),
        (three(centre={"parent": "province"}, province={"parent": None}), "MP2050", None),
        (three(province={"endpoint": "http://m.{group}.example"}), "MP2051", '"{group}" means nothing'),
        (three(section={"endpoint": "http://m.{grupo}.example"}), "MP2051", "group"),
        (three(section={"endpoint": "http://m.{group.example"}), "MP2051", "means nothing"),
        (three(centre={"mirror": MIRROR | IN_CLUSTER}), "MP2052", "no mirror can run there"),
        (three(section={"endpoint": "https://m.example"}), "MP2052", "needs a certificate"),
        (three(section={"mirror": MIRROR | ON_NODE | {"tls": "x"}}), "MP2052", "cannot use a certificate"),
        (three(section={"ca": "x"}), "MP2052", "no certificate to check"),
        (three(section={"credentials": "x"}), "MP2052", "asks nobody for credentials"),
        (
            three(section={"mirror": MIRROR | ON_NODE | {"storage": {"size": "1Gi", "class": "x"}}}),
            "MP2052",
            "StorageClass",
        ),
        (
            three(section={"mirror": MIRROR | ON_NODE | {"expose": "load-balancer"}}),
            "MP2052",
            "no load balancer",
        ),
        (three(section={"stationTypes": ["gantry"]}), "MP2052", "only a tier of level station"),
        (three(province={"mirror": MIRROR | IN_CLUSTER | {"nodes": {"roles": ["server"]}}}), "MP2052", None),
        (three(province={"mirror": MIRROR | IN_CLUSTER | {"nodes": {}}}), "MP2052", "find nothing there"),
        (three(section={"endpoint": "http://{address}:5000", "mirror": None}), "MP2052", "needs a mirror"),
        (
            three(province={"mode": "rewrite", "mirror": None, "credentials": "x"}),
            "MP2052",
            "without hosts.toml",
        ),
        (
            [*three(), tier("x", "station", "http://x.example", parent="section", mode="rewrite")],
            "MP2052",
            "whole station group",
        ),
        (
            [*three(section={"mode": "rewrite"}), tier("x", "station", "http://x.example", parent="section")],
            "MP2052",
            "never be asked",
        ),
        (three(section={"provinces": ["nroth"]}), "MP3001", "north"),
        (three(section={"groups": ["g44"]}), "MP3001", "g4"),
        (
            three(section={"mirror": MIRROR | ON_NODE | {"version": "2.8.4"}}),
            "MP3001",
            "has no version 2.8.4",
        ),
        (three(section={"mirror": MIRROR | ON_NODE | {"image": "miror"}}), "MP3001", "mirror"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    tmp_path: Path, tiers: list[Any], code: str, what: str | None
) -> None:
    """With a hint that says what would."""
    compiled = compile_tiers(tmp_path, tiers)
    found = [d for d in compiled.diagnostics if d.code.id == code]
    assert found, compiled.said
    assert all(d.hint for d in found)
    assert what is None or any(what in f"{d.message} {d.hint}" for d in found), compiled.said


def test_a_mirror_s_image_is_one_repository(tmp_path: Path) -> None:
    """It runs where Milepost knows no architecture, and on nodes of all of them."""
    split = document(
        "Image", "split", {"repositories": {"amd64": f"{HOST}/mirror/x86"}, "versions": ["2.8.3"]}
    )
    tiers = [*three(section={"mirror": MIRROR | ON_NODE | {"image": "split"}}), split]
    assert "has a repository per architecture" in said(compile_tiers(tmp_path, tiers), "MP3008")
