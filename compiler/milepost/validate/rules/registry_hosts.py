"""Registry hosts of images: every repository names one, since runtimes read a name without one as Docker Hub's."""

from __future__ import annotations

from milepost.diagnostics import Code, Sink
from milepost.model.parsed import ParsedSpec

MP2032 = Code(
    "MP2032",
    "repository without a registry host",
    "The first part of a repository is a host where it has a dot or a port, or is `localhost`. Anything else Docker and "
    "containerd read as a name on Docker Hub, so that nodes would ask a registry that nobody meant.",
    "kind: Image\nspec: {repository: tolling/lane-backend, versions: [1.4.2]}\n",
)


def check(spec: ParsedSpec, sink: Sink) -> None:
    for image in spec.images.values():
        body = image.model.spec
        named: dict[tuple[str, ...], str | None] = {("repository",): body.repository}
        named |= {("repositories", name): found for name, found in (body.repositories or {}).items()}
        for path, repository in named.items():
            host = repository.partition("/")[0] if repository else ""
            # The rule of Docker's reference parser (`splitDockerDomain`), which containerd
            # shares.
            if host and not ("." in host or ":" in host or host == "localhost"):
                sink.report(
                    MP2032,
                    f'image "{image.name}" names no registry: nodes would pull {repository} as docker.io/{repository}',
                    image.document.span("spec", *path),
                    hint=f"write the host before it, or docker.io/{repository} where that is meant",
                )
