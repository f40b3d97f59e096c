"""Check lists: one page for each node of a bundle, as text and as HTML, to be ticked off where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from milepost.bundle.site import BundleSite
from milepost.bundle.site_images import SiteImage
from milepost.model.edge_nodes import LineRoute, edge_class
from milepost.model.fleet import Node, Station
from milepost.model.plan import Plan


def checklist(
    plan: Plan, site: BundleSite, node: Node, station: Station, images: Sequence[SiteImage]
) -> list[str]:
    """What to look at and do, in order; each line is one thing."""
    profile = node.profile
    assert node.access is not None
    route: LineRoute = plan.routes.by_access[node.access.name]
    mine = [image for image in images if any(arch == profile.architecture for arch, _ in image.platforms)]
    lines = [
        f"Machine: {profile.vendor} {profile.model}, {profile.architecture}, {profile.memory >> 20} MiB, {profile.disk >> 30} GiB",
        f"Address {node.row.address or 'by DHCP'} in the LAN of {station.name}"
        + (f" ({station.row.title})" if station.row.title else ""),
        f"Roles: {', '.join(node.roles) or 'none'}; class {edge_class(node).name}",
        f"Line {node.access.name}: {route.server} and {route.certificates} answer from here",
        'containerd is installed, and its config.toml has config_path = "/etc/containerd/certs.d"',
        "The clock is right: certificates are refused otherwise",
        f"keadm v{plan.fleet.province.cluster.kubeedge} is installed; /etc/kubeedge is absent or empty",
        "sha256sum -c SHA256SUMS in the folder of the bundle says OK for every file",
    ]
    if mine:
        lines.append(
            f"tar -C images -cf - . | ctr -n k8s.io images import --platform linux/{profile.architecture} -   ({len(mine)} images)"
        )
    lines += [
        "MILEPOST_CERTIFICATES names the folder with registry certificates, if hosts.toml names any",
        f"KEADM_TOKEN=... sh bootstrap/join/join.sh node {node.name}   (the token is from today)",
        f"sh bootstrap/join/join.sh check {node.name} says ok in every line",
        f"kubectl get node {node.name} says Ready, and milepost inventory diff has nothing about it",
    ]
    return lines


def as_text(title: str, lines: Sequence[str]) -> str:
    return f"{title}\n{'=' * len(title)}\n\n" + "".join(f"[ ] {line}\n" for line in lines)


def as_html(title: str, lines: Sequence[str]) -> str:
    """A page of its own, without script and without anything from elsewhere; prints on one sheet."""
    items = "".join(f"<li><label><input type=checkbox> {escape(line)}</label>\n" for line in lines)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        "<style>body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto}li{list-style:none;margin:.6em 0}"
        "@page{margin:1.5cm}</style>\n"
        f"<h1>{escape(title)}</h1>\n<ul>\n{items}</ul>\n</html>\n"
    )
