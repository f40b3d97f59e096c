"""Numbered nodes: a text that counts a station's nodes gives most of them another number when one is replaced."""

from __future__ import annotations

from milepost.diagnostics import Code, Severity, Sink
from milepost.model.parsed import ParsedSpec
from milepost.model.template import first_numbered
from milepost.validate.template_texts_of_spec import report_texts

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
    report_texts(
        spec,
        sink,
        MP2043,
        lambda text: first_numbered(text, "station", "nodes"),
        "this text numbers nodes by the order of their names, which a replaced machine changes",
        "give the nodes a `slot` and write that: `{{ n.slot }}` in a loop `for n in station.nodes`",
    )
