"""One address on two machines."""
