"""Lower: the plan in, Kubernetes objects as manifest templates out. Nothing is decided here."""

from milepost.lower.lowering import Lowered, lower

__all__ = ["Lowered", "lower"]
