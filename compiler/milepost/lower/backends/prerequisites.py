"""What Argo CD's administrator must put in place once: an agent's own configuration is no part of the tree."""

from __future__ import annotations

from collections.abc import Iterable

from milepost.lower.backend import OutputIndex
from milepost.lower.health_scripts import health_scripts
from milepost.model import kinds
from milepost.model.manifest import StaticFile
from milepost.model.plan import Plan


def lower_delivery(plan: Plan, index: OutputIndex) -> Iterable[StaticFile]:
    """The same whether or not a release is under way."""
    if plan.fleet.province.sync.engine == "argocd":
        yield StaticFile("bootstrap/argocd/argocd-cm.yaml", _CONFIG_MAP + _data(health_scripts(plan)))
        if plan.fleet.province.sync.source.kind == kinds.OCI_REPOSITORY.name:
            yield StaticFile("bootstrap/argocd/argocd-cmd-params-cm.yaml", _PARAMETERS)


def _data(scripts: dict[str, str]) -> str:
    text = ""
    for key, script in scripts.items():
        text += f"  {key}: |\n" + "".join(f"    {line}\n" for line in script.splitlines())
    return text


_CONFIG_MAP = """\
# Merge into Argo CD's own ConfigMap before the first release. Without the check a wave passes before its images are
# on the nodes.
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
data:
"""

_PARAMETERS = """\
# Merge into Argo CD's own ConfigMap before the first sync, and restart the repo server. `milepost publish --oci` pushes
# artifacts whose layer has Flux's media type (the last one), which Argo CD refuses until it is told; the others are its own.
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cmd-params-cm
  namespace: argocd
data:
  reposerver.oci.layer.media.types: "application/vnd.oci.image.layer.v1.tar,application/vnd.oci.image.layer.v1.tar+gzip,\
application/vnd.cncf.helm.chart.content.v1.tar+gzip,application/vnd.cncf.flux.content.v1.tar+gzip"
"""
