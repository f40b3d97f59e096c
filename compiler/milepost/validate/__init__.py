"""Documents -> Spec: is what is written well-formed, each document for itself and by name? Resolves nothing."""

from milepost.validate.rows import inventory
from milepost.validate.shape import fleet_of, spec_of

__all__ = ["fleet_of", "inventory", "spec_of"]
