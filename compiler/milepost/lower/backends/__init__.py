"""Back ends, one kind of output a file. A new one is a new file here; ``milepost.lower.backend`` says what it offers."""
