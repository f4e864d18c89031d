"""The live figures: a folder for each, and what they share."""
