"""Judgement of a change: blast radius, guards, and the proof that the summary leaves nothing out."""
