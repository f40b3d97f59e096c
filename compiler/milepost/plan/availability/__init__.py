"""Availability: what a station's components do without when nodes are lost, and what they reach by name."""
