"""Unit limits: kustomize slows with the square of the objects in one build, and so does every reconcile."""

from __future__ import annotations

from milepost.diagnostics import Code, Related, Severity, Sink
from milepost.lower.backend import OutputIndex
from milepost.model.plan import Plan

MP5020 = Code(
    "MP5020",
    "too many objects in a unit",
    "A unit is built by kustomize and applied as one. At 1,000 objects a build takes over a second, at 4,000 about a "
    "minute, and one refused object holds up all others.",
    "# a station group of 200 toll stations with 9 objects each\n",
)
MP5021 = Code(
    "MP5021",
    "unit close to its object limit",
    "Units of up to 500 objects build in half a second. Beyond, every reconcile of the cluster pays more.",
    "# a station group of 60 toll stations with 9 objects each\n",
    Severity.WARNING,
)
MOST, ADVISED = 1000, 500


def check_sizes(plan: Plan, index: OutputIndex, sink: Sink) -> None:
    """Report each unit above Kustomize's comfort or above what a Policy allows."""
    for unit in index.folders():
        count = index.objects[unit]
        group = plan.fleet.groups.get(unit.removeprefix("groups/"))
        place = group.origin.of("metadata", "name") if group else plan.fleet.province.origin
        hint = "split the station group" if group else None
        # A policy may only tighten: the limit of kustomize holds whatever a policy says.
        limit, policy = min(plan.fleet.catalog.policies, key=lambda p: p[0], default=(MOST, None))
        if count > min(limit, MOST):
            related = (
                [Related("the policy", policy.of("spec", "objectsPerUnit").span)]
                if policy and limit < MOST
                else []
            )
            sink.report(
                MP5020,
                f"{plan.fleet.province.name}/{unit} holds {count} objects, more than {min(limit, MOST)}",
                place.span,
                hint=hint,
                related=related,
            )
        elif count > ADVISED:
            sink.report(
                MP5021, f"{plan.fleet.province.name}/{unit} holds {count} objects", place.span, hint=hint
            )
