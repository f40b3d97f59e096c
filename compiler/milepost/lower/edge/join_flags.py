"""Join flags: what all nodes of one class give ``keadm join`` (KubeEdge 1.20 and newer), as a file that a shell reads.

Of the fifteen flags those are left out that keadm parses and never reads (``--certPath``, ``--tarballpath``), ``--set``,
whose values are guessed by their looks, and the token, which lives for a day and is a secret.
"""

from __future__ import annotations

from milepost.model.edge_nodes import EdgeConfig, LineRoute

CONTAINERD = "unix:///run/containerd/containerd.sock"


def join_flags(
    config: EdgeConfig, route: LineRoute, version: str, cgroup_driver: str, repository: str | None
) -> str:
    """Variables of the class: its hardware, and ``flags``. ``repository`` is where the installation package comes from."""
    profile = config.of.profile
    flags = [
        f"--cloudcore-ipport={route.server}",
        f"--certport={route.endpoint.ports.certificates}",
        f"--hub-protocol={route.access.transport}",
        f"--cgroupdriver={cgroup_driver}",
        f"--remote-runtime-endpoint={CONTAINERD}",
        f"--kubeedge-version=v{version}",
    ]
    if repository is not None:
        flags.append(f"--image-repository={repository}")
    return (
        f"architecture={profile.architecture}\ncpu={profile.cpu}\nmemory={profile.memory}\ndisk={profile.disk}\n"
        f"flags='{' '.join(flags)}'\n"
    )
