"""Registry tier order: from the centre outward, and what each says of its mirror fits together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from milepost.diagnostics import Code, Related, Sink, did_you_mean
from milepost.model.document import Path
from milepost.model.parsed import ParsedDocument, ParsedSpec
from milepost.model.spec import RegistryTierDocument
from milepost.model.spec.registry_tier import MirrorEntry, RegistryTierSpec
from milepost.validate.address_placeholders import HOLE, MP2051

MP2050 = Code(
    "MP2050",
    "registry tier out of order",
    "Tiers form a tree: the centre pulls from nobody, and every other tier pulls from one nearer to the centre. A tier "
    "without a parent would serve nothing but what somebody pushes to it.",
    "kind: RegistryTier\nmetadata: {name: section}\nspec:\n  level: station-group\n  endpoint: http://mirror.{group}.example:5000\n",
)
MP2052 = Code(
    "MP2052",
    "inconsistent registry tier",
    "A mirror runs in a province's cluster or on a node of it, so none is run for the centre. An `https://` endpoint "
    "needs a certificate and an `http://` endpoint cannot use one. A cloud node is known by its labels alone, an edge "
    "node has no StorageClass and no load balancer. Nodes of a `rewrite` tier have no hosts.toml, so nothing can carry "
    "credentials or a CA to them, and references can be rewritten for a whole station group only.",
    "kind: RegistryTier\nspec:\n  level: province\n  endpoint: https://mirror.{province}.example\n"
    "  parent: centre\n  mirror: {image: registry, version: 2.8.3, storage: {size: 1Ti, path: /var/lib/registry}}\n",
)
LEVELS = ("center", "province", "station-group", "station")
"""From the centre outward."""
PLACEHOLDERS = {
    "center": (),
    "province": ("province",),
    "station-group": ("province", "group", "address"),
    "station": ("province", "group", "station", "address"),
}
Fault = tuple[Path, str, str]


def check(spec: ParsedSpec, sink: Sink) -> None:
    for parsed in spec.registry_tiers.values():
        body = parsed.model.spec
        _check_parent(parsed, spec.registry_tiers, sink)
        for name in HOLE.findall(body.endpoint):
            known = PLACEHOLDERS[body.level]
            if name not in known:
                at = parsed.document.span("spec", "endpoint")
                message = f'"{{{name}}}" means nothing for a tier of level {body.level}'
                sink.report(MP2051, message, at, hint=did_you_mean(name, known))
        for path, message, hint in _faults(body):
            sink.report(MP2052, message, parsed.document.span("spec", *path), hint=hint)


def _check_parent(
    parsed: ParsedDocument[RegistryTierDocument],
    tiers: Mapping[str, ParsedDocument[RegistryTierDocument]],
    sink: Sink,
) -> None:
    body, at = parsed.model.spec, parsed.document
    if body.parent is None:
        if body.level != "center":
            message = f'registry tier "{parsed.name}" of level {body.level} pulls from nobody'
            sink.report(
                MP2050, message, at.key_span("spec"), hint="name a parent: the tier that it pulls from"
            )
        return
    parent = tiers.get(body.parent)
    if parent is None or parent is parsed:  # a dangling name and a loop are reported where names are resolved
        return
    if LEVELS.index(parent.model.spec.level) >= LEVELS.index(body.level):
        sink.report(
            MP2050,
            f'registry tier "{parsed.name}" of level {body.level} pulls from "{parent.name}", which is not nearer to the centre',
            at.span("spec", "parent"),
            related=[Related("the parent's level", parent.document.span("spec", "level"))],
            hint="name a tier nearer to the centre, or change the level",
        )
    # A reference that names the section's mirror leads there directly; hosts.toml of the
    # station is for another host and is never read.
    elif body.level == "station" and parent.model.spec.mode == "rewrite":
        sink.report(
            MP2052,
            f'references name "{parent.name}", so a mirror of the station would never be asked',
            at.span("spec", "parent"),
            related=[Related("the parent rewrites them", parent.document.span("spec", "mode"))],
            hint="use hosts there, or leave this tier out",
        )


def _faults(body: RegistryTierSpec) -> Iterator[Fault]:
    if body.mode == "rewrite":
        yield from _rewrite_faults(body)
    if body.ca is not None and body.endpoint.startswith("http:"):
        yield ("ca",), "an http:// endpoint has no certificate to check", "use https://, or leave ca out"
    if body.station_types and body.level != "station":
        yield ("stationTypes",), "only a tier of level station is for some stations", "leave it out"
    if body.mirror is None:
        if "{address}" in body.endpoint:
            yield (
                ("endpoint",),
                '"{address}" needs a mirror that Milepost runs',
                "add mirror, or write the address",
            )
    elif body.level == "center":
        yield (
            ("mirror",),
            "no tree is rendered for the centre, so no mirror can run there",
            "leave mirror out",
        )
    else:
        yield from _mirror_faults(body, body.mirror)


def _rewrite_faults(body: RegistryTierSpec) -> Iterator[Fault]:
    if body.level == "station":
        yield (
            ("mode",),
            "references are rewritten for a whole station group",
            "use hosts, or a station-group tier",
        )
    if body.credentials is not None:
        yield (
            ("credentials",),
            "nodes without hosts.toml cannot be given credentials",
            "use hosts, or pull anonymously",
        )
    if body.ca is not None:
        yield (
            ("ca",),
            "nodes without hosts.toml cannot be given a CA",
            "install the CA with the nodes and leave ca out",
        )


def _mirror_faults(body: RegistryTierSpec, mirror: MirrorEntry) -> Iterator[Fault]:
    if body.credentials is not None:
        hint = "leave credentials out, or let somebody else run the tier"
        yield ("credentials",), "a mirror that Milepost runs asks nobody for credentials", hint
    if body.endpoint.startswith("https:") and mirror.tls is None:
        yield (
            ("mirror",),
            "an https:// endpoint needs a certificate",
            "name its Secret in mirror.tls, or use http://",
        )
    if body.endpoint.startswith("http:") and mirror.tls is not None:
        yield (
            ("mirror", "tls"),
            "an http:// endpoint cannot use a certificate",
            "use https://, or leave tls out",
        )
    if body.level == "province":
        # Cloud nodes are in no inventory, so profiles, roles and station types mean nothing for
        # them.
        named = mirror.nodes.model_dump(exclude_defaults=True, by_alias=True)
        for key in sorted(named.keys() - {"labels"}):
            yield ("mirror", "nodes", key), "cloud nodes are known by their labels alone", "use labels"
        if mirror.storage.path is not None and not mirror.nodes.labels:
            hint = "give the node that holds the data a label and select it, or use class"
            yield (
                ("mirror", "storage", "path"),
                "the mirror may start on another node and find nothing there",
                hint,
            )
        return
    if mirror.storage.storage_class is not None:
        yield ("mirror", "storage", "class"), "an edge node has no StorageClass", "use path"
    if mirror.expose != "host":
        yield ("mirror", "expose"), "an edge node has no load balancer", "leave expose out"
