"""Who can reach a door."""
