"""How frames travel between a host and its seats."""
