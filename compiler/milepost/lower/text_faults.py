"""Template faults: one fault of a template is one root cause, at however many stations it shows."""

from __future__ import annotations

from dataclasses import dataclass

from milepost.diagnostics import Code, Related, Sink
from milepost.model.fleet import Station
from milepost.model.origin import DocumentOrigin
from milepost.model.template import BadTemplateError, TemplateLimitError
from milepost.model.template.template_place import told

MP5001 = Code(
    "MP5001",
    "template cannot be rendered",
    "A template names a value that does not exist at a station, does something that the sandbox forbids, or takes more "
    "than any text of a fleet needs: 100,000 steps (turns of loops, calls, items that are looked at) or 1 MiB of text, "
    "which is what a ConfigMap holds. Values are inherited from the fleet, the province, the station group, the managing "
    "station and the station's own row.",
    "env: {LANES: '{{ values.lanes }}'}\n# and no level sets a value `lanes` for the station\n",
)
_NAMED = 3
"""Stations that a message names; the others are counted."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """One root cause: what is wrong on which line of which template, and what to do about it."""

    at: DocumentOrigin
    template: str
    message: str
    line: int | None
    hint: str | None


class TextFaults:
    """Collects faults while texts are filled; ``report`` says each once."""

    def __init__(self) -> None:
        self._found: dict[_Fault, list[Station]] = {}
        self._places: dict[tuple[int, object], DocumentOrigin] = {}
        self._endless: set[DocumentOrigin] = set()

    def add(
        self, error: BadTemplateError, at: DocumentOrigin, template: str, station: Station | None
    ) -> None:
        """``at`` is the template's place; ``station`` is None where the text is the same at all of them."""
        # Origins are made anew at each use; by document and path they are one again, so that a
        # fault is found among thousands without comparing texts.
        place = self._places.setdefault((id(at.document), at.path), at)
        if isinstance(error, TemplateLimitError):
            self._endless.add(place)
        fault = _Fault(place, template, str(error), error.line, error.hint)
        stations = self._found.setdefault(fault, [])
        if station is not None:
            stations.append(station)

    def gave_up(self, at: DocumentOrigin) -> bool:
        """Whether this template took too much at a place before: it would take as long at every other one."""
        return bool(self._endless) and self._places.get((id(at.document), at.path)) in self._endless

    def report(self, sink: Sink) -> None:
        """Every fault, with the first stations by name."""
        for fault, stations in self._found.items():
            stations.sort(key=lambda s: s.name)
            more = f" at {len(stations)} stations" if len(stations) > 1 else ""
            span, related, where = told(fault.at, fault.template, fault.line)
            at = [Related(f"at station {s.name}", s.origin.span) for s in stations[:_NAMED]]
            message = f"the template cannot be filled{more}: {fault.message}{where}"
            sink.report(MP5001, message, span, hint=fault.hint, related=(*related, *at))
