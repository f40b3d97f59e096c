"""Wording of a review: titles, summary lines, verdict and two-step plans as text for people."""
