"""Mutable image tags: a version is one content for ever."""

from __future__ import annotations

from milepost.diagnostics import Code, Sink
from milepost.model.parsed import ParsedSpec

MP2022 = Code(
    "MP2022",
    "mutable image tag",
    "The tag `latest` stands for another content every week. What is pre-pulled and what is started must be the same, "
    "on a node that may have been off the network for days.",
    "kind: Image\nspec:\n  repository: registry.example/toll/redis\n  versions: [latest]\n",
)


def check(spec: ParsedSpec, sink: Sink) -> None:
    for parsed in spec.images.values():
        for index, version in enumerate(parsed.model.spec.versions):
            # Only this one is known to move by its name. What another tag stood for is held by
            # the lock.
            if version == "latest":
                sink.report(
                    MP2022,
                    f'image "{parsed.name}" names the tag latest',
                    parsed.document.span("spec", "versions", index),
                    hint="name a version that never moves",
                )
