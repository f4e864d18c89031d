"""A quiz as markup: alive, with controls and what there is to say of each answer; and still, with the answers folded.

All that a reader may get to read is written here. The page shows or hides it, and keeps count.
"""

from netlearn.drawing.markup import Element, element
from netlearn.figures.common.controls import button, paragraph
from netlearn.teaching.quizzes import Item, Option, Questions

RIGHT, WRONG = ("✓", "Yes."), ("✗", "No.")  # a sign and a word, so that colour need not say it

# What comes first where several options may be right.
SUMMARIES = {
    "right": (*RIGHT, "That is all of it."),
    "missing": ("✗", "Almost.", "What you chose is right, and there is more to find."),
    "wrong": (*WRONG, "Look at what you chose once more:"),
}


def body(questions: Questions) -> Element:
    """The live quiz, before anything is answered."""
    answered = f"0 of {len(questions.items)} answered rightly"  # the page counts on in the same words
    count = paragraph(answered, "nl-count", role="status", data_part="count")
    parts = (
        paragraph(questions.title, "nl-title"),
        *map(_asked, questions.items),
        element("div", count, button("Forget my answers", "forget", "nl-quiet"), class_="nl-controls"),
        paragraph("Your answers stay in this browser.", "nl-hint"),
    )
    return element("div", *parts, class_="nl-quiz", role="group", aria_label=questions.title)


def still(questions: Questions) -> tuple[Element, ...]:
    """The quiz for where nothing runs: questions, options, and the answers folded below each."""
    return paragraph(questions.title, "nl-title"), *(
        element("div", _question("p", item), _options(item), answers(item), class_="nl-item")
        for item in questions.items
    )


def answers(item: Item) -> Element:
    """What there is to say of every option, folded until the reader wants it; open in print."""
    said = (element("li", *_judged(option, naming=True)) for option in item.options)
    return element("details", element("summary", "Show the answers"), element("ul", *said), class_="nl-answers")


def inline(text: str) -> tuple[Element | str, ...]:
    """The text with what stands between backticks as code."""
    parts = enumerate(text.split("`"))
    return tuple(element("code", part) if number % 2 else part for number, part in parts if part)


def _question(tag: str, item: Item) -> Element:
    more = (" ", element("span", "More than one may be right.", class_="nl-several")) if item.several else ()
    return element(tag, *inline(item.question), *more, class_="nl-question")


def _options(item: Item) -> Element:
    return element("ul", *(element("li", *inline(option.text)) for option in item.options))


def _asked(item: Item) -> Element:
    """A question with its controls. A form of its own: its radio buttons are a group, and Enter checks."""
    check = element("button", "Check", type="submit")
    verdict = element("div", class_="nl-verdict", role="status")
    choices = (_choice(item, option, number) for number, option in enumerate(item.options))
    asked = element("fieldset", _question("legend", item), *choices, check, verdict)
    return element("form", asked, *_sayings(item), answers(item), class_="nl-item", data_item=item.id)


def _choice(item: Item, option: Option, number: int) -> Element:
    kind = "checkbox" if item.several else "radio"
    control = element("input", type=kind, name="answer", value=option.text, data_right=option.right, data_say=number)
    return element("label", control, element("span", *inline(option.text)), class_="nl-choice")


def _sayings(item: Item) -> tuple[Element, ...]:
    """What the page may have to say, each under its name, in templates that nobody reads before."""
    said = {str(number): _judged(option, naming=item.several) for number, option in enumerate(item.options)}
    said["nothing"] = ("Choose an answer first, then check it.",)
    if item.several:
        said |= {name: _marked(sign, word, rest) for name, (sign, word, rest) in SUMMARIES.items()}
    return tuple(element("template", element("p", *parts), data_say=name) for name, parts in said.items())


def _judged(option: Option, naming: bool) -> tuple[Element | str, ...]:
    """Yes or no, and why; `naming` says which option it is about."""
    sign, word = RIGHT if option.right else WRONG
    if not naming:
        return _marked(sign, word, option.feedback)
    return *_marked(sign, word, ""), element("em", *inline(option.text)), " ", *inline(option.feedback)


def _marked(sign: str, word: str, rest: str) -> tuple[Element | str, ...]:
    mark = element("span", sign, class_="nl-sign", aria_hidden="true")
    return mark, " ", element("strong", word), " ", *inline(rest)
