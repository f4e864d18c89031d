"""One address on several routers."""
