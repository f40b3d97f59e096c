"""The fleet spec as pydantic models: one kind a file, every field documented, unknown keys refused."""

from milepost.model.spec.access_profile import AccessProfile
from milepost.model.spec.application import Application
from milepost.model.spec.base import API_VERSION, Kind, SpecModel
from milepost.model.spec.fleet import Fleet
from milepost.model.spec.hardware_profile import HardwareProfile
from milepost.model.spec.image import Image
from milepost.model.spec.image_lock import ImageLock
from milepost.model.spec.node import NodeRow
from milepost.model.spec.node_group import NodeGroup
from milepost.model.spec.policy import Policy
from milepost.model.spec.province import Province
from milepost.model.spec.registry_tier import RegistryTier
from milepost.model.spec.release import Release
from milepost.model.spec.station import StationRow
from milepost.model.spec.station_group import StationGroup

KINDS: dict[str, type[Kind]] = {
    model.__name__: model
    for model in (
        Fleet,
        HardwareProfile,
        AccessProfile,
        Image,
        RegistryTier,
        Province,
        StationGroup,
        NodeGroup,
        Application,
        Release,
        Policy,
    )
}
"""Every kind of document, by its name in ``kind:``."""

__all__ = [
    "API_VERSION",
    "KINDS",
    "AccessProfile",
    "Application",
    "Fleet",
    "HardwareProfile",
    "Image",
    "ImageLock",
    "Kind",
    "NodeGroup",
    "NodeRow",
    "Policy",
    "Province",
    "RegistryTier",
    "Release",
    "SpecModel",
    "StationGroup",
    "StationRow",
]
