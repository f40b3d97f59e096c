"""The steps of a release, from the first pre-pull to the end and back."""

from __future__ import annotations

from typing import Any, cast

import pytest

from milepost.model.fleet import Application, FrozenValues, Release, Wave
from milepost.model.origin import DocumentOrigin
from milepost.model.release_steps import NoReleaseStepError, ReleaseStep, advance, finish, retry, rollback

NOWHERE = cast(DocumentOrigin, None)


def release(prepulled: int = 0, switched: int = 0, *, together: int | None = None, **more: Any) -> Release:
    """Three waves ``a``, ``b`` and ``c``, each of a group of that name."""
    waves = tuple(
        Wave(name, frozenset([name]), None, together == number, 1, False, NOWHERE)
        for number, name in enumerate("abc")
    )
    fields = {"applied": switched, "without_prepull": None, "rollback": False} | more
    return Release("r", "app", "1", "2", waves, prepulled, switched, origin=NOWHERE, **fields)


def changes(step: ReleaseStep) -> dict[str, Any]:
    return {".".join(map(str, change.path)): change.value for change in step.changes}


def test_each_wave_pulls_and_then_switches() -> None:
    """One cursor moves by one wave at a time, the first always ahead."""
    walked = []
    prepulled = switched = 0
    while True:
        try:
            found = changes(advance(release(prepulled, switched)))
        except NoReleaseStepError:
            break
        (((_, cursor), wave),) = [(path.split("."), value) for path, value in found.items()]
        prepulled = "abc".index(wave) + 1 if cursor == "prepulled" else prepulled
        switched = "abc".index(wave) + 1 if cursor == "switched" else switched
        assert switched <= prepulled
        walked.append(f"{cursor} {wave}")
    assert walked == [f"{cursor} {wave}" for wave in "abc" for cursor in ("prepulled", "switched")]


def test_who_goes_on_says_that_the_last_wave_was_applied() -> None:
    """Its sections wait for their pre-pull until then: with the next pull, or at the end by a step of its own."""
    assert changes(advance(release(1, 1, applied=0))) == {"spec.applied": "a", "spec.prepulled": "b"}
    assert changes(advance(release(2, 1, applied=0))) == {"spec.switched": "b"}
    assert changes(advance(release(3, 3, applied=2))) == {"spec.applied": "c"}
    together = changes(advance(release(1, 1, applied=0), together=True))
    assert together.keys() == {"spec.applied", "spec.prepulled", "spec.switched", "spec.waves.1.together"}


def test_a_rollback_waits_for_nothing() -> None:
    """The images are still on the nodes, and a cursor that nothing heeds would be refused."""
    assert changes(rollback(release(2, 2, applied=1)))["spec.applied"] is None


def test_together_both_cursors_pass_a_wave_at_once() -> None:
    """And the wave says so, since the tree has to hold the switch back."""
    found = changes(advance(release(1, 1), together=True))
    assert found == {"spec.prepulled": "b", "spec.switched": "b", "spec.waves.1.together": True}


def test_a_wave_that_is_together_needs_no_flag() -> None:
    """Nor is it written twice."""
    assert changes(advance(release(together=0))) == {"spec.prepulled": "a", "spec.switched": "a"}


def test_together_does_not_skip_a_wave_that_was_pulled() -> None:
    """It switches first."""
    assert changes(advance(release(2, 1), together=True)) == {"spec.switched": "b"}


def test_without_a_prepull_waves_switch_one_by_one() -> None:
    """There is one cursor then."""
    assert changes(advance(release(1, 1, without_prepull="small"))) == {"spec.switched": "b"}


def test_the_end_is_said() -> None:
    """With the command that follows."""
    with pytest.raises(NoReleaseStepError, match="milepost release finish"):
        advance(release(3, 3))


def test_a_rollback_turns_the_versions_and_keeps_the_waves_that_moved() -> None:
    """Waves that never switched are cut off from behind, so that positions hold while they are removed."""
    step = rollback(release(3, 2))
    assert [change.path[-1] for change in step.changes[:1]] == [2]
    assert changes(step) == {
        "spec.waves.2": None,
        "spec.from": "2",
        "spec.to": "1",
        "spec.switched": "a",
        "spec.prepulled": None,
        "spec.applied": None,
        "spec.withoutPrepull": "a rollback: the images are still on the nodes",
        "spec.rollback": True,
    }


def test_a_rollback_of_everything_is_one_step() -> None:
    """All waves that had switched go back in one commit."""
    assert changes(rollback(release(2, 2), everything=True))["spec.switched"] == "b"


@pytest.mark.parametrize("of", [release(1, 0), release(2, 2, rollback=True)])
def test_there_is_nothing_to_roll_back(of: Release) -> None:
    """Before the first switch, and after a rollback."""
    with pytest.raises(NoReleaseStepError):
        rollback(of)


def test_a_retry_raises_the_attempt_of_the_wave_that_pulls() -> None:
    """The others stay as they are."""
    assert changes(retry(release(2, 1))) == {"spec.waves.1.attempt": 2}
    with pytest.raises(NoReleaseStepError):
        retry(release())


APPLICATION = Application(
    name="app",
    frozen=None,
    values=FrozenValues(),
    place="station",
    provinces=(),
    stations=cast(Any, None),
    version="1",
    together=False,
    versions={},
    components=(),
    topology=(),
    failovers=(),
    values_schema=None,
    objects=(),
    origin=NOWHERE,
    at=NOWHERE,
)
EVERYWHERE = frozenset("abc")


def test_a_release_that_is_through_gives_its_version_to_the_application() -> None:
    """Only then, and only if no group would be left to switch by accident."""
    assert finish(release(3, 3), APPLICATION, EVERYWHERE) == "2"
    with pytest.raises(NoReleaseStepError, match='wave "c"'):
        finish(release(3, 2), APPLICATION, EVERYWHERE)
    with pytest.raises(NoReleaseStepError, match="station group d is in no wave"):
        finish(release(3, 3), APPLICATION, EVERYWHERE | {"d"})


def test_a_rollback_that_is_through_leaves_the_application_as_it_is() -> None:
    """It goes back to what the application runs; groups in no wave run that already."""
    back = Release("r", "app", "2", "1", release().waves, 3, 3, 0, "why", True, NOWHERE)
    assert finish(back, APPLICATION, EVERYWHERE | {"d"}) is None
