"""Step objects: what KubeEdge carries to the nodes of a wave when its version switches, beside the images."""

from __future__ import annotations

from milepost.model.edge_traffic import StepObjects
from milepost.model.fleet import Component, Fleet
from milepost.model.plan import Placement, PodLoad
from milepost.model.rollout import WavePull
from milepost.plan.edge.traffic_model import new_pod


def step_objects(pull: WavePull, fleet: Fleet, placement: Placement) -> StepObjects:
    """Pods of the application at the stations of the wave, each with its config files."""
    station, most, total = "", 0, 0
    for signature in placement.signatures:
        size = sum(
            load.instances * new_pod(_files(load, fleet))
            for load in signature.loads
            if load.application == pull.release.application
        )
        here = [s.name for s in signature.stations if s.group in pull.wave.groups] if size else []
        total += size * len(here)
        if here and size > most:
            station, most = here[0], size
    return StepObjects(station, most, total)


def _files(load: PodLoad, fleet: Fleet) -> int:
    """Bytes of the config files of its components, as their templates have them."""
    found: list[Component] = [fleet.components[load.application, member] for member in load.members]
    return sum(len(text.encode()) for component in found for text in component.templates.values())
