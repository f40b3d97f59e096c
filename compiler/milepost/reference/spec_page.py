"""The page of the spec, ``docs/reference/spec.md``: every kind, every field, from the models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from milepost.model import spec
from milepost.model.spec.base import KindModel
from milepost.reference import field_types, markdown_text, template_values

_HEAD = f"""{markdown_text.GENERATED}
# The fleet spec

A fleet spec is a folder of YAML documents and of tables. A document has `apiVersion: {spec.API_VERSION}`, a `kind`, a
`metadata.name` that no other document of its kind has, and a `spec`. Documents may stand many to a file or one, in any
folder: folders are for people. Unknown keys are refused. For an editor, start a file with

```yaml
# yaml-language-server: $schema=../schemas/spec/document.json
```

or print one kind's schema with `milepost schema Application`.

"""
_INHERITED = """
What is set at one level holds at every level below, until a nearer one says otherwise: fleet, province, station group,
managing station (`parent`), station, node. `labels`, `values` and `budgets` are inherited key by key, `access` as a whole;
`owners`, `approvers` and `readers` add up.
"""


def page(root: Path) -> str:
    """The whole page; ``root`` holds the example fleet, whose shortest document of a kind is shown."""
    told: set[type[BaseModel]] = set()
    kinds = "".join(_kind(model, root, told) for model in spec.KINDS.values())
    tables = "".join(_table(title, row, file, told) for title, row, file in _TABLES)
    lock = _lock(told)
    return _HEAD + _contents() + _INHERITED + kinds + tables + lock + template_values.section() + _types()


_TABLES: tuple[tuple[str, type[BaseModel], str], ...] = (
    ("Stations", spec.StationRow, "stations.csv"),
    ("Nodes", spec.NodeRow, "nodes.csv"),
    ("Virtual addresses", spec.VirtualAddressRow, "addresses.csv"),
    ("Devices", spec.DeviceRow, "devices.csv"),
)


def _contents() -> str:
    rows = [(f"[{name}]({markdown_text.anchor(name)})", _doc(model)) for name, model in spec.KINDS.items()]
    rows += [
        (f"[{title}]({markdown_text.anchor(title)})", f"`{file}`: {_doc(row)}")
        for title, row, file in _TABLES
    ]
    rows += [("[ImageLock](#imagelock)", _doc(spec.ImageLock))]
    rows += [
        ("[Template values](#template-values)", "What Jinja2 may name."),
        ("[Types](#types)", "Forms of text."),
    ]
    return markdown_text.table(("", ""), rows)


def _kind(model: type[KindModel], root: Path, told: set[type[BaseModel]]) -> str:
    body = model.model_fields["spec"].annotation
    assert isinstance(body, type) and issubclass(body, BaseModel)
    text = f"\n## {spec.published_name(model.__name__)}\n\n{_doc(model)}\n"
    example = _example(spec.published_name(model.__name__), root / "fleet-spec")
    if example:
        text += f"\n{markdown_text.block(example, 'yaml')}"
    return text + f"\n{_fields(body)}" + _parts(body, told)


def _table(title: str, model: type[BaseModel], file: str, told: set[type[BaseModel]]) -> str:
    return (
        f"\n## {title}\n\nA row of `{file}`, or an item of a YAML list. {_paragraph(model)}\n\n{_fields(model)}"
        + _parts(model, told)
    )


def _lock(told: set[type[BaseModel]]) -> str:
    return f"\n## ImageLock\n\n{_paragraph(spec.ImageLock)}\n\n{_fields(spec.ImageLock)}" + _parts(
        spec.ImageLock, told
    )


def _parts(model: type[BaseModel], told: set[type[BaseModel]]) -> str:
    """The models that this one is made of, each told once on the page."""
    text = ""
    for part in _inner(model):
        if part not in told:
            told.add(part)
            text += (
                f"\n### {spec.published_name(part.__name__)}\n\n{_paragraph(part)}\n\n{_fields(part)}"
                + _parts(part, told)
            )
    return text


def _inner(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for field in model.model_fields.values():
        yield from field_types.models(field.annotation)


def _fields(model: type[BaseModel]) -> str:
    hints = get_type_hints(model, include_extras=True)
    rows = [
        (
            markdown_text.code(field.alias or name),
            field_types.type_text(hints[name]),
            _default(field),
            field.description or "",
        )
        for name, field in model.model_fields.items()
    ]
    return markdown_text.table(("key", "type", "default", "meaning"), rows)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value: Any = field.default
    if field.default_factory is not None or value is None or isinstance(value, BaseModel):
        return ""
    text = f"[{', '.join(value)}]" if isinstance(value, list) else str(value)
    return markdown_text.code(text.lower() if isinstance(value, bool) else text)


def _doc(model: type[BaseModel]) -> str:
    """The first sentence or two of a model's docstring, which is its first paragraph."""
    return _paragraph(model).split("\n\n")[0]


def _paragraph(model: type[BaseModel]) -> str:
    lines = (model.__doc__ or "").strip().splitlines()
    return "\n".join(line.strip() for line in lines)


def _example(kind: str, fleet: Path) -> str:
    """The shortest document of ``kind`` in the example, without the comments around it."""
    texts = [
        text
        for file in sorted(fleet.rglob("*.yaml"))
        for text in file.read_text(encoding="utf-8").split("\n---\n")
    ]
    found = [t for t in texts if f"\nkind: {kind}\n" in f"\n{t}"]
    shown = ["\n".join(line for line in t.splitlines() if not line.startswith("#")).strip() for t in found]
    return min(shown, key=len, default="")


def _types() -> str:
    rows = [
        (n.words, n.meaning, markdown_text.code(n.pattern) if n.pattern and len(n.pattern) < 60 else "")
        for n in field_types.shared_types()
    ]
    return f"\n## Types\n\n{markdown_text.table(('type', 'meaning', 'form'), rows)}"
