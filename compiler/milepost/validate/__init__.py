"""Validate: documents in, a typed spec out. Is what is written well-formed, each document for itself? Resolves nothing."""

from milepost.validate.typed_documents import fleet_of, policies_of, spec_of
from milepost.validate.typed_rows import inventory

__all__ = ["fleet_of", "inventory", "policies_of", "spec_of"]
