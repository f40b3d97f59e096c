"""EdgeCore configurations: what the nodes of each class reserve, how many pods they take, which modules they run."""

from __future__ import annotations

from milepost.diagnostics import Code, Related, Sink
from milepost.model import requirements as table
from milepost.model.edge_nodes import EdgeClass, EdgeConfig, EdgeConfigs, LineRoutes, edge_class, edge_nodes
from milepost.model.edge_settings import EdgeSettings
from milepost.model.fleet import Fleet
from milepost.model.requirements import ClusterRequirements, Requirement
from milepost.plan.edge.reservation import least_reserved, max_pods, reservation
from milepost.plan.images.versions_in_use import locked
from milepost.plan.pass_order import Role

MP4122 = Code(
    "MP4122",
    "hardware profile reserves too little for EdgeCore",
    "EdgeCore takes about 70 MB, and the kubelet in it evicts pods before the memory is full. Both come out of what the "
    "profile reserves; with less, EdgeCore itself is what the kernel kills first.",
    "kind: HardwareProfile\nspec: {memory: 1Gi, reserved: {memory: 64Mi}}\n",
)
MP4126 = Code(
    "MP4126",
    "image of EdgeCore without a build for some node",
    "Every node starts the sandbox image for each pod, and joins from the installation package. A node of an architecture that "
    "they were not built for gets neither.",
    "edge: {sandbox: {image: pause, version: '3.9'}}\n# which is locked for amd64 alone, and a node of arm64\n",
)
ROLE = Role.DECIDES
_BY_NEED: dict[Requirement, str] = {table.META_SERVER: "metaServer", table.EDGE_TASKS: "taskManager"}
"""What a tree needs of its nodes, and the module of EdgeCore that it is."""


def run(fleet: Fleet, routes: LineRoutes, requirements: ClusterRequirements, sink: Sink) -> EdgeConfigs:
    _check_images(fleet, sink)
    if not routes.by_access or sink.failed:
        return EdgeConfigs({})
    found = {edge_class(node) for node, _ in edge_nodes(fleet.province)}
    needs = {need.requirement for need in requirements.needs}
    configs = {of.name: _config(of, needs, fleet.province.edge) for of in found}
    short = {c.of.profile for c in configs.values() if c.of.profile.reserved_memory < least_reserved()}
    for profile in sorted(short, key=lambda profile: profile.name):
        sink.report(
            MP4122,
            f'hardware profile "{profile.name}" reserves {profile.reserved_memory >> 20} MiB of memory, and EdgeCore with its '
            f"eviction threshold takes {least_reserved() >> 20} MiB",
            profile.origin.of("spec", "reserved", "memory").span,
            hint=f"reserve {least_reserved() >> 20}Mi or more",
            related=[
                Related(
                    "nodes of it are configured here", fleet.province.origin.of("spec", "cloudcore").key_span
                )
            ],
        )
    return EdgeConfigs({name: configs[name] for name in sorted(configs)})


def _check_images(fleet: Fleet, sink: Sink) -> None:
    """Every image that EdgeCore needs itself is locked, with a build for each architecture of the province's nodes."""
    province, upgrade = fleet.province, fleet.province.node_upgrade
    here = {node.profile.architecture: node.profile for node, _ in edge_nodes(province)}
    wanted = [province.edge.sandbox, province.edge.installation] if province.cloudcore is not None else []
    for reference in (*wanted, upgrade and upgrade.installation):
        if reference is None:
            continue
        image = fleet.catalog.images[reference.image]
        built = locked(image, reference.version, sink)
        for architecture in sorted(here.keys() - set(built)) if built else ():
            profile = here[architecture]
            sink.report(
                MP4126,
                f'image "{image.name}" {reference.version} has no build for {architecture}, which hardware profile '
                f'"{profile.name}" is',
                image.origin.of("metadata", "name").span,
                hint="build it for every architecture of the province's nodes, and lock it anew",
                related=[Related("the profile says so here", profile.origin.of("spec", "architecture").span)],
            )


def _config(of: EdgeClass, needs: set[Requirement], edge: EdgeSettings) -> EdgeConfig:
    modules = {name for name in edge.modules if edge.has(name, of.roles)}
    modules |= {module for need, module in _BY_NEED.items() if need in needs}
    return EdgeConfig(
        of, reservation(of.profile), max_pods(of.profile), frozenset(modules), table.CLUSTER_DNS in needs
    )
