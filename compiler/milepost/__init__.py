"""Milepost, the compiler: a fleet spec in, one reviewable GitOps tree per province out.

This module holds the version and imports nothing, so that ``milepost --help`` stays quick.
"""

__version__ = "0.1.0"
