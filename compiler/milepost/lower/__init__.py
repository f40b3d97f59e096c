"""Plan -> Templates: the decisions as Kubernetes objects. Nothing is decided here."""

from milepost.lower.lowering import Lowered, lower

__all__ = ["Lowered", "lower"]
