"""Unquoted texts: a template that puts a text of the spec into a file of a known format goes through that format's filter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from milepost.diagnostics import Code, Severity, Sink
from milepost.model.config_format import FILTERS, TITLES, format_of
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedSpec
from milepost.model.spec.application import ApplicationSpec, ConfigFile
from milepost.model.template import BadTemplateError, unquoted
from milepost.model.template.template_place import told

MP2044 = Code(
    "MP2044",
    "text in a config file without a filter",
    "A title or a value may hold a quote, a colon, `#`, a backslash or `$`, and the name of the file says that something "
    "reads it as YAML, JSON, TOML, INI, properties or a shell script. The filters `yaml`, `json` (also for TOML), `ini`, "
    "`properties` and `shell` write a text so that it is read as that text; they bring the quotes along. Nothing is said "
    "of a value that a level sets to a number, or that a `valuesSchema` limits by `type: integer`, `number` or `boolean`, "
    "`enum`, `const`, `pattern` or `format`, nor of names, addresses and stake marks.",
    "files:\n  - path: /etc/station.yaml\n    content: 'title: {{ station.title }}'\n",
    Severity.WARNING,
)
_FREE = {("station", "title"), ("group", "road"), ("station", "labels")}
_LIMITS = {"enum", "const", "pattern", "format"}
_TYPES = {"integer", "number", "boolean"}


def check(spec: ParsedSpec, sink: Sink) -> None:
    numbers = cache(lambda: _numbers(spec))
    for parsed in spec.applications.values():
        body = parsed.model.spec
        for index, component in enumerate(body.components):
            for position, file in enumerate(component.files):
                if (form := format_of(file.path, file.format)) == "text":
                    continue
                at = parsed.at.of("spec", "components", index, "files", position)
                for name, line, place, text in _free(file, at, spec):
                    if not (name[0] == "values" and (_limited(name[1], body, spec) or name[1] in numbers())):
                        _report(name, form, line, place, text, sink)


def _report(
    name: tuple[str, ...], form: str, line: int, place: DocumentOrigin, text: str, sink: Sink
) -> None:
    said, written = ".".join(name), FILTERS[form]
    span, related, where = told(place, text, line)
    sink.report(
        MP2044,
        f"{said} may be any text, and goes as it is into a file that is read as {TITLES[form]}{where}",
        span,
        hint=f"write {{{{ {said} | {written} }}}}, without quotes of your own",
        related=related,
    )


def _free(
    file: ConfigFile, at: DocumentOrigin, spec: ParsedSpec
) -> Iterator[tuple[tuple[str, ...], int, DocumentOrigin, str]]:
    """Free texts that the template of a file writes: name, line, the place of the template, and its text."""
    if file.content is not None:
        place, text = at.of("content"), file.content
    else:
        found = spec.source.files.get(file.template or "")
        place, text = at.of("template"), found.text if found else ""
    try:
        uses = unquoted(text)
    except BadTemplateError:
        return  # told by the rule about templates
    for name, line in uses:
        if _is_free(name):
            yield name, line, place, text


def _is_free(name: tuple[str, ...]) -> bool:
    """Whether the spec may have any text there."""
    if name[0] == "values":
        return len(name) > 1
    return name[:2] in _FREE and (name[1] != "road" or name[2:3] == ("name",))


def _numbers(spec: ParsedSpec) -> set[str]:
    """Values that are numbers, or true or false, wherever a document sets them: a cell of a table is then read as one, too."""
    holders: list[Any] = [spec.fleet, *spec.provinces.values(), *spec.station_groups.values()]
    every: list[tuple[str, Any]] = [item for parsed in holders for item in parsed.model.spec.values.items()]
    texts = {name for name, value in every if isinstance(value, str)}
    return {name for name, _ in every} - texts


def _limited(name: str, body: ApplicationSpec, spec: ParsedSpec) -> bool:
    """Whether a schema says more of the value than that it is text."""
    return any(_limits(schema, name) for schema in (spec.fleet.model.spec.values_schema, body.values_schema))


def _limits(schema: Mapping[str, Any] | None, name: str) -> bool:
    own = ((schema or {}).get("properties") or {}).get(name)
    if isinstance(own, Mapping) and isinstance(reference := own.get("$ref"), str):
        definitions = (schema or {}).get("$defs") or {}
        own = {**definitions.get(reference.removeprefix("#/$defs/"), {}), **own}
    return isinstance(own, Mapping) and (bool(own.keys() & _LIMITS) or own.get("type") in _TYPES)
