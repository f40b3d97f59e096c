"""Reviews: two rendered folders in, what a reviewer must know out.

The order: ``compare`` finds every changed line and what it belongs to, ``change_classes`` joins equal changes at many places,
``moves`` finds what only changed its place, ``effects`` says what a cluster does about each, ``blast_radius`` counts what it
reaches, ``guards`` says what must be acknowledged, and ``coverage_proof`` proves that nothing is missing.
"""

from milepost.publish.review.assemble import Review, review
from milepost.publish.review.judge.change_tally import ChangeTally
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.show.summary_line import SummaryLine

__all__ = ["ChangeTally", "GuardRules", "Review", "SummaryLine", "review"]
