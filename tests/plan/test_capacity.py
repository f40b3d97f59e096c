"""Whether nodes hold what may run on them together, and what is said where they do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compiling import Compilation
from small import compile_components, component, digest, document, profile

SMALL = profile("small", memory="1Gi", cpu="1")
"""824 MiB and 0.8 cores for pods."""


def asking(name: str, memory: str, **more: Any) -> dict[str, Any]:
    return component(name, image="web", resources={"requests": {"memory": memory}}, **more)


def on(tmp_path: Path, nodes: int, *components: dict[str, Any], **more: Any) -> Compilation:
    rows = "".join(f"a{number},a,small\n" for number in range(1, nodes + 1))
    return compile_components(
        tmp_path, *components, also=[SMALL], nodes=f"name,station,profile\n{rows}", **more
    )


def test_what_fits_to_the_last_byte_fits(tmp_path: Path) -> None:
    """And one MiB more does not."""
    assert on(tmp_path / "fits", 1, asking("a", "800Mi"), asking("b", "24Mi")).codes == []
    assert on(tmp_path / "over", 1, asking("a", "800Mi"), asking("b", "25Mi")).codes == ["MP4050"]


def test_the_message_counts_and_names(tmp_path: Path) -> None:
    """The sum, what there is, the largest first, and every node that it is true of."""
    made = on(
        tmp_path,
        2,
        asking("a", "500Mi", replicas="every-node"),
        asking("b", "300Mi", replicas="every-node"),
        asking("c", "100Mi", replicas="every-node"),
    )
    (error,) = made.errors
    assert error.message == (
        'node "a1" and 1 more node may have to hold 3 pods that ask for 900 MiB of memory, '
        'and a "small" has 824 MiB for them'
    )
    assert [r.message for r in error.related] == [
        '"b" of "app" asks for 300 MiB of memory',
        '"c" of "app" asks for 100 MiB of memory',
        "node a1",
    ]


def test_cpu_is_counted_too(tmp_path: Path) -> None:
    """In cores."""
    made = on(tmp_path, 1, component(resources={"requests": {"cpu": "900m"}}))
    assert "1 pod that asks for 0.9 cores" in made.errors[0].message
    assert "has 0.8 cores" in made.errors[0].message


@pytest.mark.parametrize(
    ("memory", "nodes", "codes"),
    [
        ("450Mi", 2, []),  # two of them, a node for each
        ("450Mi", 1, ["MP4050"]),
        ("900Mi", 2, ["MP4050"]),
    ],
)
def test_pods_that_move_need_a_node_that_is_surely_free(
    tmp_path: Path, memory: str, nodes: int, codes: list[str]
) -> None:
    """All of them on one node would be too many; the scheduler puts the next on the other node."""
    assert on(tmp_path, nodes, asking("a", memory), asking("b", memory)).codes == codes


def test_what_moves_may_take_the_place_of_what_cannot(tmp_path: Path) -> None:
    """A pod of every node has one node alone, and another may be there before it."""
    fixed, moving = asking("a", "500Mi", replicas="every-node"), asking("b", "400Mi")
    assert on(tmp_path, 3, fixed, moving).codes == ["MP4050"]


def test_pods_that_stay_apart_are_not_added_up(tmp_path: Path) -> None:
    """They never meet."""
    apart = {"topology": [{"apart": ["a", "b"]}]}
    parts = [asking("a", "500Mi"), asking("b", "500Mi")]
    assert on(tmp_path, 2, *parts, application_fields=apart).codes == []


def test_pods_that_stay_apart_are_not_added_up_beside_a_third(tmp_path: Path) -> None:
    """Either of them fits beside what is on every node; both would not, and never come together."""
    apart = {"topology": [{"apart": ["a", "b"]}]}
    parts = [asking("c", "300Mi", replicas="every-node"), asking("a", "300Mi"), asking("b", "300Mi")]
    assert on(tmp_path / "apart", 2, *parts, application_fields=apart).codes == []
    assert on(tmp_path / "free", 2, *parts).codes == ["MP4050"]


def test_a_limit_stands_for_a_request(tmp_path: Path) -> None:
    """As the API server has it."""
    assert on(tmp_path, 1, component(resources={"limits": {"memory": "900Mi"}})).codes == ["MP4050"]


def test_containers_of_a_manifest_and_a_patch_count(tmp_path: Path) -> None:
    """They run on the same nodes, whoever wrote them."""
    image = f"registry.example/web@{digest('registry.example/web:1.0.0')}"
    side = {"name": "side", "image": image, "resources": {"requests": {"memory": "500Mi"}}}
    patch = {"spec": {"template": {"spec": {"containers": [side]}}}}
    assert on(tmp_path, 1, asking("a", "400Mi", patch=patch)).codes == ["MP4050"]


def test_mirrors_count_where_they_run(tmp_path: Path) -> None:
    """At the one node of the section that has one."""
    tiers = [
        document("RegistryTier", "centre", {"level": "center", "endpoint": "https://registry.example"}),
        document(
            "RegistryTier",
            "section",
            {
                "level": "station-group",
                "parent": "centre",
                "endpoint": "http://{address}:5000",
                "mirror": {
                    "image": "web",
                    "version": "1.0.0",
                    "nodes": {"roles": ["server"]},
                    "storage": {"size": "1Gi", "path": "/var/lib/registry"},
                    "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}},
                },
            },
        ),
    ]
    made = compile_components(
        tmp_path,
        asking("web", "800Mi", replicas="every-node"),
        also=[SMALL, *tiers],
        nodes="name,station,profile,roles,address\na1,a,small,,10.0.0.1\na2,a,small,server,10.0.0.2\n",
    )
    (error,) = made.errors
    assert error.message == (
        'node "a2" may have to hold 1 pod that asks for 800 MiB of memory, and a "small" has 752 MiB for them'
    )
    assert 'registry tier "section" has its mirror there' in [r.message for r in error.related]
