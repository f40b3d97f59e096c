"""Hard-coded versions: a wave is a line of each station group, as long as no text says which version runs."""

from __future__ import annotations

from milepost.diagnostics import Code, Severity, Sink
from milepost.model.parsed import ParsedSpec
from milepost.model.template import first_line
from milepost.validate.template_texts_of_spec import report_texts

MP2042 = Code(
    "MP2042",
    "hard-coded version in a template",
    "A version stands in one place, the release that a station group names, so that a wave changes one line per group. A "
    "text with `application.version` follows that line and is right at every moment; but every object that holds it "
    "changes with each wave as well, and where it also names station values, that is a file per station. Whoever reviews "
    "a wave then reads thousands of lines instead of a few.",
    "env: {VERSION: '{{ application.version }}'}\n",
    Severity.WARNING,
)


def check(spec: ParsedSpec, sink: Sink) -> None:
    report_texts(
        spec,
        sink,
        MP2042,
        lambda text: first_line(text, "application", "version"),
        "this text changes with each wave, and so does every object that holds it",
        "let the image tell the program its version, such as by ENV when it is built",
    )
