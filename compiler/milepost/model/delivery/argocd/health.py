"""Argo CD health checks of pre-pulls: scripts in Lua, for the administrator to put into ``argocd-cm``.

Argo CD has none for these kinds, and a wave without one passes at once. The same judgement as Flux's expressions,
over the same fields.
"""

from __future__ import annotations

from milepost.model import kinds
from milepost.model.delivery.base import Delivery
from milepost.model.versions.kubeedge import served


def health_scripts(delivery: Delivery) -> dict[str, str]:
    """Key of ``argocd-cm`` to script, for what pulls in this province."""
    settings = delivery.province.prepull
    if settings.engine == "kubeedge":
        cluster = delivery.province.cluster
        # Each CloudCore calls the nodes of the others failed, so the phase of a job cannot be
        # believed where there are several.
        script = _BY_NODES if cluster.cloudcore_replicas > 1 else _BY_PHASE
        if served(kinds.IMAGE_PREPULL_JOB, cluster.kubeedge) is not kinds.IMAGE_PREPULL_JOB:
            script = _as_v1alpha1(script)
        return {_key(kinds.IMAGE_PREPULL_JOB): script}
    tolerate = f"{settings.failure_tolerate:g}"
    if settings.engine == "kruise":
        return {_key(kinds.IMAGE_PULL_JOB): _BY_COUNTS.replace("TOLERATE", tolerate)}
    label = f"{delivery.label_domain}/prepull"
    script = _BY_PODS.replace("TOLERATE", tolerate).replace("LABEL", label)
    return {_key(kinds.DAEMON_SET): script}


def _key(kind: kinds.Kind) -> str:
    return f"resource.customizations.health.{kind.group}_{kind.name}"


def _as_v1alpha1(script: str) -> str:
    """The older API of the jobs has the same under other names."""
    # In order: `status.nodeStatus` must be renamed before anything that is a part of it.
    for newer, older in _OLDER_NAMES:
        script = script.replace(newer, older)
    return script


_OLDER_NAMES = (
    ("status.phase", "status.state"),
    ("status.nodeStatus", "status.status"),
    ('image.status == "True"', 'image.state == "Successful"'),
    ('"Completed"', '"Successful"'),
    ('"Failure"', '"Failed"'),
)

_BY_PHASE = """\
local hs = {status = "Progressing", message = "not started"}
if obj.status == nil or obj.status.phase == nil then return hs end
hs.message = obj.status.phase
if obj.status.phase == "Completed" then hs.status = "Healthy" end
if obj.status.phase == "Failure" then
  hs.status = "Degraded"
  hs.message = obj.status.reason or "Failure"
end
return hs
"""

_BY_NODES = """\
local hs = {status = "Progressing", message = "no node has answered"}
local template = obj.spec.imagePrePullTemplate
local nodes = obj.status ~= nil and obj.status.nodeStatus or nil
if nodes == nil or #nodes == 0 then
  if obj.status ~= nil and obj.status.phase == "Failure" then
    hs.status = "Degraded"
    hs.message = obj.status.reason or "Failure"
  end
  return hs
end
local answered, done = 0, 0
for _, node in ipairs(nodes) do
  local images = node.imageStatus or {}
  if #images >= #template.images then
    local good = true
    for _, image in ipairs(images) do good = good and image.status == "True" end
    answered = answered + 1
    if good then done = done + 1 end
  end
end
hs.message = done .. " of " .. #nodes .. " nodes have the images"
if done > 0 and #nodes - done <= #nodes * (tonumber(template.failureTolerate) or 0) + 0.001 then
  hs.status = "Healthy"
elseif answered == #nodes then
  hs.status = "Degraded"
end
return hs
"""

_BY_COUNTS = """\
local hs = {status = "Progressing", message = "pulling"}
if obj.status == nil or obj.status.completionTime == nil then return hs end
local missing = obj.status.desired - (obj.status.succeeded or 0)
local tolerated = TOLERATE * obj.status.desired
if tolerated < 1 then tolerated = 1 end
hs.message = missing .. " of " .. obj.status.desired .. " nodes failed"
if obj.spec.selector.names ~= nil or missing <= tolerated then
  hs.status = "Healthy"
else
  hs.status = "Degraded"
end
return hs
"""

_BY_PODS = """\
local hs = {status = "Progressing", message = "waiting"}
local status = obj.status
if status == nil or (status.observedGeneration or 0) < (obj.metadata.generation or 0) then return hs end
local desired = status.desiredNumberScheduled or 0
if obj.metadata.labels ~= nil and obj.metadata.labels["LABEL"] ~= nil then
  local ready = status.numberReady or 0
  local tolerated = TOLERATE * desired
  if tolerated < 1 then tolerated = 1 end
  hs.message = ready .. " of " .. desired .. " nodes have the images"
  if ready > 0 and desired - ready <= tolerated then hs.status = "Healthy" end
  return hs
end
local strategy = obj.spec.updateStrategy
local by_hand = strategy ~= nil and strategy.type == "OnDelete"
local updated = (status.updatedNumberScheduled or 0) >= desired
local available = (status.numberAvailable or 0) >= desired
hs.message = (status.numberAvailable or 0) .. " of " .. desired .. " pods are available"
if by_hand or (updated and available) then hs.status = "Healthy" end
return hs
"""
