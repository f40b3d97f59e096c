"""Simulations: what happens in a fleet over time, played event by event from what was decided for it.

Takes a plan, gives figures and a picture. Decides nothing: what it recommends, the spec may adopt.
"""
