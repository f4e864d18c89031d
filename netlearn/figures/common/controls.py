"""What a reader presses, chooses and switches, as figures write it; the page finds it by `data_do` and `data_set`."""

from collections.abc import Mapping
from typing import Any

from netlearn.drawing.markup import Element, element


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
    """What a click in the drawing does: a button for each meaning, of which one is pressed."""
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
    verdict = element("p", class_="nl-verdict", role="status")
    return prediction(element("p", words), answers(*buttons), verdict, **data)
