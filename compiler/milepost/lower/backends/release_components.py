"""Release components: one Kustomize Component per version that runs, the only place where repositories and digests
stand; and two for each application that waits for a pre-pull.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from milepost.lower import switch_units
from milepost.lower.backend import OutputIndex
from milepost.lower.container import pin_name
from milepost.lower.running_versions import cloud_versions, running_versions
from milepost.model import layout
from milepost.model.fleet import Application
from milepost.model.manifest import StaticFile
from milepost.model.plan import Plan


def lower_delivery(plan: Plan, index: OutputIndex) -> Iterable[StaticFile]:
    yield from switch_units.components(plan)
    versions = [*running_versions(plan).values(), cloud_versions(plan)]
    for application in plan.fleet.catalog.applications:
        for version in sorted(
            # Only versions that some group runs. A component that nobody names would change
            # with every release without any effect.
            {placed[application.name] for placed in versions if application.name in placed}
        ):
            yield StaticFile(
                layout.RELEASE.path(release=application.release(version)),
                _component(plan.fleet.edition(application.name, version), version),
            )


def _component(application: Application, version: str) -> str:
    lines = ["apiVersion: kustomize.config.k8s.io/v1alpha1", "kind: Component", "images:"]
    images = {c.image.name: c.image for c in application.components}
    for name, image in sorted(images.items()):
        tag = application.versions[version][name]
        for architecture, repository in sorted(image.repositories.items()):
            lines += [
                f"  # {name} {tag}",
                f"  - name: {pin_name(application.name, name, architecture)}",
                f"    newName: {repository}",
                # In quotes, as the emitter writes it. The tag stands in the comment alone:
                # beside a digest kustomize and runtimes ignore it, and a moved tag would tell a
                # lie.
                f"    digest: {json.dumps(image.digest(tag, repository))}",
            ]
    return "\n".join(lines) + "\n"
