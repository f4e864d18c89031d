"""What live figures are put together of: lines of words, what is unfolded, where a figure says how its Python fares."""

from typing import Any

from netlearn.drawing.markup import Element, Key, element

WAIT = element("div", class_="nl-wait", role="status", data_part="status")  # while Python is fetched or computes
PROBLEM = element("p", class_="nl-problem", role="alert", data_part="problem")  # what was refused, and why


def paragraph(words: str, class_: str | None = None, key: Key | None = None, **more: Any) -> Element:
    """A line of words; one with a key may change."""
    return element("p", words, key=key, class_=class_, **more)


def title(claim: str) -> Element:
    """What the picture claims, in a live figure."""
    return paragraph(claim, "nl-title", key="title")


def folded(summary: str, *parts: Element, class_: str | None = None) -> Element:
    """What is seen once its summary is pressed."""
    return element("details", element("summary", summary), *parts, class_=class_)


def live(question: Element | None, *parts: Element, class_: str, **data: Any) -> Element:
    """The whole live figure, below the question if one is asked."""
    return element("div", *([question] if question else []), *parts, class_=class_, **data)
