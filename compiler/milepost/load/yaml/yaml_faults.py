"""YAML faults: what can be wrong with the meaning of YAML, and how it is said. ``construct`` finds it."""

from __future__ import annotations

from typing import Any

from milepost.diagnostics import Code, Related, Severity, Sink
from milepost.load.decode import MP1002, name_character
from milepost.load.quote import quote
from milepost.load.yaml.parse import ScalarEvent, YamlError, event_span, syntax_fault
from milepost.load.yaml.scalar_types import AmbiguousScalarError

MP1011 = Code(
    "MP1011",
    "duplicate key",
    "A mapping holds each key once. Most YAML readers keep the last of two equal keys without a word, so one of the "
    "two values would be lost.",
    "spec:\n  province: hunan\n  province: hubei",
)
MP1012 = Code(
    "MP1012",
    "key is not a string",
    "Keys are text, as they are in JSON and Kubernetes. A plain `8080`, `true` or `1.10` is a number or a truth value: "
    "`1.10` would become 1.1. Put it in quotes.",
    "versions:\n  1.10: {redis: 7.2.5}",
)
MP1013 = Code(
    "MP1013",
    "invalid alias",
    "`*name` repeats the value marked `&name` earlier in the same document. It may neither stand before its mark nor "
    "inside of it.",
    "resources: *small",
)
MP1016 = Code(
    "MP1016",
    "unsupported tag",
    "Values are text, numbers, truth values, null, lists and mappings. The only tags that may be written are "
    "`!!str` before a scalar, `!!seq` and `!!map`.",
    "image: !!binary aGVsbG8=",
)
MP1017 = Code(
    "MP1017",
    "document nested too deeply or expanded too far by aliases",
    "Values may be nested 100 levels deep. Aliases and `<<` may add about as many values as the file has characters; "
    "beyond that a small file could fill the memory of whoever reads it.",
    "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]   # and so on",
)
MP1018 = Code(
    "MP1018",
    "invalid merge key",
    "`<<` takes a mapping, or a list of mappings, whose entries are added where they are not given.",
    "labels:\n  <<: gantry",
)
MP1019 = Code(
    "MP1019",
    "number loses a trailing zero",
    "A plain `1.10` is the number 1.1, and a plain `706798e8` is 70679800000000: what was written does not reach a template "
    "or a label. Versions and codes of devices belong in quotes.",
    "values:\n  firmware: 1.10",
    Severity.WARNING,
)

_KEY_HINT = "a text that starts with { or [ needs quotes"


class YamlFaults:
    """The faults of one file, each reported at the event that shows it."""

    def __init__(self, text: str, path: str, sink: Sink) -> None:
        self._text, self._path, self._sink = text, path, sink

    def syntax(self, error: YamlError) -> None:
        self._sink.add(syntax_fault(error, self._text, self._path))

    def duplicate_key(self, key: str, event: Any, first: Any) -> None:
        related = (Related("first given here", event_span(first, self._path)),)
        message = f'the key "{quote(key)}" is given twice'
        self._sink.report(
            MP1011, message, event_span(event, self._path), hint="keep one of the two", related=related
        )

    def key_not_text(self, event: Any) -> None:
        plain = quote(event.value) if type(event) is ScalarEvent else ""
        message = f"the key {plain} is not text" if plain else "a key must be text"
        self._report(MP1012, message, event, f'write "{plain}" with its quotes' if plain else _KEY_HINT)

    def alias(self, event: Any, *, inside: bool) -> None:
        name = quote(event.anchor)
        message = (
            f"*{name} repeats a value that it is part of" if inside else f"nothing above is marked &{name}"
        )
        self._report(MP1013, message, event)

    def refused(self, event: Any, refused: AmbiguousScalarError) -> None:
        self._report(refused.code, refused.message, event, refused.hint)

    def changed_number(self, event: Any, number: float) -> None:
        message = f"{event.value} is read as the number {number!r}"
        why = "if it is text" if "e" in event.value.lower() else "if the zero counts"
        self._report(MP1019, message, event, f'write "{event.value}" {why}, otherwise {number!r}')

    def tag(self, event: Any) -> None:
        self._report(MP1016, f"the tag {quote(event.tag)} is not supported", event, "leave the tag out")

    def odd_character(self, event: Any, character: str) -> None:
        self._report(MP1002, f"{name_character(character)} may not stand in a fleet spec", event)

    def too_much(self, event: Any, message: str) -> None:
        self._report(MP1017, message, event, "write it flatter, with fewer aliases")

    def merge(self, event: Any) -> None:
        self._report(MP1018, "<< takes a mapping or a list of mappings", event)

    def _report(self, code: Code, message: str, event: Any, hint: str | None = None) -> None:
        self._sink.report(code, message, event_span(event, self._path), hint=hint)
