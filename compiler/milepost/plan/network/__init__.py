"""Station networks: which stations share a LAN, which addresses clash on it, and the VRID of each virtual address."""
