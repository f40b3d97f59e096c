"""Cloud side: names of the namespace and of the unit in which a province's own components stand."""

NAMESPACE = "milepost-cloud"
"""No station group may be called so: their names never begin with ``milepost``."""
UNIT = "cloud"
"""The folder of the rendered tree that holds its objects."""
