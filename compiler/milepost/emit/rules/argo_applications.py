"""Argo CD Applications: every field with a bad default is set, and nothing replaces running objects."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model.document import Path
from milepost.model.kinds import ARGO_APPLICATION, ARGO_APPLICATION_SET, Runs, names

MP6053 = Code(
    "MP6053",
    "unsafe Argo CD Application",
    "`Replace` and `Force` recreate objects. Without server-side apply large objects do not fit their annotation; without "
    "`ApplyOutOfSyncOnly` every sync applies everything. A short branch name is looked up at every refresh. Without a "
    "retry a failed pre-pull is never tried again. An empty tree must not empty the cluster.",
    "# lower makes Argo CD's objects; a patch cannot reach them\n",
)
_OPTIONS = ("ServerSideApply=true", "ApplyOutOfSyncOnly=true", "PruneLast=true")
_HARMFUL = ("Replace=true", "Force=true", "Validate=false")
_FULL = re.compile(r"refs/(heads|tags)/.+|[0-9a-f]{40}")
_PATHS = "argocd.argoproj.io/manifest-generate-paths"
_AT_THE_EDGE = names(lambda kind: kind.runs is Runs.UNTIL_REMOVED)
MOST_HISTORY = 3


def check(rendered: Rendered, findings: Findings) -> None:
    for application in rendered.of(ARGO_APPLICATION.name):
        spec = application.body["spec"]
        faults = (
            *_policy(spec),
            *_source(spec["source"], rendered),
            *_metadata(application, spec),
            *_finalizers(application, rendered),
        )
        for path, predicate in faults:
            findings.add(MP6053, application, path, predicate)
    for application_set in rendered.of(ARGO_APPLICATION_SET.name):
        for path, predicate in _policy(application_set.body["spec"]["template"]["spec"]):
            findings.add(MP6053, application_set, ("spec", "template", *path), predicate)


def _policy(spec: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    policy = spec.get("syncPolicy") or {}
    path = ("spec", "syncPolicy")
    options = policy.get("syncOptions") or ()
    for option in _OPTIONS:
        if option not in options:
            yield (*path, "syncOptions"), f"lacks {option}"
    for option in _HARMFUL:
        if option in options:
            yield (*path, "syncOptions"), f"holds {option}"
    if not (policy.get("retry") or {}).get("limit") or not (policy.get("retry") or {}).get("backoff"):
        yield (*path, "retry"), "needs a limit and a backoff"
    if (policy.get("automated") or {}).get("allowEmpty"):
        yield (*path, "automated", "allowEmpty"), "lets an empty tree empty the cluster"


def _source(source: Mapping[str, Any], rendered: Rendered) -> Iterator[tuple[Path, str]]:
    revision = str(source.get("targetRevision", ""))
    path = ("spec", "source")
    if source["repoURL"].startswith("oci://"):
        if not revision or revision == "latest":
            yield (*path, "targetRevision"), "must name a tag or a digest"
    # Argo CD resolves a short name against all references of the repository at every refresh;
    # its guide for large repositories asks for the full one.
    elif not _FULL.fullmatch(revision):
        yield (*path, "targetRevision"), f'"{revision}" must be written in full, as refs/heads/...'
    folder = posixpath.normpath(source.get("path") or ".")
    listed = folder in rendered.kustomizations
    # A directory source fails as soon as it finds a kustomization file.
    if source.get("directory") and listed:
        yield (*path, "directory"), f'is for plain folders, but "{folder}" has a kustomization.yaml'
    if not listed and not source.get("directory"):
        yield (*path, "path"), f'"{folder}" has no kustomization.yaml in the tree'


def _metadata(application: RenderedObject, spec: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    if _PATHS not in (application.metadata.get("annotations") or {}):
        yield ("metadata", "annotations"), f"lacks {_PATHS}, so every commit renders every Application"
    # Ten by default: the history of a large Application was seen to take 450 to 500 KB of its
    # object, and etcd takes 1.5 MiB.
    if not 0 <= spec.get("revisionHistoryLimit", 10) <= MOST_HISTORY:
        yield (
            ("spec", "revisionHistoryLimit"),
            f"must be at most {MOST_HISTORY}, or the object grows too large",
        )
    if spec["project"] == "default":
        yield ("spec", "project"), "must be a project of its own"


def _finalizers(application: RenderedObject, rendered: Rendered) -> Iterator[tuple[Path, str]]:
    folder = posixpath.normpath(application.body["spec"]["source"].get("path") or ".")
    kinds = {kind for _, kind in rendered.kinds.get(folder, ())}
    pulls = folder.startswith("prepull/")  # pods that start from an image and wait: no lane is among them
    # With the finalizer, dropping an Application deletes what it synced.
    if application.metadata.get("finalizers") and kinds & _AT_THE_EDGE and not pulls:
        yield ("metadata", "finalizers"), "would stop lanes when the Application is dropped"
    for finalizer in application.metadata.get("finalizers", ()):
        if "/" not in str(finalizer):
            yield (
                ("metadata", "finalizers"),
                "has a name without a path, which API servers from 1.36 on warn of",
            )
