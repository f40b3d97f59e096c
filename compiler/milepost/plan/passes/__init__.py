"""Passes, one kind of choice a file; their order stands in ``milepost.plan``."""
