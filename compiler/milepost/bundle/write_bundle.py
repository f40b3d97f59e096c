"""The bundle on disk: bootstrap files of the site alone, check lists, images, and checksums last."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from milepost.bundle.checklist import as_html, as_text, checklist
from milepost.bundle.oci_layout import OciLayout
from milepost.bundle.site import BundleSite
from milepost.bundle.site_images import SiteImage, site_images
from milepost.model import layout
from milepost.model.edge_nodes import edge_class
from milepost.model.plan import Plan
from milepost.staging import clean, locked, replace_together

SUMS = "SHA256SUMS"


def bundle_files(plan: Plan, tree: Mapping[str, bytes], site: BundleSite) -> dict[str, bytes]:
    """Path to bytes, without images: what of a province's ``tree`` the site's nodes need, and their check lists."""
    group = site.group.name
    places = tuple(f"bootstrap/hosts/{group}/{s.name}/" for s in site.stations)
    classes = {edge_class(node).name for node, _ in site.nodes()}
    wanted: set[str] = {layout.JOIN_SCRIPT, layout.JOIN_KERNEL, layout.JOIN_VERSION, layout.HOSTS_SCRIPT}
    wanted |= {f"bootstrap/edgecore/{name}.{kind}" for name in classes for kind in ("yaml", "env")}
    found: dict[str, bytes] = {path: tree[path] for path in sorted(wanted) if path in tree}
    others = [s.name for s in site.group.stations if s not in site.stations]
    for path in tree:
        near = path.startswith((f"bootstrap/hosts/{group}/", f"bootstrap/proxy/{group}/"))
        foreign = path.startswith(tuple(f"bootstrap/hosts/{group}/{name}/" for name in others))
        if path.startswith(places) or (near and not foreign):
            found[path] = tree[path]
    found[layout.JOIN_LIST.path(group=group)] = _rows(tree[layout.JOIN_LIST.path(group=group)], site)
    images = site_images(plan, site)
    for node, station in site.nodes():
        lines, title = checklist(plan, site, node, station, images), f"{node.name} at {station.name}"
        found[f"checklists/{node.name}.txt"] = as_text(title, lines).encode()
        found[f"checklists/{node.name}.html"] = as_html(title, lines).encode()
    found["images.txt"] = "".join(
        f"{i.repository}:{i.version}@{i.digest} {i.size}\n" for i in images
    ).encode()
    return found


def write_bundle(
    folder: Path, files: Mapping[str, bytes], images: list[SiteImage], layout_of: OciLayout | None
) -> None:
    """Everything below ``folder``. Raises RegistryError; what was fetched by then stays for the next run."""
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        clean(folder)
        if layout_of is not None:
            # Gone while it would not be true.
            (folder / SUMS).unlink(missing_ok=True)
            layout_of.add(images)
        # Files and sums together: killed at any moment, the folder has all of them or those of before.
        replace_together(folder, {**files, SUMS: "".join(_sums(folder, files)).encode()})


def _rows(table: bytes, site: BundleSite) -> bytes:
    """The join list of the site's nodes alone."""
    names = {node.name for node, _ in site.nodes()}
    head, *rows = table.decode().splitlines(keepends=True)
    return "".join([head, *(row for row in rows if row.partition("\t")[0] in names)]).encode()


def _sums(folder: Path, files: Mapping[str, bytes]) -> Iterator[str]:
    """As ``sha256sum`` writes and checks them: of ``files``, and of images but for what is still being fetched."""
    sums = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    for path in (p for p in (folder / "images").rglob("*") if p.is_file() and p.suffix != ".part"):
        with path.open("rb") as file:
            sums[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return (f"{sums[path]}  {path}\n" for path in sorted(sums))
