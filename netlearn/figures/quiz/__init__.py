"""Questions to check oneself with."""
