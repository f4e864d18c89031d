"""A packet's way through one machine."""
