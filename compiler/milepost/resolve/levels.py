"""What holds at a level: everything that arrives from above, overlaid by what the level itself sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from milepost.model import spec
from milepost.model.fleet import NOBODY, Access, Rights, Settings
from milepost.model.origin import At, Row
from milepost.model.record import record
from milepost.model.written import WrittenStation
from milepost.resolve import inherit
from milepost.resolve.references import RowReferences


@record
class Level:
    """What a level passes on."""

    labels: Settings = field(default_factory=dict)
    values: Settings = field(default_factory=dict)
    rights: Rights = NOBODY
    access: Access | None = None

    def document(self, body: spec.base.Inherited, name: str, at: At, accesses: Mapping[str, Access]) -> Level:
        """Overlaid by a document of the level ``name``; its reference to an AccessProfile has been checked."""
        return Level(
            inherit.from_document(self.labels, body.labels, name, at.of("labels")),
            inherit.from_document(self.values, body.values, name, at.of("values")),
            inherit.rights(self.rights, body.owners, body.approvers, body.readers),
            accesses.get(body.access or "", self.access),
        )

    def row(
        self,
        row: WrittenStation,
        name: str,
        origin: Row,
        accesses: Mapping[str, Access],
        references: RowReferences,
    ) -> Level:
        """Overlaid by a row of the level ``name``; itself where the row sets nothing, as most do."""
        *_, own_access, owners, labels, values = row
        if not (labels or values or own_access or owners):
            return self
        access = self.access
        if own_access is not None:
            access = references.find("access profile", own_access, accesses, origin, "access") or access
        return Level(
            inherit.from_row(self.labels, labels, name, origin, "label"),
            inherit.from_row(self.values, values, name, origin, "value"),
            inherit.rights(self.rights, owners, (), ()),
            access,
        )
