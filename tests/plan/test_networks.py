"""Station networks: what shares a LAN, what clashes on it, and VRIDs that nothing else moves."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiling import Compilation, write_files
from milepost import pipeline
from milepost.diagnostics import Sink
from milepost.model.fleet import Fleet, Station, VirtualAddress
from milepost.model.origin import RowOrigin
from milepost.model.row_record import records
from milepost.model.spec import VirtualAddressRow
from milepost.plan.network.lans import lans
from milepost.plan.passes import station_networks
from small import application, base, compile_components, component, files, image

STATIONS = "name,group,type,subnets,gateways,vlan\n"
NODES = "name,station,profile,roles,address\n"
ADDRESSES = "name,station,addresses,vrid\n"
TABLES = {"addresses": ["addresses.csv"]}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """A province with one station ``a`` and one of its subnets."""
    root = tmp_path_factory.mktemp("plain")
    stations = f"{STATIONS}a,g4,toll-station,10.43.0.0/22,,\n"
    documents = [*base(), image("web"), application("app", [component()])]
    write_files(root, files(documents, stations=stations).items())
    sink = Sink()
    shared = pipeline.read(root, sink)
    assert shared is not None
    fleet = pipeline.fleet(shared, "north", sink)
    assert fleet is not None
    return fleet


def with_addresses(fleet: Fleet, rows: Mapping[str, tuple[str, str | None]]) -> Fleet:
    """``rows`` maps the name of a virtual address of station ``a`` to the address and what its column vrid says."""
    (group,) = fleet.province.groups
    (station,) = group.stations
    assert isinstance(station.origin, RowOrigin)
    names = sorted(rows)
    columns: Iterable[list[object]] = (
        list(names),
        ["a"] * len(names),
        [[rows[n][0]] for n in names],
        [rows[n][1] for n in names],
        [None] * len(names),
    )
    origin = RowOrigin(station.origin.table, 0)
    made = [VirtualAddress(row.name, row, origin) for row in records(VirtualAddressRow, columns)]
    return with_stations(fleet, [replace(station, addresses=tuple(made))])


def with_stations(fleet: Fleet, stations: Iterable[Station]) -> Fleet:
    (group,) = fleet.province.groups
    return Fleet(fleet.catalog, replace(fleet.province, groups=(replace(group, stations=tuple(stations)),)))


def numbers(fleet: Fleet) -> dict[str, int] | None:
    """VRID by name, or None where the LAN is refused."""
    sink = Sink()
    found = station_networks.run(fleet, sink)
    return None if sink.failed else {name: router.vrid for (_, name), router in found.routers.items()}


@pytest.mark.slow
def test_no_edit_moves_the_vrid_of_another_address(plain: Fleet) -> None:
    """10,000 random edits: addresses come and go, move, and write numbers of their own."""
    dice = random.Random(20260)
    rows: dict[str, tuple[str, str | None]] = {}
    before = numbers(with_addresses(plain, rows)) or {}
    accepted = 0
    for _ in range(10_000):
        name, after = f"v{dice.randrange(40)}", dict(rows)
        if name in rows and dice.random() < 0.5:
            del after[name]
        else:
            address = f"10.43.{dice.randrange(4)}.{dice.randrange(1, 255)}"
            after[name] = address, str(dice.randrange(1, 256)) if dice.random() < 0.2 else None
        found = numbers(with_addresses(plain, after))
        if found is None:
            continue
        accepted += 1
        kept = rows.keys() & after.keys() - {name}
        assert {n: found[n] for n in kept} == {n: before[n] for n in kept}
        assert len(set(found.values())) == len(found)
        assert all(found[n] == int(vrid) for n, (_, vrid) in after.items() if vrid is not None)
        rows, before = after, found
    assert accepted > 3_000


def test_what_is_refused_is_what_clashes(plain: Fleet) -> None:
    """Of random LANs exactly those are refused in which two addresses have one number or one address, or none."""
    dice = random.Random(7)
    for _ in range(500):
        rows = {
            f"v{n}": (
                f"10.43.{dice.randrange(2)}.{dice.randrange(0, 256)}",
                str(dice.randrange(1, 256)) if dice.random() < 0.3 else None,
            )
            for n in range(dice.randrange(1, 12))
        }
        wanted = [int(vrid or address.rpartition(".")[2]) for address, vrid in rows.values()]
        clash = len(set(wanted)) < len(wanted) or 0 in wanted
        twice = len({address for address, _ in rows.values()}) < len(rows)
        edge = any(address == "10.43.0.0" for address, _ in rows.values())
        assert (numbers(with_addresses(plain, rows)) is None) == (clash or twice or edge), rows


def test_a_lan_of_256_addresses_is_refused_once(plain: Fleet) -> None:
    """255 hold, each with a number written beside it; one more does not, and is told in one message."""
    rows: dict[str, tuple[str, str | None]] = {
        f"v{n}": (f"10.43.{n // 200}.{n % 200 + 1}", str(n + 1)) for n in range(255)
    }
    assert len(numbers(with_addresses(plain, rows)) or {}) == 255
    sink = Sink()
    station_networks.run(with_addresses(plain, {**rows, "more": ("10.43.3.1", None)}), sink)
    assert [d.code.id for d in sink if d.code.id == "MP4093"] == ["MP4093"]


@given(
    st.lists(
        st.tuples(st.integers(0, 7), st.integers(27, 31), st.sampled_from([None, "7", "9"])),
        min_size=1,
        max_size=7,
    )
)
@settings(max_examples=200, deadline=None)
def test_stations_share_a_lan_where_subnets_overlap_in_one_vlan(
    plain: Fleet, drawn: list[tuple[int, int, str | None]]
) -> None:
    """As joining every pair that overlaps, one by one, would find it."""
    (station,) = plain.province.groups[0].stations
    stations = []
    for number, (part, length, vlan) in enumerate(drawn):
        net = ip_network(f"10.9.0.{part * 32}/{length}")
        row = station.row._replace(subnets=[str(net)], vlan=vlan)  # type: ignore[attr-defined]
        stations.append(replace(station, name=f"s{number}", row=row))
    groups = [{s.name} for s in stations]
    for one in stations:
        for other in stations:
            nets = [ip_network(s.row.subnets[0]) for s in (one, other)]
            if one.row.vlan == other.row.vlan and nets[0].overlaps(nets[1]):  # type: ignore[arg-type]
                joined = [g for g in groups if {one.name, other.name} & g]
                groups = [g for g in groups if g not in joined] + [set.union(*joined)]
    found = [{s.name for s in lan.stations} for lan in lans(with_stations(plain, stations).province)]
    assert sorted(map(sorted, found)) == sorted(map(sorted, groups))


def compiled(tmp_path: Path, stations: str, nodes: str, addresses: str = "") -> Compilation:
    return compile_components(
        tmp_path,
        component(),
        stations=STATIONS + stations,
        nodes=NODES + nodes,
        province_fields=TABLES if addresses else {},
        more={"addresses.csv": ADDRESSES + addresses} if addresses else {},
    )


def codes(made: Compilation) -> list[str]:
    return [d.code.id for d in made.diagnostics]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("10.43.1.11", []),
        ("10.43.1.1", ["MP4091"]),
        ("10.43.1.0", ["MP4092"]),
        ("10.43.1.255", ["MP4092"]),
        ("10.43.2.11", ["MP4090"]),
        ("8.8.8.8", ["MP4090"]),
    ],
)
def test_a_node_has_an_address_of_its_own_on_its_lan(tmp_path: Path, address: str, said: list[str]) -> None:
    """Inside of the subnet, and not the router's."""
    made = compiled(tmp_path, "a,g4,toll-station,10.43.1.0/24,10.43.1.1,\n", f"a1,a,box,server,{address}\n")
    assert codes(made) == said


def test_equal_subnets_in_two_vlans_are_two_lans(tmp_path: Path) -> None:
    """The same addresses may stand in both."""
    nodes = "a1,a,box,server,10.43.1.11\nb1,b,box,server,10.43.1.11\n"
    apart = "a,g4,toll-station,10.43.1.0/24,,7\nb,g4,toll-station,10.43.1.0/24,,8\n"
    assert codes(compiled(tmp_path / "apart", apart, nodes)) == []
    assert codes(compiled(tmp_path / "shared", apart.replace("8\n", "7\n"), nodes)) == ["MP4091"]


def test_one_address_of_ipv6_is_one_however_it_is_written(tmp_path: Path) -> None:
    stations = "a,g4,toll-station,10.43.1.0/24 fd00:43::/64,fd00:43::c8,\n"
    made = compiled(tmp_path, stations, "a1,a,box,server,10.43.1.11\n", "cameras,a,fd00:43:0:0::00c8,\n")
    assert codes(made) == ["MP4091"]


def test_a_link_between_two_has_no_broadcast_address(tmp_path: Path) -> None:
    """Both addresses of a /31 are hosts (RFC 3021)."""
    made = compiled(
        tmp_path,
        "a,g4,toll-station,10.43.1.0/31,,\n",
        "a1,a,box,server,10.43.1.0\na2,a,box,server,10.43.1.1\n",
    )
    assert codes(made) == []


def test_ip_networks_of_texts_are_those_of_python() -> None:
    """The quick reading of a subnet gives the first and the last address that Python's own gives."""
    from milepost.plan.network.parsed_addresses import number, span

    for text in ("10.43.1.0/24", "0.0.0.0/0", "10.0.0.1/32", "10.43.1.128/25", "fd00:43::/64", "::/0"):
        net = ip_network(text)
        assert span(text) == (net.version, int(net.network_address), int(net.broadcast_address))
        assert number(str(net[0])) == (net.version, int(ip_address(str(net[0]))))
