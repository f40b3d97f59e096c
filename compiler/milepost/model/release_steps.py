"""Release steps: what a release's document says after each; three cursors that go from wave to wave.

A step is a list of changes of the document; who edits the text, and what is checked then, is not decided here.
"""

from __future__ import annotations

from milepost.model.document import Path
from milepost.model.fleet import Application, Release
from milepost.model.record import by_value

ROLLBACK_REASON = "a rollback: the images are still on the nodes"


class NoReleaseStepError(Exception):
    """There is no such step; the message says why, and what may be done."""


@by_value
class SpecEdit:
    """One change of a document: a value to set, or (None) an entry to remove."""

    path: Path
    value: str | int | bool | None


@by_value
class ReleaseStep:
    """What is done, in one sentence; the changes of the release's document, in an order in which they can be made."""

    said: str
    changes: tuple[SpecEdit, ...]


def advance(release: Release, *, together: bool = False) -> ReleaseStep:
    """Pre-pull the next wave, or switch the one that was pre-pulled; with ``together`` both. Who goes on says that what
    has switched was applied. Raises NoReleaseStepError.
    """
    waves, behind = release.waves, release.switched < release.prepulled
    if release.switched == len(waves):
        if seen := _applied(release):
            return ReleaseStep(f'wave "{waves[-1].name}" waits for its pre-pull no more', seen)
        raise NoReleaseStepError(
            f'every wave of release "{release.name}" has switched; `milepost release finish` ends it'
        )
    if release.without_prepull is not None or behind:
        return _switch(release)
    wave = waves[release.prepulled]
    changes = [*_applied(release), SpecEdit(("spec", "prepulled"), wave.name)]
    if not (together or wave.together):
        return ReleaseStep(f'wave "{wave.name}" is told to pull {release.to}', tuple(changes))
    changes.append(SpecEdit(("spec", "switched"), wave.name))
    if not wave.together:
        changes.append(SpecEdit(("spec", "waves", release.prepulled, "together"), True))
    return ReleaseStep(
        f'wave "{wave.name}" pulls {release.to}, and switches when it is there', tuple(changes)
    )


def _applied(release: Release) -> tuple[SpecEdit, ...]:
    """The change that lets what has switched wait no more; none where nothing waits."""
    if release.without_prepull is not None or release.applied == release.switched:
        return ()
    return (SpecEdit(("spec", "applied"), release.waves[release.switched - 1].name),)


def _switch(release: Release) -> ReleaseStep:
    wave = release.waves[release.switched]
    return ReleaseStep(
        f'wave "{wave.name}" switches to {release.to}', (SpecEdit(("spec", "switched"), wave.name),)
    )


def retry(release: Release) -> ReleaseStep:
    """Pull again for the wave that was pre-pulled last. Raises NoReleaseStepError."""
    if release.prepulled == 0 or release.without_prepull is not None:
        raise NoReleaseStepError(
            f'no wave of release "{release.name}" pulls anything that could be tried again'
        )
    number = release.prepulled - 1
    wave = release.waves[number]
    change = SpecEdit(("spec", "waves", number, "attempt"), wave.attempt + 1)
    return ReleaseStep(f'wave "{wave.name}" pulls {release.to} again, attempt {wave.attempt + 1}', (change,))


def rollback(release: Release, *, everything: bool = False) -> ReleaseStep:
    """Turn the release around: the waves that switched go back, one a step or all at once. Raises NoReleaseStepError."""
    if release.rollback:
        raise NoReleaseStepError(
            f'release "{release.name}" is a rollback already; `milepost release advance` goes on'
        )
    if release.switched == 0:
        raise NoReleaseStepError(
            f'no wave of release "{release.name}" has switched, so there is nothing to take back'
        )
    first = release.waves[release.switched - 1 if everything else 0]
    changes = [
        *(
            SpecEdit(("spec", "waves", number), None)
            # From the end, since the edits are made one after the other and each removal moves
            # what stands behind it.
            for number in reversed(range(release.switched, len(release.waves)))
        ),
        SpecEdit(("spec", "from"), release.to),
        SpecEdit(("spec", "to"), release.start),
        SpecEdit(("spec", "switched"), first.name),
        *([SpecEdit(("spec", "prepulled"), None)] if release.without_prepull is None else []),
        *([SpecEdit(("spec", "applied"), None)] if release.applied else []),
        SpecEdit(("spec", "withoutPrepull"), ROLLBACK_REASON),
        SpecEdit(("spec", "rollback"), True),
    ]
    who = "every wave that had switched goes" if everything else f'wave "{first.name}" goes'
    return ReleaseStep(f"{who} back to {release.start}", tuple(changes))


def finish(release: Release, application: Application, groups: frozenset[str]) -> str | None:
    """The version to set on the application (None: as it is) before the release is removed. Raises NoReleaseStepError.

    ``groups`` are all station groups of the fleet.
    """
    if release.switched < len(release.waves):
        waiting = release.waves[release.switched].name
        raise NoReleaseStepError(f'wave "{waiting}" of release "{release.name}" has not switched yet')
    left = sorted(groups.difference(*(wave.groups for wave in release.waves)))
    # Setting the application's version moves every group that no wave names, all at once and
    # without a pre-pull.
    if left and not release.rollback:
        more = f" and {len(left) - 1} more" if len(left) > 1 else ""
        raise NoReleaseStepError(
            f"station group {left[0]}{more} is in no wave and would switch without one; add a wave for what is left"
        )
    return None if application.version == release.to else release.to
