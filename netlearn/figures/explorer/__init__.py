"""All shortest paths in a network to break."""
