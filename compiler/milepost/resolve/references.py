"""Name references: a dangling name is reported here, at its place, with the nearest known one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from typing import TypeVar

from milepost.diagnostics import Code, Related, Sink, did_you_mean
from milepost.model.origin import Origin, RowOrigin

MP3001 = Code(
    "MP3001",
    "unknown name",
    "A document refers to another one, or to a station type, role or column, by a name that does not exist.",
    "kind: StationGroup\nspec:\n  province: hunann\n",
)
MP3002 = Code(
    "MP3002",
    "reference cycle",
    "Following the references leads back to where it began: a station that manages itself, a tier that pulls from "
    "itself, node groups that name each other.",
    "name,group,type,parent\na,g4,gantry,b\nb,g4,gantry,a\n",
)

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)


def find(what: str, name: str, known: Mapping[str, T], origin: Origin, sink: Sink) -> T | None:
    """``known[name]``, or None and a diagnostic at ``origin``."""
    if (thing := known.get(name)) is None:
        sink.report(MP3001, f'there is no {what} "{name}"', origin.span, hint=did_you_mean(name, known))
    return thing


def loops(
    what: str,
    names: Collection[str],
    successor: Callable[[str], str | None],
    place: Callable[[str], Origin],
    sink: Sink,
) -> bool:
    """Report each loop that ``successor`` makes once, at its first name in order; say whether there is one.

    ``place`` is where a name refers to its successor.
    """
    done: set[str] = set()
    found = False
    for start in sorted(names):
        trail: dict[str, None] = {}
        name: str | None = start
        while name is not None and name in names and name not in done and name not in trail:
            trail[name] = None
            name = successor(name)
        if name is not None and name in trail:
            members = list(trail)[list(trail).index(name) :]
            first = min(members)
            sink.report(
                MP3002,
                f"{what} refer to each other in a loop: {' -> '.join([*members, name])}",
                place(first).span,
                related=[
                    Related(f'"{m}" is part of it', place(m).span) for m in sorted(members) if m != first
                ],
                hint="remove one of these references",
            )
            found = True
        # Every name is walked once; without it a chain of a thousand managing stations would be
        # walked from each of them.
        done.update(trail)
    return found


class RowReferences:
    """Names that rows of tables refer to: a missing name is reported once, however many rows use it."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._dangling: dict[tuple[str, str], tuple[list[RowOrigin], str | None]] = {}

    def find(self, what: str, name: str, known: Mapping[str, T], row: RowOrigin, column: str) -> T | None:
        """``known[name]``, which ``column`` of ``row`` names, or None; what is missing is kept until ``report``."""
        if (thing := known.get(name)) is None:
            if (what, name) not in self._dangling:
                # The hint is looked for once for each name: comparing it with 30,000 stations
                # takes a while.
                self._dangling[what, name] = ([], did_you_mean(name, known))
            self._dangling[what, name][0].append(row.of(column))
        return thing

    def report(self) -> None:
        """One message per missing name, at the first row that uses it."""
        for (what, name), (origins, hint) in self._dangling.items():
            more = len({origin.span for origin in origins}) - 1
            others = (
                "" if not more else " (1 more row names it)" if more == 1 else f" ({more} more rows name it)"
            )
            self._sink.report(MP3001, f'there is no {what} "{name}"{others}', origins[0].span, hint=hint)
