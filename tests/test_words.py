"""A page of the book is read in about ten minutes: what is seen of it, folds closed, is at most 2,000 words.

How many each has: ``python -m pytest tests/test_words.py -rP -p no:xdist --no-cov``.
"""

import re
from collections.abc import Callable

import pytest
from conftest import ROOT
from playwright.sync_api import Page

MOST = 2_000
NAMED = re.findall(r"(?:root|file): *(book/[^\s/]+)$", (ROOT / "_toc.yml").read_text(encoding="utf-8"), re.MULTILINE)
CHAPTERS = [name for name in NAMED if (ROOT / f"{name}.ipynb").exists()]  # what is looked up is not read through
# Not what is there for ears alone, nor what a closed list could be set to.
SEEN = """article => {
  for (const one of article.querySelectorAll("*")) if (getComputedStyle(one).clipPath === "inset(50%)") one.remove();
  for (const one of article.querySelectorAll("option:not(:checked)")) one.remove();
  return article.innerText;
}"""


def visible_words(page: Page) -> int:
    """How many words are seen of the page's text: prose, tables, outputs, figures and quizzes, but no closed fold."""
    return len(str(page.locator("main article").evaluate(SEEN)).split())


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_page_is_read_in_ten_minutes(page: Callable[..., Page], name: str) -> None:
    words = visible_words(page(f"{name}.html"))
    print(f"{name}: {words:,} words")
    assert words <= MOST, f"{name} shows {words:,} words; the most is {MOST:,}"
