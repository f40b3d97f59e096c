"""Cluster cost: a plan and its templates -> what the tree costs its cluster, its agent and its lines.

Counts what was decided and lowered, never a second guess of it; refuses to change anything. ``LIMITS`` of the model bound
it, ``CONSTANTS`` say what a thing costs and who says so.
"""

from milepost.cost.budgets import check
from milepost.cost.constants import CONSTANTS
from milepost.cost.cost_count import cluster_cost

__all__ = ["CONSTANTS", "check", "cluster_cost"]
