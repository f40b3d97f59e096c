"""The spec models: the fleet spec as pydantic models, one kind a file, every field documented, unknown keys refused."""

import os

# pydantic reads the metadata of every installed package for plugins of its own, which could also change what a spec means.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

from milepost.model.spec.access_profile import AccessProfileDocument
from milepost.model.spec.application import ApplicationDocument
from milepost.model.spec.base import API_VERSION, KindModel, SpecModel, published_name
from milepost.model.spec.edition import EditionDocument
from milepost.model.spec.fleet import FleetDocument
from milepost.model.spec.hardware_profile import HardwareProfileDocument
from milepost.model.spec.image import ImageDocument
from milepost.model.spec.image_lock import ImageLock
from milepost.model.spec.network import DeviceRow, VirtualAddressRow
from milepost.model.spec.node import NodeRow
from milepost.model.spec.node_group import NodeGroupDocument
from milepost.model.spec.policy import PolicyDocument
from milepost.model.spec.province import ProvinceDocument
from milepost.model.spec.registry_tier import RegistryTierDocument
from milepost.model.spec.release import ReleaseDocument
from milepost.model.spec.station import StationRow
from milepost.model.spec.station_group import StationGroupDocument

KINDS: dict[str, type[KindModel]] = {
    published_name(model.__name__): model
    for model in (
        FleetDocument,
        HardwareProfileDocument,
        AccessProfileDocument,
        ImageDocument,
        RegistryTierDocument,
        ProvinceDocument,
        StationGroupDocument,
        NodeGroupDocument,
        ApplicationDocument,
        ReleaseDocument,
        EditionDocument,
        PolicyDocument,
    )
}
"""Every kind of document, by its name in ``kind:``."""

ROWS = (StationRow, NodeRow, VirtualAddressRow, DeviceRow)
"""Every kind of row of a table."""

__all__ = [
    "API_VERSION",
    "KINDS",
    "ROWS",
    "AccessProfileDocument",
    "ApplicationDocument",
    "DeviceRow",
    "EditionDocument",
    "FleetDocument",
    "HardwareProfileDocument",
    "ImageDocument",
    "ImageLock",
    "KindModel",
    "NodeGroupDocument",
    "NodeRow",
    "PolicyDocument",
    "ProvinceDocument",
    "RegistryTierDocument",
    "ReleaseDocument",
    "SpecModel",
    "StationGroupDocument",
    "StationRow",
    "VirtualAddressRow",
    "published_name",
]
