"""A run in time, as the figures that show one draw it and tell it."""
