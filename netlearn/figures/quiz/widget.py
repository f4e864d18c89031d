"""The quiz: a few questions, and something to say about every answer. Nothing is computed, nothing leaves the page."""

from netlearn.drawing.markup import Element
from netlearn.figures.common.live import Live
from netlearn.figures.quiz.view import body, still
from netlearn.teaching.quizzes import Item, Questions, bundled


class Quiz(Live):
    """Questions to check oneself with. The answers are kept in the reader's browser only, each under its item's id.

    Raises `BadQuiz` when there is no item, or two have the same id.

    >>> quiz = Quiz.of("case-1")
    >>> quiz.body.count("<form ")  # one for each question
    4
    """

    @classmethod
    def of(cls, chapter: str) -> "Quiz":
        """The quiz that comes with a chapter of the book (`case-1`), or `UnknownName`."""
        questions = bundled(chapter)
        return cls(*questions.items, title=questions.title)

    def __init__(self, *items: Item, title: str = "Check yourself") -> None:
        self._questions = Questions(title, items)

    def drawn(self) -> Element:
        return body(self._questions)

    def still(self) -> tuple[Element, ...]:
        return still(self._questions)

    def words(self) -> str:
        return f"{self._questions.title}. {' '.join(item.question for item in self._questions.items)}"
