"""Image pre-pull: what changes on each node, and in which jobs and stages nodes pull it."""
