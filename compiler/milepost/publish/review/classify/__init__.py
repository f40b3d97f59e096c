"""Classification of changes: edits of objects and fields, equal edits as one class, moves, and effects."""
