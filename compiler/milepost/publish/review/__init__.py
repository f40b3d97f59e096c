"""Reviews: two rendered folders in, what a reviewer must know out.

The order: ``compare`` finds every changed line and what it belongs to, ``classes`` joins the same change at many places,
``moves`` sees what only changed its place, ``effects`` says what a cluster will do about each, ``radius`` counts whom it
reaches, ``guards`` says what somebody must have looked at, and ``certificate`` proves that nothing is missing.
"""

from milepost.publish.review.assemble import Review, review
from milepost.publish.review.judge.change_tally import ChangeTally
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.show.summary_line import SummaryLine

__all__ = ["ChangeTally", "GuardRules", "Review", "SummaryLine", "review"]
