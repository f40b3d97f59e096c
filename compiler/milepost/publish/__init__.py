"""Publish: rendered trees in; a review for people out, and one branch or OCI artifact per province for its cluster.

Refuses to render anything: what is compared and published are bytes that compile wrote.
"""
