"""Reading of rendered trees: files, YAML documents, fields, lines, and the nodes that pods may run on."""
