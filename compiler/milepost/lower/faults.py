"""Texts that cannot be filled: one fault of a template is one root cause, at however many stations it shows."""

from __future__ import annotations

from milepost.diagnostics import Code, Related, Sink
from milepost.model.fleet import Station
from milepost.model.origin import At
from milepost.model.template import BadTemplateError

MP5001 = Code(
    "MP5001",
    "template cannot be filled",
    "A template names a value that does not exist at a station, or does something that the sandbox forbids. Values are "
    "inherited from the fleet, the province, the station group, the managing station and the station's own row.",
    "env: {LANES: '{{ values.lanes }}'}\n# and no level sets a value `lanes` for the station\n",
)
_NAMED = 3
"""Stations that a message names; the others are counted."""


class TextFaults:
    """Collects faults while texts are filled; ``report`` says each once."""

    def __init__(self) -> None:
        self._found: dict[tuple[At, str], list[Station]] = {}
        self._places: dict[tuple[int, object], At] = {}

    def add(self, fault: BadTemplateError, at: At, station: Station | None) -> None:
        """``at`` is the template's place; ``station`` is None where the text is the same at all of them."""
        place = self._places.setdefault((id(at.document), at.path), at)
        line = f" (line {fault.line} of the template)" if fault.line and fault.line > 1 else ""
        stations = self._found.setdefault((place, f"{fault}{line}"), [])
        if station is not None:
            stations.append(station)

    def report(self, sink: Sink) -> None:
        """Every fault, with the first stations by name."""
        for (at, what), stations in self._found.items():
            stations.sort(key=lambda s: s.name)
            more = f" at {len(stations)} stations" if len(stations) > 1 else ""
            related = [Related(f"at station {s.name}", s.origin.span) for s in stations[:_NAMED]]
            sink.report(MP5001, f"the template cannot be filled{more}: {what}", at.span, related=related)
