"""Flux sources: small enough for a slow line to fetch."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.model import kinds

MP6052 = Code(
    "MP6052",
    "unbounded or too large Flux source",
    "A Git source pinned to a commit is cloned with its whole history; a range of versions is slow and moves. Without a "
    "timeout of its own a fetch ends after 60 seconds, which a slow line does not hold.",
    "# lower makes Flux's objects; a patch cannot reach them\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    for source in rendered.of(kinds.GIT_REPOSITORY.name, kinds.OCI_REPOSITORY.name):
        spec = source.body["spec"]
        if "timeout" not in spec:
            findings.add(MP6052, source, ("spec", "timeout"), "is missing")
        if len(spec["ref"]) != 1:
            findings.add(MP6052, source, ("spec", "ref"), "must name exactly one reference")
        # Flux clones with depth 1 for a branch or a tag, and without a limit for a commit that
        # names no branch.
        for field in spec["ref"].keys() & {"commit", "semver"}:
            findings.add(
                MP6052, source, ("spec", "ref", field), "must not be used; name a branch, a tag or a digest"
            )
        if spec.get("insecure"):
            findings.add(MP6052, source, ("spec", "insecure"), "fetches without TLS")
