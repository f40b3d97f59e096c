"""Releases resolved: waves as station groups, cursors as numbers of waves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from milepost.diagnostics import Code, Related, Sink, did_you_mean
from milepost.model import spec
from milepost.model.duration import seconds
from milepost.model.fleet import NO_VERSION, Release, Wave
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedDocument, ParsedSpec
from milepost.resolve.references import MP3001, find

MP3004 = Code(
    "MP3004",
    "overlapping waves",
    "A station group moves with one wave of a release. Named twice, it would move twice.",
    "waves:\n  - {name: first, groups: [hn-g4]}\n  - {name: second, groups: [hn-g4]}\n",
)
MP3005 = Code(
    "MP3005",
    "more than one release of an application",
    "An application moves by one release at a time; with two, which version runs would depend on their order.",
    "kind: Release\nspec: {application: tolling}\n---\nkind: Release\nspec: {application: tolling}\n",
)


MP3014 = Code(
    "MP3014",
    "release of an application at the province",
    "Waves move station groups. An application with `place: province` runs beside them, once in each province: its "
    "version changes with the field `version`.",
    "kind: Application\nmetadata: {name: gateway}\nspec: {place: province}\n---\nkind: Release\nspec: {application: gateway}\n",
)


def releases(spec_: ParsedSpec, sink: Sink) -> tuple[Release, ...]:
    """Every release, sorted by name; what dangles or overlaps is in ``sink``."""
    found = tuple(_release(parsed, spec_, sink) for parsed in spec_.releases.values())
    _one_each(found, sink)
    return found


def _release(parsed: ParsedDocument[spec.ReleaseDocument], spec_: ParsedSpec, sink: Sink) -> Release:
    body, at = parsed.model.spec, parsed.at.of("spec")
    application = find("application", body.application, spec_.applications, at.of("application"), sink)
    if application is not None:
        if application.model.spec.place != "station":
            message = f'application "{application.name}" runs at the province, where no wave moves it'
            hint = "set the application's version"
            sink.report(MP3014, message, at.of("application").span, hint=hint)
        for key, version in (("from", body.start), ("to", body.to)):
            if version != NO_VERSION:
                find("version", version, application.model.spec.versions, at.of(key), sink)
    names = [wave.name for wave in body.waves]
    switched = _cursor(body.switched, names, at.of("switched"), sink)
    prepulled = _cursor(body.prepulled, names, at.of("prepulled"), sink)
    return Release(
        name=parsed.name,
        application=body.application,
        start=body.start,
        to=body.to,
        waves=_waves(parsed, spec_, sink),
        # Without a pre-pull a wave is taken for pulled when it has switched, so later stages
        # need not ask which kind of release it is.
        prepulled=switched if body.without_prepull is not None else prepulled,
        switched=switched,
        applied=_cursor(body.applied, names, at.of("applied"), sink),
        without_prepull=body.without_prepull,
        rollback=body.rollback,
        origin=parsed.at,
    )


def _cursor(name: str | None, names: Sequence[str], at: DocumentOrigin, sink: Sink) -> int:
    """How many waves a cursor has passed."""
    if name is None:
        return 0
    if name not in names:
        sink.report(MP3001, f'there is no wave "{name}"', at.span, hint=did_you_mean(name, names))
        return 0
    # The name of the last wave that has passed, in the spec; a count would change its meaning
    # when a wave is added before it.
    return names.index(name) + 1


def _waves(parsed: ParsedDocument[spec.ReleaseDocument], spec_: ParsedSpec, sink: Sink) -> tuple[Wave, ...]:
    taken: dict[str, DocumentOrigin] = {}
    waves = []
    for index, wave in enumerate(parsed.model.spec.waves):
        at = parsed.at.of("spec", "waves", index)
        members = _members(wave, at, spec_, sink)
        _check_overlap(members, taken, sink)
        taken |= members
        window = None if wave.window is None else seconds(wave.window)
        waves.append(
            Wave(wave.name, frozenset(members), window, wave.together, wave.attempt, wave.may_be_empty, at)
        )
    return tuple(waves)


def _members(
    wave: spec.release.WaveEntry, at: DocumentOrigin, spec_: ParsedSpec, sink: Sink
) -> dict[str, DocumentOrigin]:
    """Every station group of the wave, and the place that names it."""
    members: dict[str, DocumentOrigin] = {}
    for index, province in enumerate(wave.provinces):
        here = at.of("provinces", index)
        members |= dict.fromkeys(find("province", province, spec_.groups_of, here, sink) or (), here)
    for index, name in enumerate(wave.groups):
        here = at.of("groups", index)
        if find("station group", name, spec_.station_groups, here, sink):
            members[name] = here
    return members


def _check_overlap(
    members: Mapping[str, DocumentOrigin], taken: Mapping[str, DocumentOrigin], sink: Sink
) -> None:
    for name in sorted(members.keys() & taken.keys()):
        sink.report(
            MP3004,
            f'station group "{name}" is in two waves',
            members[name].span,
            related=[Related("it moves with this wave already", taken[name].span)],
        )


def _one_each(found: Sequence[Release], sink: Sink) -> None:
    first: dict[str, Release] = {}
    for release in found:
        other = first.setdefault(release.application, release)
        if other is not release:
            sink.report(
                MP3005,
                f'application "{release.application}" has two releases',
                release.origin.document.span("metadata", "name"),
                related=[Related("the first one", other.origin.document.span("metadata", "name"))],
                hint="end one of them: set the application's version, then remove the release",
            )
