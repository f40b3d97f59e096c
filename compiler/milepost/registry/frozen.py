"""The frozen check of the lock file: against the spec and the registries, for CI, where nothing may be locked anew
unseen.
"""

from __future__ import annotations

from collections.abc import Sequence

from milepost.diagnostics import Code, Sink
from milepost.model.document import LOCK
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedSpec
from milepost.registry.client import RegistryClient
from milepost.registry.sweep import wanted
from milepost.registry.verify import verify

MP8008 = Code(
    "MP8008",
    "locked version that nobody names",
    "`images.lock.yaml` has an entry that no Image asks for, so that locking would take it out. With `--frozen` that is "
    "a difference like any other.",
    "# images.lock.yaml has redis 7.2.4\n---\nkind: Image\nspec: {repository: registry.example/redis, versions: [7.2.5]}\n",
)


def frozen(spec: ParsedSpec, client: RegistryClient, images: Sequence[str], sink: Sink) -> int:
    """How many versions are locked as registries have them; in ``sink``, whatever `images lock` would change."""
    agreeing = verify(spec, client, images, sink)
    asked = {(one.image, one.tag, one.repository) for one in wanted(spec, images)}
    (document, *_) = spec.source.manifests.get(LOCK) or [None]
    for name, versions in (spec.lock.images if spec.lock else {}).items():
        for tag, entries in versions.items() if not images or name in images else ():
            for index, entry in enumerate(entries):
                if (name, tag, entry.repository) not in asked and document is not None:
                    message = f'no Image names "{name}" version {tag} of {entry.repository}'
                    at = DocumentOrigin(document).of("images", name, tag, index, "repository")
                    sink.report(MP8008, message, at.span, hint="run `milepost images lock`")
    return agreeing
