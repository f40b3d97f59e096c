"""A version is one content for ever."""

from __future__ import annotations

from milepost.diagnostics import Code, Sink
from milepost.model.written import Spec

MP2022 = Code(
    "MP2022",
    "a tag that moves",
    "The tag `latest` stands for another content every week. What is pre-pulled and what is started must be the same, "
    "on a node that may have been off the network for days.",
    "kind: Image\nspec:\n  repository: registry.example/toll/redis\n  versions: [latest]\n",
)


def check(spec: Spec, sink: Sink) -> None:
    for written in spec.images.values():
        for index, version in enumerate(written.model.spec.versions):
            if version == "latest":
                sink.report(
                    MP2022,
                    f'image "{written.name}" names the tag latest',
                    written.document.span("spec", "versions", index),
                    hint="name a version that never moves",
                )
