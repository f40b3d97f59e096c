"""Requirement finders: what of a province needs something that no tree holds, one subject a module."""
