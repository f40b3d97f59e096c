"""CSV inventory tables: text to columns of cells, and the way back from a cell to its place."""
