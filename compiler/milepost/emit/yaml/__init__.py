"""YAML output: manifest templates as bytes, the same for the same objects and the same for every reader."""

from milepost.emit.yaml.serialize import dump

__all__ = ["dump"]
