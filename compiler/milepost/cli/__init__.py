"""Flags in, pipeline, text out, exit code. Thin: a command holds no logic of its own."""
