"""YAML output: manifest templates as bytes, the same for the same objects and the same for every reader."""
