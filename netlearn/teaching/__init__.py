"""What is asked of the reader."""

from netlearn.teaching.quizzes import Item, Option, Questions

__all__ = ["Item", "Option", "Questions"]
