"""Site classes: registry sites of one shape, and the values of each in the objects that they share."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from milepost.lower.order import in_order
from milepost.model import layout
from milepost.model.manifest import Manifest, ManifestTemplate, TemplateInstance, placeholder
from milepost.model.registry_routing import RegistrySite

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class SiteClass(Generic[T]):
    """Sites whose objects differ in nothing but names, addresses and texts."""

    domain: str
    """DNS domain of our labels."""
    members: list[tuple[RegistrySite, T]] = field(default_factory=list)
    fillers: dict[str, Callable[[RegistrySite, T], str]] = field(default_factory=dict)

    @property
    def first(self) -> T:
        """One for all: what does not differ may be read from it."""
        return self.members[0][1]

    @property
    def of_stations(self) -> bool:
        return bool(self.members[0][0].station)

    @property
    def namespace(self) -> str:
        return placeholder("group")

    def name(self, stem: str) -> str:
        """Objects of a station end in its name; a group has each once."""
        return f"{stem}-{placeholder('station')}" if self.of_stations else stem

    def labels(self) -> dict[str, str]:
        """What nodes of the site carry; narrow enough for a node selector."""
        kind = "station" if self.of_stations else "station-group"
        return {f"{self.domain}/{kind}": placeholder("station" if self.of_stations else "group")}

    def text(self, name: str, filler: Callable[[RegistrySite, T], str]) -> str:
        """A placeholder that ``filler`` fills at each site."""
        self.fillers[name] = filler
        return placeholder(name)

    def template(self, manifests: Iterable[Manifest], what: str) -> ManifestTemplate:
        """The objects at every site; their file is named so that no station's file ever is: with a dot."""
        return ManifestTemplate(
            in_order(manifests), tuple(self._stamp(site, one, what) for site, one in self.members)
        )

    def _stamp(self, site: RegistrySite, one: T, what: str) -> TemplateInstance:
        values = {"group": site.group, "station": site.station}
        values |= {name: filler(site, one) for name, filler in self.fillers.items()}
        pattern = layout.STATION_PART if site.station else layout.SHARED_PART
        path = pattern.path(group=site.group, station=site.station, part=what)
        return TemplateInstance(path, values)


def classes(
    sites: Mapping[RegistrySite, T], shape: Callable[[RegistrySite, T], Hashable], domain: str
) -> Iterator[SiteClass[T]]:
    """``sites`` by shape, in their order."""
    found: dict[Hashable, SiteClass[T]] = {}
    for site, one in sites.items():
        # Station sites and group sites have different names and labels, even where everything
        # else is alike.
        key = (bool(site.station), shape(site, one))
        found.setdefault(key, SiteClass(domain)).members.append((site, one))
    yield from found.values()
