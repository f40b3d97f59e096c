"""Results as a page, its pictures and JSON; the same results give the same bytes."""
