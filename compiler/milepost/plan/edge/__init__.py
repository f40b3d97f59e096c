"""Edge-node decisions: which way leads to CloudCore, what EdgeCore reserves, what crosses a line, how a province comes back."""
