"""The model: nouns that stages hand to each other, frozen, without input or output."""
