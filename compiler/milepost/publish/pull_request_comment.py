"""The pull request comment: one that always says how things stand, made once and edited from then on.

The comment is known by its first line, a comment of HTML that nobody sees. Refuses a text without one, and touches no
comment of anybody else.
"""

from __future__ import annotations

from milepost.publish.forges import Conversation


class UnmarkedError(ValueError):
    """The text does not begin with a line that its comment could be known by."""


def put(text: str, conversation: Conversation) -> str:
    """``made``, ``edited`` or ``unchanged``. Raises UnmarkedError and ForgeError."""
    mark = text.split("\n", 1)[0].strip()
    if not (mark.startswith("<!--") and mark.endswith("-->")):
        raise UnmarkedError("the first line must be a comment such as <!-- milepost diff -->")
    for comment in conversation.own():
        if comment.text.split("\n", 1)[0].strip() == mark:
            # Forges may send lines back with carriage returns, and without the last line feed.
            if comment.text.replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n"):
                return "unchanged"
            conversation.edit(comment, text)
            return "edited"
    conversation.add(text)
    return "made"
