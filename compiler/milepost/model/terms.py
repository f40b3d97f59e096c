"""Node terms: where pods and pulls may go, in Kubernetes' words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from milepost.model.record import by_value


@by_value
class NodeTerms:
    """Labels that must be equal, and labels that must be in a list; of each tuple in ``any_of`` one label must be there.

    Kubernetes ors whole terms alone, so ``any_of`` becomes a term for each of its choices.
    """

    equal: tuple[tuple[str, str], ...] = ()
    within: tuple[tuple[str, tuple[str, ...]], ...] = ()
    any_of: tuple[tuple[str, ...], ...] = ()

    def fits(self, labels: Mapping[str, str]) -> bool:
        """Whether a node with ``labels`` meets all of it."""
        return (
            all(labels.get(key) == value for key, value in self.equal)
            and all(labels.get(key) in values for key, values in self.within)
            and all(any(key in labels for key in keys) for keys in self.any_of)
        )

    @property
    def keys(self) -> frozenset[str]:
        """Every label that it asks about."""
        named = {key for key, _ in (*self.equal, *self.within)}
        return frozenset(named.union(*self.any_of))

    def choices(self) -> Iterator[tuple[str, ...]]:
        """Labels that must be there beside the rest, one tuple a choice; a single empty one where nothing is to choose."""
        # Expressions in one term of node affinity are anded, so "one of these roles" needs a
        # term for each combination.
        return product(*self.any_of)

    def apart(self) -> Iterator[NodeTerms]:
        """The same nodes by terms that need no or: some may be selected by several of them."""
        for keys in self.choices():
            equal = tuple(sorted({**dict(self.equal), **dict.fromkeys(keys, "")}.items()))
            yield replace(self, equal=equal, any_of=())
