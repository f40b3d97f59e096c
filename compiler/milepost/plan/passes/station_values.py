"""Station values: what an application, or the fleet, requires is set at the station or at a level above.

Stations repeat: one set of values is looked at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from milepost.diagnostics import Code, Related, Sink
from milepost.diagnostics.wording import and_more
from milepost.model.fleet import Fleet, Settings, Station
from milepost.model.origin import DocumentOrigin, RowOrigin, Setting
from milepost.model.plan import Placement
from milepost.model.values_schema import ValueFault, ValuesSchema
from milepost.plan.pass_order import Role

MP4017 = Code(
    "MP4017",
    "values of a station do not fit together",
    "A `valuesSchema` says which values a station must have (`required`), and which go with which. The Fleet's holds for "
    "every station, an Application's where the application runs. Values may be set at the station or at any level above.",
    "kind: Application\nspec:\n  valuesSchema: {required: [clearing_url]}\n# and no level sets clearing_url\n",
)
ROLE = Role.CHECKS


def run(fleet: Fleet, placement: Placement, sink: Sink) -> None:
    for owner, at, schema, stations in _schemas(fleet, placement):
        found: dict[ValueFault, list[Station]] = {}
        # The Fleet's schema sees every value, so that it can refuse unknown ones. An
        # Application's sees those that it names: others belong to other applications.
        for values, here in _by_values(stations, schema, partial=owner != "the fleet"):
            for fault in schema.check_together(values):
                found.setdefault(fault, []).extend(here)
        for fault, those in found.items():
            _report(owner, at, fault, sorted(those, key=lambda s: s.name), sink)


def _schemas(
    fleet: Fleet, placement: Placement
) -> Iterator[tuple[str, DocumentOrigin, ValuesSchema, Iterator[Station]]]:
    """Each schema, whose it is, where it stands, and the stations that it is for."""
    catalog = fleet.catalog
    if catalog.values_schema is not None:
        every = (station for group in fleet.province.groups for station in group.stations)
        yield "the fleet", catalog.origin.of("spec", "valuesSchema"), catalog.values_schema, every
    for application in fleet.editions:
        if application.values_schema is not None:
            shapes = [shape for shape in placement.signatures if application.key in shape.applications]
            at = application.at.of("valuesSchema")
            here = (station for shape in shapes for station in shape.stations)
            yield f'application "{application.name}"', at, application.values_schema, here


def _by_values(
    stations: Iterator[Station], schema: ValuesSchema, *, partial: bool
) -> Iterator[tuple[Mapping[str, object], list[Station]]]:
    """Stations by what they have in the eyes of a schema."""
    by_settings: dict[int, list[Station]] = {}
    for station in stations:
        # By identity: most stations have the values of their group.
        by_settings.setdefault(id(station.values), []).append(station)
    found: dict[object, tuple[Mapping[str, object], list[Station]]] = {}
    for same in by_settings.values():
        values = _read(same[0].values, schema, partial)
        # The type is part of the key because `1 == True == 1.0` in Python, and a schema tells
        # them apart.
        key = tuple((name, type(value), value) for name, value in values.items())
        found.setdefault(key, (values, []))[1].extend(same)
    yield from found.values()


def _read(settings: Settings, schema: ValuesSchema, partial: bool) -> dict[str, object]:
    named = schema.properties.keys() | set(schema.body.get("required", ()))
    return {key: _value(settings[key], schema) for key in sorted(settings) if not partial or key in named}


def _value(setting: Setting, schema: ValuesSchema) -> object:
    # A CSV cell is a text. Only the schema knows whether `1` in it is meant as a number; YAML
    # says so itself.
    cell = isinstance(setting.source, RowOrigin) and setting.source.table.path.endswith(".csv")
    return schema.read_cell(setting.key.removeprefix("value:"), setting.value) if cell else setting.value


def _report(owner: str, at: DocumentOrigin, fault: ValueFault, stations: list[Station], sink: Sink) -> None:
    first, more = stations[0], and_more(len(stations) - 1, "station")
    where = at.of(*fault.path)
    if fault.path == ("required",):
        message = f'station {first.name}{more} has no value "{fault.key}", which {owner} requires'
        hint: str | None = f"set values.{fault.key} at the station or at a level above"
    else:
        name = f'value "{fault.key}" of' if fault.key else "the values of"
        message, hint = f"{name} station {first.name}{more} {fault.what}", fault.hint
    sink.report(
        MP4017, message, where.span, hint=hint, related=[Related(f"station {first.name}", first.origin.span)]
    )
