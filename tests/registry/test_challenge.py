"""Reading ``WWW-Authenticate``."""

from __future__ import annotations

from milepost.registry.challenge import Challenge, challenges


def test_a_bearer_challenge_has_its_parameters() -> None:
    """Commas inside quotes belong to the value: a scope may hold them."""
    header = 'Bearer realm="https://auth.example/token",service="reg",scope="repository:a/b:pull,push"'
    parameters = {
        "realm": "https://auth.example/token",
        "service": "reg",
        "scope": "repository:a/b:pull,push",
    }
    assert challenges(header) == [Challenge("bearer", parameters)]


def test_two_challenges_in_one_header_are_two() -> None:
    """A registry may offer a choice."""
    found = challenges('Basic realm="reg", Bearer realm="https://a.example", service=s')
    assert [c.scheme for c in found] == ["basic", "bearer"]
    assert found[1].parameters == {"realm": "https://a.example", "service": "s"}


def test_quotes_may_be_escaped() -> None:
    """A backslash takes the next character as it is."""
    assert challenges(r'Basic realm="a \"b\""')[0].parameters == {"realm": 'a "b"'}


def test_what_is_no_challenge_gives_none() -> None:
    """An empty or broken header ends the reading instead of failing."""
    assert challenges("") == []
    assert challenges("=,,=") == []
