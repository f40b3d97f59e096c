"""Images that come with manifests and patches are pinned and built for the same nodes as a component's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from compiling import Compilation
from small import compile_components, component, digest, document, image, lock, profile

WAIT = "registry.example/wait"
ARM_NODES = "name,station,profile,roles\na1,a,box,server\na2,a,arm,server\n"
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  template:
    spec:
      initContainers: [{{name: wait, image: '{image}'}}]
      containers: [{{name: web, image: old}}, {{name: log, image: '{WAIT}@{log}'}}]
"""


def compiled(root: Path, reference: str, **more: Any) -> Compilation:
    """A web server that starts from a manifest with an init container of ``reference`` and a sidecar of a locked one."""
    wait = document("Image", "wait", {"repository": WAIT, "versions": ["1.0.0"]})
    text = MANIFEST.format(image=reference, WAIT=WAIT, log=digest(f"{WAIT}:1.0.0"))
    web = component("web", **{"from": "web.yaml"}, replicas="every-node")
    also = [wait, profile("arm", architecture="arm64")]
    return compile_components(root, web, also=also, more={"web.yaml": text}, **more)


def said(result: Compilation, code: str) -> list[str]:
    return [f"{d.message} | {d.hint}" for d in result.diagnostics if d.code.id == code]


def test_a_locked_image_by_its_digest_is_fine(tmp_path: Path) -> None:
    """No more is said than that the component's own image replaces the manifest's."""
    result = compiled(tmp_path, f"{WAIT}@{digest(f'{WAIT}:1.0.0')}")
    assert [d.code.id for d in result.diagnostics] == ["MP2035"], result.said


@pytest.mark.parametrize(
    "reference", ["busybox", "busybox:1.36", "registry.example:5000/wait:latest", f"{WAIT}:1.0.0", ""]
)
def test_an_image_without_a_digest_is_refused(tmp_path: Path, reference: str) -> None:
    """By tag, by nothing at all, or none: the message names container and component."""
    (message,) = said(compiled(tmp_path, reference), "MP4012")
    assert message.startswith('container "wait" of "web" has ')


def test_the_digest_that_the_lock_has_is_offered(tmp_path: Path) -> None:
    """Where the repository is that of an Image, there is nothing to look up."""
    (message,) = said(compiled(tmp_path, f"{WAIT}:1.0.0"), "MP4012")
    assert f"write it as {WAIT}@{digest(f'{WAIT}:1.0.0')}" in message


def test_an_unknown_digest_is_a_warning(tmp_path: Path) -> None:
    """It is pinned, but nobody knows for which architectures it was built."""
    result = compiled(tmp_path, f"busybox@{digest('unknown')}")
    assert not result.errors
    assert said(result, "MP4013")


def test_a_sidecar_that_a_node_cannot_run_is_the_hole_that_is_named(tmp_path: Path) -> None:
    """The component's own image covers both; the sidecar is locked by its amd64 manifest alone."""
    reference = f"{WAIT}@{digest(f'{WAIT}:1.0.0 amd64')}"
    result = compiled(tmp_path, reference, nodes=ARM_NODES, platforms=("amd64", "arm64"))
    (fault,) = [d for d in result.diagnostics if d.code.id == "MP4009"]
    assert fault.message.endswith('the image of container "wait" has no build for arm64')
    assert [place.message for place in fault.related] == ["node a2"]


def test_of_two_images_in_a_pod_the_one_that_lacks_a_build_is_named(tmp_path: Path) -> None:
    """Components that share a pod run on the same nodes; the image that covers them is not blamed."""
    result = compile_components(
        tmp_path,
        component("web", replicas="every-node"),
        component("db", replicas="every-node"),
        application_fields={"topology": [{"together": ["web", "db"]}]},
        also=[profile("arm", architecture="arm64")],
        nodes=ARM_NODES,
        more={"images.lock.yaml": json.dumps(lock_of(web=("amd64", "arm64"), db=("amd64",)))},
    )
    (message,) = said(result, "MP4009")
    assert 'image "db" has no build for arm64' in message
    assert 'image "web"' not in message


def lock_of(**platforms: tuple[str, ...]) -> dict[str, Any]:
    """A lock in which images were built for different architectures."""
    images: dict[str, Any] = {}
    for name, built in platforms.items():
        images |= lock([image(name)], built)["images"]
    return lock([]) | {"images": images}


def test_a_container_of_a_patch_is_held_to_the_same(tmp_path: Path) -> None:
    """What a patch adds is looked at where it stands."""
    patch = {"spec": {"template": {"spec": {"initContainers": [{"name": "wait", "image": "busybox:1.36"}]}}}}
    result = compile_components(tmp_path, component("web", patch=patch))
    (fault,) = [d for d in result.diagnostics if d.code.id == "MP4012"]
    assert fault.span is not None and fault.span.path.endswith("fleet.yaml")


def test_the_place_that_a_component_takes_is_its_own(tmp_path: Path) -> None:
    """The container of its name, or else the first, whose image the component replaces: `old` is never pulled."""
    result = compiled(tmp_path, f"{WAIT}@{digest(f'{WAIT}:1.0.0')}")
    assert [d.code.id for d in result.diagnostics] == ["MP2035"], result.said
    assert said(result, "MP2035") == [
        "the image old of Deployment web is not taken | image web is registry.example/web"
    ]
