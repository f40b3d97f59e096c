"""Node capacity: what pods request, what Milepost's own pods take, and whether a node can be overcommitted."""
