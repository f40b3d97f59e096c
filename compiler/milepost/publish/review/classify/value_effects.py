"""Value effects: what a field does whose new value decides, such as ``privileged`` or ``replicas``.

Each function takes the old and the new value as written, None where there is none, and gives the effect.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from milepost.publish.review.classify.effect import Effect

Judge = Callable[[str | None, str | None], Effect]

_SYSTEM = re.compile(
    r"/|(/(bin|boot|dev|etc|home|lib|lib64|proc|root|run|sbin|sys|usr|var/run)"
    r"|/var/lib/(kubelet|edged|kubeedge|containerd|docker|etcd|cni|rancher))(/.*)?|.*\.sock"
)
"""Folders of the system of a node, and sockets of its services: with one of them a pod may become the node."""
_CONFIG_FILE = re.compile(r"/etc/.*|.*/[^/]+\.[A-Za-z0-9]+")
_LEVELS = ("restricted", "baseline", "privileged")
_POWERFUL = re.compile(
    r"\*|escalate|bind|impersonate|approve|secrets|pods/(exec|attach|ephemeralcontainers)|nodes/proxy"
    r"|serviceaccounts/token|certificatesigningrequests(/.*)?|cluster-admin|clusterrole(binding)?s|rolebindings|roles"
)


def raises_when(*values: str | None) -> Judge:
    """Privilege, where the new value is one of these (None: where none is left); otherwise a restart."""
    return lambda old, new: Effect.PRIVILEGE if new in values else Effect.RESTARTS


def raises_unless(*values: str) -> Judge:
    """Privilege, unless the new value is one of these."""
    return lambda old, new: Effect.RESTARTS if new in values else Effect.PRIVILEGE


def when(added: Effect, removed: Effect, changed: Effect) -> Judge:
    """By whether the value comes, goes, or becomes another."""

    def judge(old: str | None, new: str | None) -> Effect:
        return added if old is None else removed if new is None else changed

    return judge


def host_path(old: str | None, new: str | None) -> Effect:
    """Another folder hides what is in the old one; a folder of the system opens the node."""
    if new is not None and _SYSTEM.fullmatch(new):
        return Effect.PRIVILEGE
    return Effect.RESTARTS if old is None else Effect.HIDES_DATA


def mount(old: str | None, new: str | None) -> Effect:
    """Where a volume stands in a container: a folder of data that moves is not found, a config file is no data."""
    moved = old if old is not None else new or ""
    return Effect.RESTARTS if old is None or _CONFIG_FILE.fullmatch(moved) else Effect.HIDES_DATA


def image(old: str | None, new: str | None) -> Effect:
    """The same tag with another digest is another program under a name that was looked at before."""
    (before, _, one), (after, _, other) = ((text or "").partition("@") for text in (old, new))
    return Effect.REPULLS if before == after and one != other else Effect.RESTARTS


def replicas(old: str | None, new: str | None) -> Effect:
    """Fewer serve less; none is a stop."""
    before, after = _number(old), _number(new)
    if after == 0:
        return Effect.DELETES
    if before is None or after is None:
        return Effect.WEAKENS
    return Effect.WEAKENS if after < before else Effect.CREATES


def at_once(old: str | None, new: str | None) -> Effect:
    """How many pods may be away in a rollout: more is less available."""
    before, after = _number(old), _number(new)
    fewer = before is not None and after is not None and after <= before and _unit(old) == _unit(new)
    return Effect.CONFIGURES if fewer else Effect.WEAKENS


def switch(on: Effect, off: Effect) -> Judge:
    """By whether the new value is ``true``."""
    return lambda old, new: on if new == "true" else off


def pod_security(old: str | None, new: str | None) -> Effect:
    """A level that lets more in raises privilege; one that lets less in refuses pods at their next start."""
    level = {name: rank for rank, name in enumerate(_LEVELS)}
    # Without a label an API server demands nothing.
    return (
        Effect.PRIVILEGE
        if level.get(new or "", len(level)) > level.get(old or "", len(level))
        else Effect.WEAKENS
    )


def rule(old: str | None, new: str | None) -> Effect:
    """A word of an RBAC rule: with some of them one can give oneself any other."""
    return Effect.PRIVILEGE if new is not None and _POWERFUL.fullmatch(new) else Effect.OPENS


def _number(text: str | None) -> float | None:
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)%?", text or "")
    return float(found[1]) if found else None


def _unit(text: str | None) -> bool:
    return (text or "").endswith("%")
