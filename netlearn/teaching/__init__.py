"""What is asked of the reader: quizzes here, and predictions, which are asked before a figure shows.

Both are read from JSON that a teacher writes, and what would teach badly is refused.

>>> options = Option("Its sums are equal.", True, "Both are 3."), Option("It is slow.", feedback="Speed adds nothing.")
>>> Questions("Ties", [Item("tie-at-r1", "Why is R1 tied?", options)]).items[0].id
'tie-at-r1'
"""

from netlearn.teaching.quizzes import Item, Option, Questions

__all__ = ["Item", "Option", "Questions"]
