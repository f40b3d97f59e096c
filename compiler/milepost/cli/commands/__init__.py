"""The commands, one a file; each offers ``command`` and imports late: a module is read for its line in ``--help``."""
