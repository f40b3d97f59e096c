"""Exit codes, the same for every command."""

FINE = 0
SPEC_WRONG = 1
CANNOT_RUN = 2
DIFFERENT = 3
GUARDED = 4
INTERRUPTED = 130
