"""The report page: what templates write out, and what the page's own script draws from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from milepost import __version__
from milepost.diagnostics import Diagnostic
from milepost.model.cluster_cost import CostFigure
from milepost.model.fleet import NO_VERSION, Catalog
from milepost.model.record import by_value
from milepost.model.spec.guard_settings import Freeze
from milepost.publish.review import Review
from milepost.publish.review.show.words import plain
from milepost.report import figures, review_changes
from milepost.report.embed import Json, embedded
from milepost.report.proof import ProvinceProof
from milepost.report.province_facts import ProvinceFacts
from milepost.report.pull_figures import STAGES
from milepost.report.release_history import release_histories

TEMPLATES = Path(__file__).parent / "templates"
_SCRIPTS = ("state", "fleet", "colours", "find", "overview", "roads", "details", "start")
"""In order: what a script uses stands in one before it. They share one scope and leave nothing outside it."""


@by_value
class PageSubject:
    """What a page is about."""

    catalog: Catalog
    frozen: Sequence[Freeze]
    facts: Sequence[ProvinceFacts]
    diagnostics: Sequence[Diagnostic] = ()
    review: Review | None = None


def render(subject: PageSubject) -> str:
    """The page as HTML: one file, and the same subject gives the same text."""
    # Autoescape, because names and titles come from a spec that anybody may have proposed, and
    # the page is opened by reviewers. StrictUndefined, because a misspelt name in a template
    # would otherwise print as nothing.
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {name: getattr(figures, name) for name in figures.__all__}
    return environment.get_template("page.html.j2").render(_values(subject)) + "\n"


def _values(subject: PageSubject) -> dict[str, Any]:
    facts, proof = subject.facts, ProvinceProof()
    for found in facts:
        proof.add(found.proof)
    objects = sum((found.objects for found in facts), Counter())
    return {
        "version": __version__,
        "fleet": subject.catalog.name,
        "facts": facts,
        "totals": {
            "provinces": len(facts),
            "groups": sum(found.groups for found in facts),
            "stations": sum(len(found.stations) for found in facts),
            "nodes": sum(found.nodes for found in facts),
            "objects": objects.total(),
            "instances": sum(placed.instances for placed in proof.placed.values()),
        },
        # The kind breaks ties: the order of a Counter is that of insertion, and the page must
        # have the same bytes each time.
        "objects": sorted(objects.items(), key=lambda item: (-item[1], item[0])),
        "courses": release_histories(subject.catalog, facts),
        "stages": [
            (level, name)
            for level, name in STAGES.items()
            if any(stage.level == level for f in facts for pull in f.pulls for stage in pull.stages)
        ],
        "frozen": subject.frozen,
        "proof": proof,
        "costs": _costs(facts),
        "images": _images(subject.catalog),
        "changes": None
        if subject.review is None
        else review_changes.changes(subject.review, _stations(facts)),
        "messages": subject.diagnostics,
        "style": _own("style.css"),
        "dark": _own("dark.css"),
        "theme": _own("script/theme.js"),
        "script": Markup("\n").join(_own(f"script/{name}.js") for name in _SCRIPTS),
        # Data stands in elements of its own, escaped for that place, and is parsed by the
        # script. Written into the script as literals it would be code.
        "data": embedded(_fleet(subject)),
        "provinces": [(found.province, embedded(_province(found, subject.review))) for found in facts],
    }


def _costs(facts: Sequence[ProvinceFacts]) -> list[tuple[str, list[tuple[float, str, float | None]]]]:
    """What is counted, and what each province has of it; a province may lack a figure."""
    # Figures of a kind each are for `milepost query`; a page of them would hide the others.
    named = [
        {figure.name: figure for figure in f.cost.figures if not figure.name.endswith("OfKind")}
        for f in facts
    ]
    meanings = {name: figure.meaning for found in named for name, figure in found.items()}
    nothing = CostFigure("", 0, "", "")
    return [
        (meaning, [(f.amount, f.unit, f.share) for f in (found.get(name, nothing) for found in named)])
        for name, meaning in meanings.items()
    ]


def _own(name: str) -> Markup:
    """A file of this package, which goes into the page as it stands."""
    # Markup, because these are the package's own files; nothing of a spec may ever pass through
    # here.
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))


def _province(facts: ProvinceFacts, review: Review | None) -> Json:
    reached = [] if review is None else review_changes.reached(review, facts.province, facts.stations)
    return facts.page | {"changes": reached}


def _fleet(subject: PageSubject) -> Json:
    """What all provinces have in common."""
    catalog = subject.catalog
    return {
        "name": catalog.name,
        "levels": list(catalog.levels),
        "applications": {
            a.name: {
                "images": {component.name: component.image.name for component in a.components},
                "versions": {version: dict(tags) for version, tags in a.versions.items()},
            }
            for a in catalog.applications
        },
        "releases": [
            {
                "name": release.name,
                "application": release.application,
                "to": release.to,
                "waves": [wave.name for wave in release.waves],
                "prepulled": release.prepulled,
                "switched": release.switched,
            }
            for release in catalog.releases
        ],
        "changes": None if subject.review is None else list(_lines(subject.review)),
    }


def _lines(review: Review) -> Iterator[list[Any]]:
    for line in review.lines:
        yield [plain(line.words + line.details), line.effect.word, review_changes.level(line)]


def _stations(facts: Iterable[ProvinceFacts]) -> set[tuple[str, str]]:
    return {(found.province, name) for found in facts for name in found.stations}


def _images(catalog: Catalog) -> Json:
    """How many image versions are locked, and for which architectures."""
    found: set[tuple[str, str]] = set()
    architectures: set[str] = set()
    for tag, image in _used(catalog):
        found.add((image, tag))
        for entry in catalog.images[image].locked.get(tag, ()):
            architectures |= set(map(str, entry.platforms))
    return {"count": len(found), "architectures": sorted(architectures)}


def _used(catalog: Catalog) -> Iterable[tuple[str, str]]:
    """Tag and image of every version that runs or is moved to."""
    # During a release both versions run, in different station groups, so the images of both
    # count.
    moving = {release.application: (release.start, release.to) for release in catalog.releases}
    for application in catalog.applications:
        for version in {application.version, *moving.get(application.name, ())} - {NO_VERSION}:
            yield from ((tag, image) for image, tag in application.versions[version].items())
