"""One kind of output a file. A new back end is a new file here; see ``milepost.lower.backend`` for what it offers."""
