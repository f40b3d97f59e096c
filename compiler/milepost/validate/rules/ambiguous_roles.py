"""Role lists of selectors: whether a node must have all of several roles, or one, has to be said."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code, Sink
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedSpec
from milepost.model.spec.node_group import NodeSelector

MP2029 = Code(
    "MP2029",
    "ambiguous list of roles",
    "In a node selector a list such as `profiles` means one of several, since a node has one profile. A node may have "
    "several roles, so a list of roles can be read both ways, and the two differ by whole stations. `allRoles` means every "
    "one of them, `anyRole` at least one.",
    "nodes: {roles: [server, data]}\n",
)


def check(spec: ParsedSpec, sink: Sink) -> None:
    for selector, at in _selectors(spec):
        if len(selector.roles) > 1:
            names = ", ".join(selector.roles)
            sink.report(
                MP2029,
                f"roles: [{names}] can be read as every one of them or as one of them",
                at.of("roles").key_span,
                hint=f"write `allRoles: [{names}]` for every one, or `anyRole: [{names}]` for at least one",
            )


def _selectors(spec: ParsedSpec) -> Iterator[tuple[NodeSelector, DocumentOrigin]]:
    for application in spec.applications.values():
        for index, component in enumerate(application.model.spec.components):
            yield component.nodes, application.at.of("spec", "components", index, "nodes")
    for group in spec.node_groups.values():
        if group.model.spec.match is not None:
            yield group.model.spec.match, group.at.of("spec", "match")
    for tier in spec.registry_tiers.values():
        if tier.model.spec.mirror is not None:
            yield tier.model.spec.mirror.nodes, tier.at.of("spec", "mirror", "nodes")
