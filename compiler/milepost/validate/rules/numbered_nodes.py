"""Numbered nodes: a text that counts a station's nodes gives most of them another number when one is replaced."""

from __future__ import annotations

from milepost.diagnostics import Code, Severity, Sink
from milepost.model.parsed import ParsedSpec
from milepost.model.template import BadTemplateError, first_numbered
from milepost.model.template.template_place import told
from milepost.validate.template_texts_of_spec import texts

MP2043 = Code(
    "MP2043",
    "nodes numbered by their order",
    "A station's nodes stand in order of name. A text that counts them (`loop.index`) tells each node which it is by that "
    "order, so a machine that is replaced, and has another name, moves the numbers of its neighbours: a database of a "
    "healthy machine would be told that it is another one. `slot`, a column of the nodes, stays with the place at the "
    "station. Where the number is for reading alone, `loop.index` does no harm.",
    'content: "{% for n in station.nodes %}server.{{ loop.index }}={{ n.address }}\\n{% endfor %}"\n',
    Severity.WARNING,
)


def check(spec: ParsedSpec, sink: Sink) -> None:
    for at, _, text in texts(spec):
        try:
            line = first_numbered(text, "station", "nodes")
        # Told by the rule about templates.
        except BadTemplateError:
            continue
        if line is not None:
            span, related, where = told(at, text, line)
            message = f"this text numbers nodes by the order of their names, which a replaced machine changes{where}"
            hint = "give the nodes a `slot` and write that: `{{ n.slot }}` in a loop `for n in station.nodes`"
            sink.report(MP2043, message, span, hint=hint, related=related)
