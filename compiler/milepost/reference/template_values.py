"""Template values for the reference; a test holds this table to the values that lower really gives."""

from __future__ import annotations

from milepost.lower.template_texts import DEVICE_COLUMNS, NODE_COLUMNS, STATION_COLUMNS
from milepost.model.template import language, work
from milepost.reference import markdown_text

_IN_NODES = ", ".join(f"`{name}`" for name in (*NODE_COLUMNS.fields, "roles", "architecture"))

_IN_DEVICES = ", ".join(f"`{name}`" for name in DEVICE_COLUMNS.fields)


def _columns() -> dict[str, str]:
    """What a station's row in inventory carries, in the words of its model."""
    told: dict[str, str] = {}
    for name, field in STATION_COLUMNS.fields.items():
        absent = "" if field.is_required() else " Nothing where it is not given."
        told[f"station.{name}"] = f"{field.description}{absent}"
    return told


VALUES = {
    "fleet.name": "Name of the Fleet.",
    "province.name": "Name of the Province.",
    "group.name": "Name of the StationGroup; also the namespace.",
    "group.road.code": "Number of the expressway.",
    "group.road.name": "Name of the expressway.",
    "group.road.from": "First stake mark of the section, or nothing.",
    "group.road.to": "Last stake mark of the section, or nothing.",
    "application.name": "Name of the Application.",
    "application.version": "The version that runs in this group: a wave moves it.",
    "component.name": "Name of the component.",
    **_columns(),
    "station.name": "Name of the station.",
    "station.title": "What people call it; its name where that is not given.",
    "station.province": "Its Province.",
    "station.labels": "Its labels, inherited ones included, by key.",
    "station.nodes": f"Its nodes in order of name, each with {_IN_NODES}.",
    "station.addresses": "Its virtual addresses by name, such as `station.addresses['cameras']`; of several that move "
    "together, the first.",
    "station.devices": f"Its devices in order of name, each with {_IN_DEVICES}.",
    "values": "Values set at any level, by name, such as `values.log_level`; the nearest level wins.",
}
"""Known when Milepost compiles: in ``env``, ``args`` and ``files``."""

NODE_VALUES = {
    "node.name": "The node that the pod runs on.",
    "node.address": "That node's address.",
}
"""Known on the node alone, through Kubernetes' downward API: in ``env`` and ``args``."""

_PROSE = """
## Template values

`env`, `args` and `files` are [Jinja2](https://jinja.palletsprojects.com/) templates in a sandbox. A name that does not
exist is an error ([MP5001](../diagnostics/MP5001.md)), never an empty text. A text that names `station` or `values`
differs from station to station, so each station gets an object of its own; one that names neither is shared.

"""

_JINJA = "https://jinja.palletsprojects.com/en/stable/templates"
_LANGUAGE = f"""
### Template language

Statements, operators, filters and tests mean what they mean in [Jinja2]({_JINJA}/). A line that holds nothing but statements
leaves no line behind (its indentation stays); behind a statement that shares its line with text, the line break is kept. A
comment is written with a blank, `{{# why #}}`; any other `{{#`, as in a shell's `${{#LANES}}`, is refused, since Jinja
would leave out all that follows: put `{{% raw %}}` and `{{% endraw %}}` around such text. There are the statements `if`, `for`,
`set`, `macro`, `call`, `filter`, `block`, `with` and `raw`; those that read other templates (`include`, `import`, `from`,
`extends`) are refused. `*` works on numbers alone, `**` not at all, and `'%02d' % lane` pads a number. A text may take
{work.STEPS:,} steps (turns of loops, calls, items that are looked at) and have {work.TEXT // 2**20} MiB, widths go up to
{work.WIDTH}, and macros call each other {work.DEPTH} deep; beyond that the template is refused, on every machine alike.

"""


_QUOTING = """
### Text in config files

A title or a value may hold quotes, colons, `#`, `$`, backslashes. A filter writes it so that the program that reads the
file gets that very text; it brings the quotes along, so write none around it. A file whose name tells its format wants
one for every such text ([MP2044](../diagnostics/MP2044.md)), and what comes out is parsed, at every station
([MP5002](../diagnostics/MP5002.md)). `format` of the file says what its name does not, or `text` for something else.

"""
_FILTERS = {
    "yaml": "in YAML: `title: {{ station.title | yaml }}`. Numbers, `true`, `false` and lists as such, nothing as `null`",
    "json": "in JSON, and in TOML",
    "shell": "as one word of a shell script: `TITLE={{ station.title | shell }}`",
    "ini": "in an INI file: bare, or in double quotes where it holds quotes, `;`, `#`, `=`, brackets, backslashes, or blanks "
    "around it. A line break is refused",
    "properties": "in a Java properties file, with `\\u` for all that is not ASCII",
}


def section() -> str:
    """The part of the reference about templates."""
    rows = [(markdown_text.code(name), meaning, "`env`, `args`, `files`") for name, meaning in VALUES.items()]
    rows += [(markdown_text.code(name), meaning, "`env`, `args`") for name, meaning in NODE_VALUES.items()]
    return (
        _PROSE
        + markdown_text.table(("value", "meaning", "where"), rows)
        + _LANGUAGE
        + _language()
        + _quoting()
    )


def _quoting() -> str:
    rows = [(markdown_text.code(name), meaning) for name, meaning in _FILTERS.items()]
    return _QUOTING + markdown_text.table(("filter", "writes a value"), rows)


def _language() -> str:
    kinds = {
        "filters": language.FILTERS,
        "tests": language.TESTS,
        "methods of text": language.TEXT_METHODS,
        "methods of mappings": language.MAPPING_METHODS,
        "methods of lists": language.LIST_METHODS,
    }
    rows = [(kind, ", ".join(map(markdown_text.code, sorted(names)))) for kind, names in kinds.items()]
    return markdown_text.table(("there are", ""), rows)
