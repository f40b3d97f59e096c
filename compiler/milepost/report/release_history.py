"""Release history: waves in order, how far each has come, and what each province pulls for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from milepost.model.fleet import Catalog, Release
from milepost.model.record import by_value
from milepost.report.province_facts import ProvinceFacts
from milepost.report.pull_figures import PullFigures


@by_value
class WaveProgress:
    """The progress of a wave. ``state`` is ``switched``, ``pre-pulled`` or ``waiting``; ``pulls`` are by province."""

    name: str
    state: str
    groups: int
    stations: int
    provinces: tuple[str, ...]
    together: bool
    pulls: tuple[tuple[str, PullFigures], ...]

    @property
    def nodes(self) -> int:
        return sum(pull.nodes for _, pull in self.pulls)

    @property
    def total(self) -> int:
        """Bytes over the lines of all stations and nodes."""
        return sum(pull.total for _, pull in self.pulls)

    @property
    def slowest(self) -> tuple[str, PullFigures] | None:
        """Provinces pull side by side: the wave is through when this one is."""
        return max(self.pulls, key=lambda item: item[1].seconds, default=None)


@by_value
class ReleaseHistory:
    """The history of one release."""

    name: str
    application: str
    start: str
    to: str
    rollback: bool
    without_prepull: str | None
    waves: tuple[WaveProgress, ...]
    next: str
    """What the next step would be."""

    def count(self, state: str) -> int:
        """Stations in waves of this state."""
        return sum(wave.stations for wave in self.waves if wave.state == state)

    @property
    def stations(self) -> int:
        return sum(wave.stations for wave in self.waves)


def release_histories(catalog: Catalog, facts: Sequence[ProvinceFacts]) -> list[ReleaseHistory]:
    """Every release, in the order of the catalog."""
    sizes = {group["name"]: (f.province, group["size"]) for f in facts for group in f.page["groups"]}
    pulls = {(f.province, pull.release, pull.number): pull for f in facts for pull in f.pulls}
    return [
        ReleaseHistory(
            name=release.name,
            application=release.application,
            start=release.start,
            to=release.to,
            rollback=release.rollback,
            without_prepull=release.without_prepull,
            waves=tuple(_waves(release, sizes, pulls)),
            next=_next(release),
        )
        for release in catalog.releases
    ]


def _waves(
    release: Release,
    sizes: Mapping[str, tuple[str, int]],
    pulls: Mapping[tuple[str, str, int], PullFigures],
) -> Iterator[WaveProgress]:
    for number, wave in enumerate(release.waves):
        # With --province the page covers part of the fleet, and a wave may name groups of the
        # other provinces.
        here = [sizes[group] for group in wave.groups if group in sizes]
        provinces = tuple(sorted({province for province, _ in here}))
        yield WaveProgress(
            name=wave.name,
            state="switched" if number < release.switched else release.state(number),
            groups=len(here),
            stations=sum(size for _, size in here),
            provinces=provinces,
            together=wave.together,
            pulls=tuple(
                (province, pull)
                for province in provinces
                if (pull := pulls.get((province, release.name, number))) is not None
            ),
        )


def _next(release: Release) -> str:
    waves = release.waves
    if release.switched < release.prepulled:
        return f"switch {waves[release.switched].name}"
    if release.prepulled < len(waves):
        return f"pre-pull {waves[release.prepulled].name}"
    return "finish it"
