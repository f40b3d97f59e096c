"""YAML of a fleet spec: text to plain values, the way back from a value to its place, and edits in place."""
