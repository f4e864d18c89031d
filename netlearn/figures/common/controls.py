"""What live figures are put together of: what a reader presses, chooses and switches, lines of words, the whole.

A page finds what the reader sets by `data_do` and `data_set`.
"""

from collections.abc import Mapping
from typing import Any

from netlearn.drawing.markup import Element, Key, element
from netlearn.drawing.still import image

WAIT = element("div", class_="nl-wait", role="status", data_part="status")  # while Python is fetched or computes
PROBLEM = element("p", class_="nl-problem", role="alert", data_part="problem")  # what was refused, and why


def button(words: str, do: str, class_: str | None = None, **more: Any) -> Element:
    """A button that does something."""
    return element("button", words, type="button", class_=class_, data_do=do, **more)


def toggle(*parts: Element | str, on: bool = False, **more: Any) -> Element:
    """A button that is pressed or not."""
    return element("button", *parts, type="button", aria_pressed="true" if on else "false", **more)


def options(named: Mapping[str, str], chosen: str | None = None) -> list[Element]:
    """The values of a setting, each with the words that name it."""
    return [element("option", words, value=value, selected=value == chosen) for value, words in named.items()]


def choice(name: str, label: str, named: Mapping[str, str], chosen: str, **more: Any) -> Element:
    """A setting with a few named values."""
    return element("label", f"{label} ", element("select", *options(named, chosen), data_set=name, **more))


def field(label: str, control: Element) -> Element:
    """A setting below its name."""
    return element("label", element("span", label), control, class_="nl-filter")


def switch(name: str, label: str, on: bool) -> Element:
    """A setting that is on or off."""
    return element("label", tick(on, data_set=name), f" {label}", class_="nl-check")


def tick(on: bool, **more: Any) -> Element:
    """A box to tick."""
    return element("input", type="checkbox", checked=on, **more)


def number_input(least: int, most: int, value: int | str, **more: Any) -> Element:
    """A field for a whole number."""
    return element("input", type="number", min=least, max=most, value=value, **more)


def tools(before: str, meanings: Mapping[str, str], pressed: str, label: str) -> Element:
    """What pressing the drawing does: a button for each meaning, of which one is pressed."""
    buttons = (toggle(meaning, on=name == pressed, data_tool=name) for name, meaning in meanings.items())
    words = element("span", before)
    return element("div", words, *buttons, class_="nl-controls nl-tools", role="group", aria_label=label)


def prediction(*parts: Element, class_: str = "nl-predict", **data: Any) -> Element:
    """What is asked before the reader looks."""
    return element("div", *parts, class_=class_, role="group", aria_label="Your prediction", **data)


def answers(*buttons: Element) -> Element:
    """The answers that a prediction can have, and a way past it."""
    return element("div", *buttons, button("Skip the prediction", "skip", "nl-quiet"), class_="nl-options")


def question(words: str, said: Mapping[str, str], **data: Any) -> Element:
    """A prediction of one answer: for each of them what there is to say of it afterwards."""
    buttons = (toggle(label, data_option=label, data_feedback=feedback) for label, feedback in said.items())
    return prediction(element("p", words), answers(*buttons), verdict(*said.values()), **data)


def verdict(*said: str) -> Element:
    """Where it is said what came of a prediction. Room is kept for the longest of it: an answer moves nothing."""
    return element("p", class_="nl-verdict", role="status", data_room=max(said, key=len, default=""))


def paragraph(words: str, class_: str | None = None, key: Key | None = None, **more: Any) -> Element:
    """A line of words; one with a key may change."""
    return element("p", words, key=key, class_=class_, **more)


def pictured(claim: str, drawn: Element, said: str, *more: Element) -> tuple[Element, ...]:
    """A figure where nothing runs: what its picture claims, the picture, the same in words, and what else there is."""
    return paragraph(claim, "nl-title"), image(drawn, said), paragraph(said, "nl-say"), *more


def title(claim: str, asks: str = "") -> Element:
    """What the picture claims, in a live figure; as long as a question about it is open, what `asks` says instead."""
    if not asks:
        return paragraph(claim, "nl-title", key="title")
    return either(paragraph(claim, "nl-title", key="title"), paragraph(asks, "nl-title", key="title-asks"))


def either(tells: Element, asks: Element) -> Element:
    """What tells, and in its place, as long as a question is open, what asks: the larger of them makes the room."""
    parts = element("div", tells, class_="nl-tells"), element("div", asks, class_="nl-asks")
    return element("div", *parts, class_="nl-either")


def folded(summary: str, *parts: Element, class_: str | None = None) -> Element:
    """What is seen once its summary is pressed."""
    return element("details", element("summary", summary), *parts, class_=class_)


BAR = {
    "undo": ("Undo", "Take the last change back (Ctrl+Z)"),
    "redo": ("Redo", "Make that change again (Ctrl+Shift+Z)"),
    "reset": ("Reset", "Back to how the figure was at first"),
    "link": ("Copy link", "Copy an address that opens the figure as it is now"),
}


def bar() -> Element:
    """What every figure has in the same place. A page shows the link once it has an address for the figure."""
    buttons = (
        button(words, do, title=title, aria_disabled=None if do == "link" else "true", hidden=do == "link")
        for do, (words, title) in BAR.items()
    )
    return element("div", *buttons, element("p", role="status", data_part="said"), class_="nl-bar")


def abreast(drawn: Element, *beside: Element, first: bool = True) -> Element:
    """A drawing that is no wider than a phone, `first` or last, and beside it what belongs to it.

    Where there is no room beside, one stands below the other.
    """
    parts = element("div", drawn, WAIT, class_="nl-slim"), element("div", *beside)
    return element("div", *(parts if first else reversed(parts)), class_="nl-abreast" + ("" if first else " nl-led"))


def live(question: Element | None, *parts: Element, class_: str, **data: Any) -> Element:
    """The whole live figure, below the question if one is asked."""
    return element("div", *([question] if question else []), bar(), *parts, class_=class_, **data)
