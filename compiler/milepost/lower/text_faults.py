"""Template faults: one fault of a template is one root cause, at however many stations it shows."""

from __future__ import annotations

from milepost.diagnostics import Code, Related, Sink
from milepost.lower.config_syntax import SYNTAX, SyntaxFault
from milepost.model.config_format import TITLES
from milepost.model.fleet import Station
from milepost.model.origin import DocumentOrigin
from milepost.model.record import by_value
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
MP5002 = Code(
    "MP5002",
    "config file is not what its name says",
    "The name of a config file, or `format`, says that it is YAML, JSON, TOML, INI or properties, and the text that a "
    "station would get cannot be read as that: the program that reads it would not start there. Filters quote what a "
    "template puts in: `title: {{ station.title | yaml }}`. `format: text` says that the file is something else.",
    "files:\n  - path: /etc/station.yaml\n    content: 'title: {{ station.title }}'\n"
    "# and the title of a station is Zhaoshan: North #2\n",
)
_NAMED = 3
"""Stations that a message names; the others are counted."""
_SHOWN = 60
"""Characters of a broken line that a message shows."""


@by_value
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
        self._broken: dict[DocumentOrigin, list[tuple[Station | None, str, str]]] = {}
        self.syntax = SYNTAX

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

    def add_broken(
        self, fault: SyntaxFault, form: str, text: str, at: DocumentOrigin, station: Station | None
    ) -> None:
        """A text that cannot be parsed as what its file is said to be."""
        place = self._places.setdefault((id(at.document), at.path), at)
        lines = text.splitlines()
        line = f" in line {fault.line}" if fault.line else ""
        if fault.line and fault.line <= len(lines):
            line += f", `{lines[fault.line - 1].strip()[:_SHOWN]}`"
        self._broken.setdefault(place, []).append((station, TITLES[form], f"{fault.message}{line}"))

    def gave_up(self, at: DocumentOrigin) -> bool:
        """Whether this template took too much at a place before: it would take as long at every other one."""
        return bool(self._endless) and self._places.get((id(at.document), at.path)) in self._endless

    def report(self, sink: Sink) -> None:
        """Every fault, with the first stations by name."""
        self._report_broken(sink)
        for fault, stations in self._found.items():
            stations.sort(key=lambda s: s.name)
            more = f" at {len(stations)} stations" if len(stations) > 1 else ""
            span, related, where = told(fault.at, fault.template, fault.line)
            at = [Related(f"at station {s.name}", s.origin.span) for s in stations[:_NAMED]]
            message = f"the template cannot be filled{more}: {fault.message}{where}"
            sink.report(MP5001, message, span, hint=fault.hint, related=(*related, *at))

    def _report_broken(self, sink: Sink) -> None:
        for at, found in self._broken.items():
            found.sort(key=lambda each: each[0].name if each[0] else "")
            _, form, first = found[0]
            # A text is filled for its file and once more for the digest of all files of a pod.
            stations = list(dict.fromkeys(station for station, _, _ in found if station is not None))
            more = f" at {len(stations)} stations" if len(stations) > 1 else ""
            sink.report(
                MP5002,
                f"the config file is broken {form}{more}: {first}",
                at.span,
                hint="quote what comes from the spec with a filter, or say `format: text`",
                related=[Related(f"at station {s.name}", s.origin.span) for s in stations[:_NAMED]],
            )
