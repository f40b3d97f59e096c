"""Where the templates of a component stand: in its env, its arguments and its config files."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.model.document import Path
from milepost.model.spec.application import Component
from milepost.model.written import Spec


def texts(component: Component, spec: Spec) -> Iterator[tuple[Path, str]]:
    """Each template with its path below the component; for one in a file of its own, the path that names the file."""
    yield from ((("env", name), text) for name, text in component.env.items())
    yield from ((("args", index), text) for index, text in enumerate(component.args or ()))
    for index, file in enumerate(component.files):
        if file.content is not None:
            yield ("files", index, "content"), file.content
        elif (found := spec.source.files.get(file.template or "")) is not None:
            yield ("files", index, "template"), found.text
