"""MkDocs hook: links that leave docs/ lead to the source of the file or folder, which must exist.

In the repository such a link is relative (``../compiler/decisions/README.md``), so that it works in a checkout and on a
forge; a site holds docs/ alone.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError

LINK = re.compile(r"\]\((?P<path>(?![a-z]+:)[^)#\s]+)(?P<anchor>#[^)\s]*)?\)")


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """The text of a page with its links out of docs/ rewritten.

    Raises PluginError for one that leads to nothing.
    """
    docs = Path(config.docs_dir).resolve()
    root = docs.parent

    def rewrite(link: re.Match[str]) -> str:
        target = (docs / page.file.src_uri).parent.joinpath(link["path"]).resolve()
        if target.is_relative_to(docs):
            return link[0]  # MkDocs itself checks these
        if not target.is_relative_to(root) or not target.exists():
            raise PluginError(f"{page.file.src_uri}: {link['path']} leads to nothing in the repository")
        form = "tree" if target.is_dir() else "blob"
        source = f"{config.repo_url.rstrip('/')}/{form}/main/{target.relative_to(root).as_posix()}"
        return f"]({source}{link['anchor'] or ''})"

    return LINK.sub(rewrite, markdown)
