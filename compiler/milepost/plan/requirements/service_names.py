"""Service names: which components have a Service, and which texts of the spec reach one by its name.

Texts are looked at as the spec has them, before any station's values are filled in: what a template makes of values
alone is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from milepost.model import kinds
from milepost.model.fleet import Component
from milepost.model.origin import DocumentOrigin
from milepost.model.plan import Workload
from milepost.model.requirements import Reason

Text = tuple[str, str, DocumentOrigin, str | None]
"""What it is called, what it says, where the spec has it, and the file of the spec that holds it, if it is one."""


_BEHIND = 40
"""Characters after a name that tell of which station it is."""


def placed(
    workloads: Iterable[Workload], components: Mapping[tuple[str, str], Component]
) -> tuple[Component, ...]:
    """The components that these workloads run."""
    names = {(w.edition, member) for w in workloads for member in w.members}
    return tuple(component for name, component in components.items() if name in names)


def service_stems(components: Iterable[Component]) -> dict[str, Component]:
    """The name of every Service, up to what tells stations and instances apart, to its component."""
    return {
        f"{c.application}-{c.name}": c
        for c in components
        if c.settings.ports and c.settings.service and c.workload not in kinds.BATCH
    }


class Mention(NamedTuple):
    """A place where a text of ``component`` has the name of a Service; ``behind`` is what follows there."""

    component: Component
    service: str
    behind: str
    reason: Reason


def uses(components: Iterable[Component], stems: Iterable[str]) -> Iterator[Reason]:
    """Every text that names a Service: variables, commands, config files, patches and manifests."""
    for mention in mentions(components, stems):
        yield mention.reason


def mentions(components: Iterable[Component], stems: Iterable[str]) -> Iterator[Mention]:
    """The first place of each Service in each text."""
    longest_first = sorted(stems, key=lambda stem: (-len(stem), stem))
    if not longest_first:
        return
    names = "|".join(map(re.escape, longest_first))
    # A host name begins a text or follows what ends no word and no folder; "//" is the slash of a URL.
    named = re.compile(rf"(?:(?<![\w./-])|(?<=//))({names})(?![\w])")
    for component in components:
        owner = f"{component.application}/{component.name}"
        for called, text, origin, file in _texts(component):
            if not any(stem in text for stem in longest_first):  # most texts, and the pattern is slow
                continue
            first = {found[1]: found for found in reversed(list(named.finditer(text)))}
            for name, found in sorted(first.items()):
                line = f", {file}:{text.count(chr(10), 0, found.start()) + 1}," if file else ""
                reason = Reason(f"{called}{line} of {owner} names the Service {name}", origin)
                yield Mention(component, name, text[found.end() : found.end() + _BEHIND], reason)


def _texts(component: Component) -> Iterator[Text]:
    settings, origin = component.settings, component.origin
    for key, value in settings.env.items():
        yield f"variable {key}", value, origin.of("env", key), None
    for field in ("command", "args"):
        for index, word in enumerate(getattr(settings, field) or ()):
            yield field, word, origin.of(field, index), None
    for index, file in enumerate(settings.files):
        text = component.templates[file.path]
        yield f"file {file.path}", text, origin.of("files", index), file.template
    for text in _words(settings.patch):
        yield "patch", text, origin.of("patch"), None
    for text in _words(component.pod):
        yield "manifest", text, origin, None


def _words(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from _words(value)
    elif isinstance(node, list | tuple):
        for item in node:
            yield from _words(item)
