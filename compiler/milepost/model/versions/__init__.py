"""Versions of clusters: which Milepost knows, how long they are maintained, and what they have that others lack.

Data with its sources, and questions about it. Decides nothing and never asks what day it is.
"""
