"""Topology rules: each stands between components, and names each once."""

from __future__ import annotations

from milepost.diagnostics import Code, Related, Sink
from milepost.model.parsed import ParsedSpec

MP2027 = Code(
    "MP2027",
    "component named twice in a rule",
    "A topology rule says how different components stand to each other. Instances of one component never share a node, "
    "whatever rules there are; `spread` with that one name says so for readers.",
    "topology: [{apart: [service, service]}]\n",
)
_HINTS = {
    "together": "name the other component, or remove the rule",
    "apart": "name the other component, or remove the rule: instances of one component never share a node",
    "spread": "name it once: its instances are on different nodes then",
    "standby": "name it once",
    "mutual": "name it once; `addresses` may give it several",
}


def check(spec: ParsedSpec, sink: Sink) -> None:
    for application in spec.applications.values():
        for index, rule in enumerate(application.model.spec.topology):
            for form, hint in _HINTS.items():
                at = application.at.of("spec", "topology", index, form)
                first: dict[str, int] = {}
                for place, name in enumerate(getattr(rule, form) or ()):
                    if first.setdefault(name, place) != place:
                        sink.report(
                            MP2027,
                            f'the rule names "{name}" twice',
                            at.of(place).span,
                            related=[Related("first named here", at.of(first[name]).span)],
                            hint=hint,
                        )
