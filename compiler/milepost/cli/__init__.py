"""The command line: flags in, pipeline, text out, exit code. A command holds no logic of its own."""
