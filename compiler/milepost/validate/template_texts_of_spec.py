"""Template texts of the spec: the env, the arguments and the config files of components."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from milepost.diagnostics import Code, Sink
from milepost.model.document import Path
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedSpec
from milepost.model.spec.application import ComponentEntry
from milepost.model.template import BadTemplateError
from milepost.model.template.template_place import told


def texts(spec: ParsedSpec) -> Iterator[tuple[DocumentOrigin, str, str]]:
    """Each template's place, its field (``env``, ``args`` or ``files``) and its text.

    For one in a file of its own, the place that names the file.
    """
    for parsed in spec.applications.values():
        for index, component in enumerate(parsed.model.spec.components):
            for path, text in _of_component(component, spec):
                yield (
                    DocumentOrigin(parsed.document, ("spec", "components", index, *path)),
                    str(path[0]),
                    text,
                )


def report_texts(
    spec: ParsedSpec, sink: Sink, code: Code, line_of: Callable[[str], int | None], message: str, hint: str
) -> None:
    """Report ``message`` of each text in which ``line_of`` finds a line. What is no template is another rule's to tell."""
    for at, _, text in texts(spec):
        try:
            line = line_of(text)
        except BadTemplateError:
            continue
        if line is not None:
            span, related, where = told(at, text, line)
            sink.report(code, f"{message}{where}", span, hint=hint, related=related)


def _of_component(component: ComponentEntry, spec: ParsedSpec) -> Iterator[tuple[Path, str]]:
    yield from ((("env", name), text) for name, text in component.env.items())
    yield from ((("args", index), text) for index, text in enumerate(component.args or ()))
    for index, file in enumerate(component.files):
        if file.content is not None:
            yield ("files", index, "content"), file.content
        elif (found := spec.source.files.get(file.template or "")) is not None:
            yield ("files", index, "template"), found.text
