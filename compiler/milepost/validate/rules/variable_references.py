"""References between environment variables: what Kubernetes itself makes of ``$(NAME)`` and ``$$`` in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from milepost.diagnostics import Code, Related, Severity, Sink
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedSpec
from milepost.model.spec.application import ComponentEntry

MP2045 = Code(
    "MP2045",
    "variable used before it is set",
    "Kubernetes fills `$(NAME)` in a variable with the variables that stand before it in `env`, and leaves the text as it is "
    "where NAME comes later: the program would read `$(HOST)`. Variables of `secrets` can be used in all of `env`. `$$(NAME)` "
    "is how to write a reference that stays.",
    "env: {URL: 'http://$(HOST):80', HOST: db}\n",
)
MP2054 = Code(
    "MP2054",
    "two dollars that become one",
    "In variables, `command` and `args` Kubernetes reads `$$` as one dollar, so that a password with two of them would be "
    "another one. Each dollar is written twice, `$$$$`, where two are meant.",
    "env: {TOKEN: 'pa$$word'}\n",
    Severity.WARNING,
)
_REFERENCE = re.compile(r"\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)")
_TWO = re.compile(r"(?<!\$)(?:\$\$)(?![$(])")


def check(spec: ParsedSpec, sink: Sink) -> None:
    for parsed in spec.applications.values():
        for index, component in enumerate(parsed.model.spec.components):
            at = parsed.at.of("spec", "components", index)
            _check_order(component, at, sink)
            for place, text in _texts(component, at):
                if _TWO.search(text):
                    message = "Kubernetes makes one dollar of the two here"
                    sink.report(MP2054, message, place.span, hint="write $$$$ for two, or a single $ for one")


def _check_order(component: ComponentEntry, at: DocumentOrigin, sink: Sink) -> None:
    places = {name: at.of("env", name) for name in component.env}
    order = {name: position for position, name in enumerate(places)}
    for name, text in component.env.items():
        for used in filter(None, _REFERENCE.findall(text)):
            if order.get(used, -1) >= order[name]:
                itself = used == name
                message = f"{name} uses $({used}), which is {'itself' if itself else 'set after it'}"
                sink.report(
                    MP2045,
                    message,
                    places[name].span,
                    hint=f"write $$({used}) for the text itself" if itself else f"move {used} before {name}",
                    related=() if itself else [Related("set here", places[used].span)],
                )


def _texts(component: ComponentEntry, at: DocumentOrigin) -> Iterator[tuple[DocumentOrigin, str]]:
    yield from ((at.of("env", name), text) for name, text in component.env.items())
    for field, listed in (("command", component.command), ("args", component.args)):
        yield from ((at.of(field, index), text) for index, text in enumerate(listed or ()))
