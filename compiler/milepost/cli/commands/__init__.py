"""One command a file; each offers ``command``. Import late: a command's module is read for its line in ``--help``."""
