"""The report: a compiled fleet as one page for people, with roads, waves, proofs, and what a change does.

Reads what the stages decided and decides nothing. The page is one file that asks no network for anything, and the same
fleet gives the same bytes. Provinces are looked at one by one (``province_facts``), so that their processes can do it.
"""

from milepost.report.page import PageSubject, render
from milepost.report.province_facts import ProvinceFacts, province_facts

__all__ = ["PageSubject", "ProvinceFacts", "province_facts", "render"]
