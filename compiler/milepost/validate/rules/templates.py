"""Template syntax and names: templates can be read, and name documented values only, where those are known."""

from __future__ import annotations

from milepost.diagnostics import Code, Sink, did_you_mean
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedSpec
from milepost.model.template import NODE_ROOTS, ROOTS, BadTemplateError, first_line, roots
from milepost.model.template.template_place import told
from milepost.validate.template_texts_of_spec import texts

MP2040 = Code(
    "MP2040",
    "invalid template syntax",
    "Values of `env`, entries of `args` and config files are Jinja2 templates. A brace that opens must close. Where "
    "the text itself holds double braces, write `{{ '{{' }}`. The reference lists the filters and tests that there are; "
    "statements that read other templates are none of them.",
    "env: {STATION: '{{ station.name'}\n",
)
MP2041 = Code(
    "MP2041",
    "unknown template value",
    "Templates see station, group, province, fleet, application, component and values; env and args also see node, "
    "which Kubernetes fills on the node itself. A config file is the same for all nodes that use it, so it cannot.",
    "env: {STATION: '{{ sation.name }}'}\n",
)


def check(spec: ParsedSpec, sink: Sink) -> None:
    for at, field, text in texts(spec):
        _check_template(at, text, ROOTS - NODE_ROOTS if field == "files" else ROOTS, sink)


def _check_template(at: DocumentOrigin, text: str, known: frozenset[str], sink: Sink) -> None:
    try:
        unknown = sorted(roots(text) - known)
    except BadTemplateError as fault:
        span, related, where = told(at, text, fault.line)
        message = f"the template cannot be read: {str(fault).rstrip('.')}{where}"
        sink.report(MP2040, message, span, hint=fault.hint, related=related)
        return
    for name in unknown:
        is_node = name == "node"
        hint = "move it to env: config files have no node" if is_node else did_you_mean(name, known)
        span, related, where = told(at, text, first_line(text, name))
        sink.report(MP2041, f'templates have no value "{name}" here{where}', span, hint=hint, related=related)
