"""What all live figures share."""
