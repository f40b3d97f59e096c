"""EdgeMesh DestinationRules: found by the Service's name, with the few policies that EdgeMesh knows."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.model import kinds
from milepost.model.manifest import fill

MP6044 = Code(
    "MP6044",
    "DestinationRule ignored by EdgeMesh",
    "EdgeMesh looks for a rule with the name and namespace of the Service and never reads its host. It knows ROUND_ROBIN, "
    "RANDOM and a consistent hash over a header or the source address; another policy can crash the agent on every node.",
    "# lower makes DestinationRules; a patch cannot reach them\n",
)
_KNOWN = ("ROUND_ROBIN", "RANDOM")


def check(rendered: Rendered, findings: Findings) -> None:
    rules = list(rendered.of(kinds.DESTINATION_RULE.name))
    services = _services(rendered) if rules else set()
    for rule in rules:
        # EdgeMesh never reads `spec.host`, which is what Istio goes by.
        if (rule.namespace, rule.name) not in services:
            findings.add(
                MP6044, rule, ("metadata", "name"), f'"{rule.name}" is not the name of a Service beside it'
            )
        balancer = rule.body["spec"]["trafficPolicy"]["loadBalancer"]
        where = ("spec", "trafficPolicy", "loadBalancer")
        if balancer.get("simple") not in (None, *_KNOWN):
            findings.add(MP6044, rule, (*where, "simple"), f'"{balancer["simple"]}" is not known to EdgeMesh')
        hashed = balancer.get("consistentHash") or {}
        if hashed.keys() - {"httpHeaderName", "useSourceIp"}:
            findings.add(
                MP6044, rule, (*where, "consistentHash"), "may only be over a header or the source address"
            )


def _services(rendered: Rendered) -> set[tuple[str, str]]:
    """Namespace and name of every Service at every instance."""
    return {
        (
            fill(str(metadata.get("namespace") or ""), instance.values),
            fill(str(metadata.get("name")), instance.values),
        )
        for manifest, template in rendered.stamped(kinds.SERVICE.name)
        for metadata in [manifest.body["metadata"]]
        for instance in template.instances
    }
