"""Which of a router's addresses still answer."""

from netlearn.figures.name_the_box.widget import NameTheBox

__all__ = ["NameTheBox"]
