"""Values schemas: values fit what the Fleet and Applications declare of them, at every level."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from milepost.diagnostics import Code, Related, Sink
from milepost.model.origin import DocumentOrigin, Origin, RowOrigin, Scalar
from milepost.model.parsed import NodeTable, ParsedSpec, StationTable
from milepost.model.values_schema import ValueFault, ValuesSchema

if TYPE_CHECKING:
    from milepost.model.schema_faults import SchemaFault

MP2060 = Code(
    "MP2060",
    "wrong values schema",
    "`valuesSchema` is a JSON Schema of draft 2020-12 for a mapping of names to text, numbers, true and false. A keyword "
    "that does not exist would limit nothing, so it is refused; so is a reference that leads out of the schema, since "
    "nothing is ever fetched.",
    "kind: Fleet\nspec:\n  valuesSchema: {properties: {speed_limit: {type: integer, maximun: 120}}}\n",
)
MP2061 = Code(
    "MP2061",
    "value does not fit its schema",
    "The Fleet or an Application declares with `valuesSchema` what a value may be, and at which levels it may be set. A "
    "cell of CSV is text; where the schema wants a number, or true or false, it is checked as what it reads as.",
    "kind: Fleet\nspec:\n  valuesSchema: {properties: {log_level: {enum: [debug, info]}}}\n  values: {log_level: inof}\n",
)


class _Declared(NamedTuple):
    """A schema, whose it is, and where it stands."""

    owner: str
    at: DocumentOrigin
    schema: ValuesSchema
    partial: bool
    """Whether values that it does not name are none of its business."""

    def faults(self, key: str, value: object, level: str) -> Iterator[ValueFault]:
        if self.partial and key not in self.schema.properties:
            return
        allowed = self.schema.levels(key)
        if allowed and level not in allowed:
            path = ("properties", key, "levels")
            yield ValueFault(key, "may not be set there", path, f"set it at level {' or '.join(allowed)}")
        yield from self.schema.check_value(key, value)

    def related(self, fault: ValueFault) -> Related:
        return Related(f"{self.owner} says so here", self.at.of(*fault.path).span)


def check(spec: ParsedSpec, sink: Sink) -> None:
    declared = list(_declared(spec))
    wrong = [_report_schema(one, fault, sink) for one in declared for fault in _faults(one, spec)]
    for level, values, at in _documents(spec) if declared and not wrong else ():
        for key, value in values.items():
            for one in declared:
                for fault in one.faults(key, value, level):
                    _report(one, fault, level, 1, at.of(key), sink)


def check_rows(
    stations: Sequence[StationTable], nodes: Sequence[NodeTable], spec: ParsedSpec, sink: Sink
) -> None:
    """Each cause is reported once: a faulty export repeats it in every row."""
    declared = list(_declared(spec))
    found: dict[tuple[int, str, str, tuple[str | int, ...]], list[tuple[RowOrigin, ValueFault]]] = {}
    for level, values, row in _rows(stations, nodes, spec) if declared else ():
        text = row.table.path.endswith(".csv")
        for key, value in values.items():
            for number, one in enumerate(declared):
                # CSV has text alone; YAML says itself what is a number.
                read = one.schema.read_cell(key, value) if text else value
                for fault in one.faults(key, read, level):
                    # Without the value: a column of wrong values is one cause, and its message
                    # counts the rows.
                    found.setdefault((number, level, key, fault.path), []).append((row, fault))
    for (number, level, key, _), rows in found.items():
        row, fault = rows[0]
        _report(declared[number], fault, level, len(rows), row.of(f"value:{key}"), sink)


def _declared(spec: ParsedSpec) -> Iterator[_Declared]:
    fleet = spec.fleet
    if (body := fleet.model.spec.values_schema) is not None:
        yield _Declared("the fleet", fleet.at.of("spec", "valuesSchema"), ValuesSchema(body), False)
    for name, parsed in spec.applications.items():
        if (body := parsed.model.spec.values_schema) is not None:
            at = parsed.at.of("spec", "valuesSchema")
            yield _Declared(f'application "{name}"', at, ValuesSchema(body), True)


def _faults(one: _Declared, spec: ParsedSpec) -> list[SchemaFault]:
    # Late, as most fleets declare no schema.
    from milepost.model import schema_faults

    return schema_faults.faults(one.schema.body, spec.fleet.model.spec.levels)


def _documents(spec: ParsedSpec) -> Iterator[tuple[str, Mapping[str, Scalar], DocumentOrigin]]:
    """Every document that sets values, and its level."""
    levels = spec.fleet.model.spec.levels
    yield levels[0], spec.fleet.model.spec.values, spec.fleet.at.of("spec", "values")
    for province in spec.provinces.values():
        yield levels[1], province.model.spec.values, province.at.of("spec", "values")
    for group in spec.station_groups.values():
        yield levels[2], group.model.spec.values, group.at.of("spec", "values")


def _rows(
    stations: Iterable[StationTable], nodes: Iterable[NodeTable], spec: ParsedSpec
) -> Iterator[tuple[str, Mapping[str, Scalar], RowOrigin]]:
    """Every row that sets values, and its level; a station type that does not exist is told of elsewhere."""
    fleet = spec.fleet.model.spec
    for table in stations:
        for index, station in enumerate(table.rows):
            if station.values and station.type in fleet.station_types:
                yield fleet.station_types[station.type].level, station.values, RowOrigin(table.table, index)
    for rows in nodes:
        for index, node in enumerate(rows.rows):
            if node.values:
                yield fleet.levels[5], node.values, RowOrigin(rows.table, index)


def _report_schema(one: _Declared, fault: SchemaFault, sink: Sink) -> bool:
    at = one.at.of(*fault.path)
    message = f"valuesSchema of {one.owner}: {fault.what}"
    sink.report(MP2060, message, at.key_span if fault.at_key else at.span, hint=fault.hint)
    return True


def _report(one: _Declared, fault: ValueFault, level: str, count: int, at: Origin, sink: Sink) -> None:
    more = "" if count == 1 else f" (and {count - 1} more row{'' if count == 2 else 's'})"
    about_key = fault.path == ("additionalProperties",) or fault.path[-1:] == ("levels",)
    sink.report(
        MP2061,
        f'value "{fault.key}" at level {level} {fault.what}{more}',
        at.key_span if about_key and isinstance(at, DocumentOrigin) else at.span,
        hint=fault.hint,
        related=[one.related(fault)],
    )
