"""Registry mirrors: where each runs, whom it asks, what it must store, and what crosses the lines."""
