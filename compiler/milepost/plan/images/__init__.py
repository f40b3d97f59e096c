"""Image versions in use, those of sidecars included."""
