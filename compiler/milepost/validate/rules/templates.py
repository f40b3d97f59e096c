"""Templates can be read, and name documented values only, where those are known."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code, Sink, did_you_mean
from milepost.model.document import Path
from milepost.model.spec.application import Component
from milepost.model.template import NODE_ROOTS, ROOTS, BadTemplateError, roots
from milepost.model.written import Spec

MP2040 = Code(
    "MP2040",
    "template cannot be read",
    "Values of `env`, entries of `args` and config files are Jinja2 templates. A brace that opens must close. Where "
    "the text itself holds double braces, write `{{ '{{' }}`.",
    "env: {STATION: '{{ station.name'}\n",
)
MP2041 = Code(
    "MP2041",
    "unknown value in a template",
    "Templates see station, group, province, fleet, application, component and values; env and args also see node, "
    "which Kubernetes fills on the node itself. A config file is the same for all nodes that use it, so it cannot.",
    "env: {STATION: '{{ sation.name }}'}\n",
)


def check(spec: Spec, sink: Sink) -> None:
    for written in spec.applications.values():
        for index, component in enumerate(written.model.spec.components):
            for path, text, known in _templates(component, spec):
                at = written.document.span("spec", "components", index, *path)
                try:
                    unknown = sorted(roots(text) - known)
                except BadTemplateError as fault:
                    where = f" (line {fault.line} of the template)" if fault.line and "\n" in text else ""
                    sink.report(MP2040, f"the template cannot be read: {str(fault).rstrip('.')}{where}", at)
                    continue
                for name in unknown:
                    hint = (
                        "move it to env: config files have no node"
                        if name == "node"
                        else did_you_mean(name, known)
                    )
                    sink.report(MP2041, f'templates have no value "{name}" here', at, hint=hint)


def _templates(component: Component, spec: Spec) -> Iterator[tuple[Path, str, frozenset[str]]]:
    for name, text in component.env.items():
        yield ("env", name), text, ROOTS
    for index, text in enumerate(component.args or ()):
        yield ("args", index), text, ROOTS
    for index, file in enumerate(component.files):
        if file.content is not None:
            yield ("files", index, "content"), file.content, ROOTS - NODE_ROOTS
        elif (found := spec.source.files.get(file.template or "")) is not None:
            yield ("files", index, "template"), found.text, ROOTS - NODE_ROOTS
