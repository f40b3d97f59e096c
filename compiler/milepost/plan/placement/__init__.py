"""Pod placement: which pods an application has, and which nodes of a station each may run on."""
