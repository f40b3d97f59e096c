"""Volume mounts: each names a volume of its pod."""

from __future__ import annotations

from milepost.diagnostics import Code, did_you_mean
from milepost.emit.findings import Findings
from milepost.emit.pod_templates import PodTemplate, pod_templates
from milepost.emit.rendered import Rendered

MP6018 = Code(
    "MP6018",
    "volume mount without a volume",
    "A container mounts a volume that its pod does not have.",
    "patch: {spec: {template: {spec: {containers: [{name: a, volumeMounts: [{name: logs, mountPath: /logs}]}]}}}}\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    for pod in pod_templates(rendered):
        names = _volumes(pod)
        for path, container in pod.containers:
            for index, mount in enumerate(container.get("volumeMounts") or ()):
                if mount.get("name") not in names:
                    where = (*path, "volumeMounts", index)
                    hint = did_you_mean(str(mount.get("name")), names)
                    findings.add(
                        MP6018,
                        pod.obj,
                        where,
                        f'names the volume "{mount.get("name")}", which is not there',
                        hint,
                    )


def _volumes(pod: PodTemplate) -> set[str]:
    # The StatefulSet controller makes a volume of the template's name for each claim template.
    claims = (pod.obj.body.get("spec") or {}).get("volumeClaimTemplates") or ()
    names = {(claim.get("metadata") or {}).get("name", "") for claim in claims}
    return names | {volume.get("name", "") for volume in pod.spec.get("volumes") or ()}
