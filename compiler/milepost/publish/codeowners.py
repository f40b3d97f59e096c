"""``CODEOWNERS`` from the owners of the fleet, for the spec and for the rendered trees, in few lines.

A line is written where owners differ from those of the level above; the last line that matches a path decides, as it does
for GitHub. Refuses to name people who are not in the spec.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from milepost.model.fleet import Province, StationGroup
from milepost.model.origin import RowOrigin
from milepost.model.record import by_value

HEAD = "# Written by `milepost owners`. Who owns what stands in the fleet spec; change it there.\n"
ATTRIBUTES = "linguist-generated -text"
"""Folded in reviews and left out of statistics; and never touched by conversions of line ends."""

Owners = tuple[str, ...]
Lines = Iterator[tuple[str, Owners]]


@by_value
class ProvinceOwners:
    """Who owns what of one province; plain data, so that any process may have found it out."""

    name: str
    files: Mapping[str, Owners]
    """Files of the spec that are the province's or its groups'."""
    rendered: tuple[tuple[str, Owners], ...]
    """Patterns below the province's rendered folder, where owners differ from those of the fleet."""


def of_province(province: Province, everywhere: Owners) -> ProvinceOwners:
    """``everywhere`` are the fleet's owners."""
    return ProvinceOwners(province.name, _spec_files(province), tuple(_rendered(province, everywhere)))


def codeowners(
    everywhere: Owners,
    provinces: Iterable[ProvinceOwners],
    documents: Iterable[str],
    folders: tuple[str, str],
    handle: Callable[[str], str],
) -> str:
    """The whole file. ``everywhere`` are the fleet's owners, ``documents`` the spec's files, ``folders`` spec and rendered.

    ``handle`` makes of a team's name what the forge calls it.
    """
    every = list(provinces)
    spec, rendered = folders
    # The fleet's owners first: a shared document belongs to no province.
    files = dict.fromkeys(documents, everywhere) | _of_spec(every, everywhere)
    lines = [(f"/{spec}/", everywhere), *_collapsed(files, f"/{spec}/", everywhere)]
    lines += [(f"/{rendered}/", everywhere)]
    for province in every:
        folder = f"/{rendered}/{province.name}/"
        lines += [(folder + path, owners) for path, owners in province.rendered]
    texts = [
        f"{_escaped(path)} {' '.join(map(handle, owners))}".rstrip()
        for path, owners in lines
        if path or owners
    ]
    return HEAD + "".join(f"{text}\n" for text in texts)


_OWNER = re.compile(
    r"@[A-Za-z0-9][A-Za-z0-9_.-]*(?:/[A-Za-z0-9][A-Za-z0-9_.-]*)*|[^\s@#]+@[A-Za-z0-9][A-Za-z0-9.-]*"
)
"""A user, a team (GitLab: a group below groups), or an address."""


class NoHandleError(Exception):
    """A team's name from which no forge would find somebody to ask."""


def handle_in(organization: str | None) -> Callable[[str], str]:
    """``@organization/team``; what is a handle or an address already stays. Raises NoHandleError for what is neither."""

    def handle(team: str) -> str:
        written = team
        if "@" not in team:
            written = f"@{organization}/{team}" if organization else f"@{team}"
        # One word too many, and the forge leaves the line out without telling anybody.
        if not _OWNER.fullmatch(written):
            raise NoHandleError(team)
        return written

    return handle


def gitattributes(rendered: str) -> str:
    """The one line for generated trees."""
    return f"/{rendered}/** {ATTRIBUTES}\n"


def _rendered(province: Province, above: Owners) -> Lines:
    if province.rights.asked != above:
        yield "", province.rights.asked
    for group in province.groups:
        if group.rights.asked != province.rights.asked:
            # Files of the group outside its folder, in `sync`, `platform` and `bootstrap`.
            yield f"**/{group.name}.*", group.rights.asked
            yield f"groups/{group.name}/", group.rights.asked
        for station in group.stations:
            if station.rights.asked != group.rights.asked:
                # Beside its own file those of mirrors and hosts.toml, with a word behind a dot.
                yield f"groups/{group.name}/{station.name}.*", station.rights.asked


def _of_spec(provinces: Iterable[ProvinceOwners], everywhere: Owners) -> dict[str, Owners]:
    """Each file's owners: those of the level that all of it belongs to."""
    found: dict[str, Owners] = {}
    for province in provinces:
        for path, owners in province.files.items():
            # A file of several provinces can have no line for one of them; whoever owns all has
            # to look.
            found[path] = owners if found.get(path, owners) == owners else everywhere
    return found


def _spec_files(province: Province) -> dict[str, Owners]:
    of_groups: dict[str, set[Owners]] = {}
    for group in province.groups:
        of_groups.setdefault(group.origin.document.path, set()).add(group.rights.asked)
    tables = {path for group in province.groups for path in _tables(group)}
    own = {path: next(iter(o)) if len(o) == 1 else province.rights.asked for path, o in of_groups.items()}
    return own | dict.fromkeys(tables | {province.origin.document.path}, province.rights.asked)


def _tables(group: StationGroup) -> Iterator[str]:
    for station in group.stations:
        for origin in (station.origin, *(node.origin for node in station.nodes)):
            if isinstance(origin, RowOrigin):
                yield origin.table.path


def _collapsed(files: Mapping[str, Owners], prefix: str, above: Owners) -> Lines:
    """Lines for what is not owned as the folder above: a folder by what its files share, then what differs."""
    folders: dict[str, dict[str, Owners]] = {}
    for path, owners in sorted(files.items()):
        folder, slash, rest = path.partition("/")
        if not slash:
            if owners != above:
                yield prefix + path, owners
        else:
            folders.setdefault(folder, {})[rest] = owners
    for folder, below in folders.items():
        shared = _shared(below.values(), above)
        if shared != above:
            yield f"{prefix}{folder}/", shared
        yield from _collapsed(below, f"{prefix}{folder}/", shared)


def _shared(owners: Iterable[Owners], above: Owners) -> Owners:
    """What all have in common, where somebody has just that: the province's owners for a province's folder."""
    every = list(dict.fromkeys(owners))
    common = set(every[0]).intersection(*every)
    return next((each for each in every if set(each) == common), above) if common else above


def _escaped(path: str) -> str:
    """A blank would end the pattern."""
    return path.replace(" ", "\\ ")
