"""Questions to check oneself with."""

from netlearn.figures.quiz.widget import Quiz

__all__ = ["Quiz"]
