"""Published state for people and programs: text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from milepost.publish.commit_message import Foreign
from milepost.publish.published import PublishedProvince, PublishedState
from milepost.publish.source_commit import SourceCommit
from milepost.registry.errors import plain

_MOST = 10
"""Foreign commits of a province that text shows."""
_WORDS = {
    PublishedState.CURRENT: "up to date",
    PublishedState.PENDING: "the tree here is not published",
    PublishedState.NEWER: "published from a later commit than the tree here",
    PublishedState.FOREIGN: "it holds what Milepost did not publish",
    PublishedState.ABSENT: "nothing is published",
    PublishedState.NO_TREE: "published, and there is no tree of it here",
}


def as_text(found: Sequence[PublishedProvince]) -> str:
    """A line for each province, and one for each foreign commit below it."""
    return "".join(f"{line}\n" for one in found for line in _lines(one))


def _lines(one: PublishedProvince) -> Iterator[str]:
    place = f"({one.place} {_short(one.id)})".replace(" )", ")")
    yield f"{one.province}: {_WORDS[one.state]} {place}{_from(one.source)}"
    for commit in one.foreign[:_MOST]:
        yield f"  there is {commit}"
    if len(one.foreign) > _MOST:
        yield f"  and {len(one.foreign) - _MOST} more"


def _short(name: str) -> str:
    return name[:19] if name.startswith("sha256:") else name[:12]


def _from(source: SourceCommit | None) -> str:
    if source is None:
        return ""
    more = ", with changes that were not committed" if source.id != source.commit else ""
    subject = f": {plain(source.subject, 80)}" if source.subject else ""
    return f", from {plain(source.commit[:12])} of {plain(source.date[:10])}{more}{subject}"


def as_json(found: Sequence[PublishedProvince]) -> str:
    text = json.dumps({"provinces": [_row(one) for one in found]}, indent=2, ensure_ascii=False)
    # Git takes a subject or a name in any bytes, and shows them as they are.
    return text.encode("utf-8", "replace").decode() + "\n"


def _row(one: PublishedProvince) -> dict[str, Any]:
    return {
        "province": one.province,
        "place": one.place,
        "id": one.id or None,
        "state": one.state.value,
        "source": None if one.source is None else _source(one.source),
        "foreign": [_foreign(commit) for commit in one.foreign],
    }


def _source(source: SourceCommit) -> dict[str, Any]:
    return {
        "commit": source.commit,
        "dirty": source.id != source.commit,
        "date": source.date,
        "subject": source.subject,
        "author": source.author,
    }


def _foreign(commit: Foreign) -> dict[str, Any]:
    return {"commit": commit.commit, "subject": commit.subject, "author": commit.author}
