"""Inherited levels: everything that arrives from above, overlaid by what the level itself sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from milepost.model import spec
from milepost.model.fleet import NOBODY, Access, Rights, Settings
from milepost.model.origin import DocumentOrigin, RowOrigin
from milepost.model.record import record
from milepost.resolve import inherit
from milepost.resolve.references import RowReferences
from milepost.resolve.typed_cells import TypedCells


@record
class InheritedLevel:
    """What a level passes on."""

    labels: Settings = field(default_factory=dict)
    values: Settings = field(default_factory=dict)
    rights: Rights = NOBODY
    access: Access | None = None

    def document(
        self, body: spec.base.Inherited, name: str, at: DocumentOrigin, accesses: Mapping[str, Access]
    ) -> InheritedLevel:
        """Overlaid by a document of the level ``name``; its reference to an AccessProfile has been checked."""
        return InheritedLevel(
            inherit.from_document(self.labels, body.labels, name, at.of("labels")),
            inherit.from_document(self.values, body.values, name, at.of("values")),
            inherit.rights(self.rights, body.owners, body.approvers, body.readers),
            accesses.get(body.access or "", self.access),
        )

    def row(
        self,
        row: spec.StationRow,
        name: str,
        origin: RowOrigin,
        accesses: Mapping[str, Access],
        references: RowReferences,
        cells: TypedCells,
    ) -> InheritedLevel:
        """Overlaid by a row of the level ``name``; itself where the row sets nothing, as most do."""
        # True of most rows: they share the level object of their group.
        if not (row.labels or row.values or row.access or row.owners):
            return self
        access = self.access
        if row.access is not None:
            access = references.find("access profile", row.access, accesses, origin, "access") or access
        return InheritedLevel(
            inherit.from_row(self.labels, row.labels, name, origin, "label"),
            inherit.from_row(
                self.values, cells.typed(row.values, self.values, origin), name, origin, "value"
            ),
            inherit.rights(self.rights, row.owners, (), ()),
            access,
        )
