"""The allowed language of templates: Jinja's filters and tests, Milepost's quoting filters, methods of values.

Anything else is refused. Left out are filters that make something else at each call (``random``), show values as Python sees them (``pprint``), or
have no use in a config file, and methods whose results could be of any size. The reference is generated from this page.
"""

from __future__ import annotations

from milepost.model.template.quoting import QUOTING

FILTERS = frozenset({
    "abs", "attr", "batch", "capitalize", "count", "d", "default", "dictsort", "e", "escape",
    "filesizeformat", "first", "float", "forceescape", "groupby", "int", "items", "join", "last", "length",
    "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round", "safe",
    "select", "selectattr", "slice", "sort", "string", "sum", "title", "tojson", "trim", "truncate",
    "unique", "upper", "urlencode", "wordcount", "xmlattr", *QUOTING,
})  # fmt: skip
TESTS = frozenset({
    "!=", "<", "<=", "==", ">", ">=", "boolean", "defined", "divisibleby", "eq", "equalto", "even", "false",
    "float", "ge", "greaterthan", "gt", "in", "integer", "iterable", "le", "lessthan", "lower", "lt",
    "mapping", "ne", "none", "number", "odd", "sequence", "string", "true", "undefined", "upper",
})  # fmt: skip
TEXT_METHODS = frozenset({
    "capitalize", "casefold", "center", "count", "endswith", "find", "isalnum", "isalpha", "isascii",
    "isdecimal", "isdigit", "islower", "isnumeric", "isspace", "istitle", "isupper", "join", "ljust",
    "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rjust",
    "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title",
    "upper", "zfill",
})  # fmt: skip
MAPPING_METHODS = frozenset({"get", "items", "keys", "values"})
LIST_METHODS = frozenset({"count", "index"})
GROUP_FIELDS = frozenset({"grouper", "list"})
"""Of what the filter ``groupby`` gives."""
