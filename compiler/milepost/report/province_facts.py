"""Province facts: what the page needs of one province, small enough to cross processes."""

from __future__ import annotations

from collections import Counter

from milepost.model.cluster_cost import ClusterCost
from milepost.model.instances import Instances
from milepost.model.record import by_value
from milepost.pipeline import Compiled, cost_of
from milepost.report import proof, pull_figures, station_columns
from milepost.report.embed import Json


@by_value
class ProvinceFacts:
    """Facts of a province for the report.

    ``page`` is what the page's script draws from; the other fields feed what is written out.
    """

    province: str
    engine: str
    groups: int
    stations: tuple[str, ...]
    """In the order in which ``page`` has them."""
    nodes: int
    objects: Counter[str]
    page: Json
    pulls: tuple[pull_figures.PullFigures, ...]
    proof: proof.ProvinceProof
    cost: ClusterCost


def province_facts(compiled: Compiled) -> ProvinceFacts:
    """The facts of one province."""
    plan = compiled.plan
    province, instances = plan.fleet.province, Instances(plan)
    stations = [station for group in province.groups for station in group.stations]
    return ProvinceFacts(
        province=province.name,
        engine=province.sync.engine,
        groups=len(province.groups),
        stations=tuple(station.name for station in stations),
        nodes=sum(len(station.nodes) for station in stations),
        objects=_objects(compiled),
        page=station_columns.province(plan, instances),
        pulls=tuple(pull_figures.pull(pull) for pull in plan.prepulls.waves),
        proof=proof.count(plan, instances),
        cost=cost_of(compiled),
    )


def _objects(compiled: Compiled) -> Counter[str]:
    """Objects of the cluster by kind; what kustomize reads by itself has no name and is none of them."""
    found: Counter[str] = Counter()
    for template in compiled.lowered.templates:
        for manifest in template.manifests:
            if "name" in manifest.body.get("metadata", {}):
                found[manifest.kind] += len(template.instances)
    return found
