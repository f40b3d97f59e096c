"""Output checks: schemas and rules over every rendered object, so that nothing leaves that a cluster would refuse.

Patches and imported manifests can put anything into an object, so what is checked is the object and not the spec. It
is checked at compile time, when the author can still act. Asks no cluster and no network; changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from milepost.diagnostics import Sink
from milepost.emit import rules, schema_check
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.model.manifest import ManifestTemplate, StaticFile
from milepost.model.province_settings import ClusterVersions


def check_output(
    templates: Iterable[ManifestTemplate],
    texts: Iterable[StaticFile],
    cluster: ClusterVersions,
    sink: Sink,
    known_secrets: frozenset[str] = frozenset(),
) -> None:
    """Report into ``sink`` what is wrong with objects for ``cluster``; rules see those that have the right shape."""
    rendered, findings = Rendered(templates, texts, cluster, known_secrets), Findings()
    # Before the rules, which may then take types as given. An object without its shape gets one
    # message instead of one from each rule.
    schema_check.check(rendered, findings)
    rules.check(rendered, findings)
    if not findings:
        rendered.sound.remember()
    findings.send(sink)
