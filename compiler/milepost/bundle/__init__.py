"""Bundles: what a technician carries to a site whose line cannot carry a first installation.

Takes a compiled province and the name of a station or a section; gives a folder: the bootstrap files of its nodes, images as an
OCI layout, a page to tick off for each node, checksums. Nothing of it is secret: tokens, passwords and certificates are asked for
on the site.
"""
