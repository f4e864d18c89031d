"""What a printer makes of a page: light, whole, questions with room for an answer, and the answers apart from them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from test_site import chapters

Open = Callable[..., Page]
ASKS = "book/case-2.html"
QUIZ = "book/quiz-failures.html"
# The lightness of what is printed: text dark on paper that is white, whatever the screen was.
DARKEST = """(all) => Math.max(...all.map((one) => {
  const [r, g, b] = getComputedStyle(one).color.match(/[\\d.]+/g).map(Number);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}))"""
# What a hand would press on a screen. What is a question stays: its options, its boxes to tick; a door is its port.
PRESSED = """(all) => all.filter((one) => one.checkVisibility()
  && !one.matches("[data-option], [data-guess], [type=radio], [data-tick], [data-do=trial], .nl-doors *"))
  .map((one) => one.outerHTML.slice(0, 60))"""
# Room that is kept for words to come.
WHITE = """(all) => all.filter((one) => one.checkVisibility() && !one.childElementCount
  && !one.textContent.trim() && one.offsetHeight > 2).map((one) => one.outerHTML.slice(0, 60))"""
CUT = """(all) => all.filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.textContent.trim().slice(0, 60))"""
# Pages beside each other, for a browser ends a column where it would end a page; and on which the pieces of a part are.
PAGED = "(one, high) => { one.style.cssText = `width: 680px; columns: 680px; column-fill: auto; height: ${high}px`; }"
ON = "(one) => [...one.getClientRects()].map((rect) => Math.floor((rect.x - innerWidth / 2) / innerWidth))"


def printed(page: Open, name: str, **options: object) -> Page:
    """The page as it is laid out on A4 with 15 mm on each side."""
    opened = page(name, width=680, height=1009, **options)
    opened.emulate_media(media="print")
    return opened


def test_a_dark_page_is_printed_in_the_colours_of_a_light_one(page: Open) -> None:
    opened = printed(page, ASKS, dark=True)
    assert opened.locator("html").get_attribute("data-theme") == "dark"
    assert opened.locator("body").evaluate("(one) => getComputedStyle(one).backgroundColor") == "rgb(255, 255, 255)"
    assert opened.locator(".highlight span:visible").evaluate_all(DARKEST) < 130
    assert opened.locator("article p:visible").evaluate_all(DARKEST) < 130


@pytest.mark.parametrize("name", chapters()[:22])
def test_nothing_is_cut_on_paper_and_there_is_nothing_to_press_and_no_room_for_later_words(
    page: Open, name: str
) -> None:
    opened = printed(page, name)
    boxes = opened.locator("article pre, article table, .pst-scrollable-table-container, .cell_output .output")
    assert boxes.evaluate_all(CUT) == []
    assert opened.evaluate("document.documentElement.scrollWidth") <= 680
    assert opened.locator("article :is(button, select, input)").evaluate_all(PRESSED) == []
    assert opened.locator("article .netlearn-figure :is(p, ul, div)").evaluate_all(WHITE) == []


def test_folds_are_open_on_paper_and_say_what_they_hold(page: Open) -> None:
    opened = printed(page, ASKS)
    fold = opened.locator("article details:not(.netlearn-figure *):not(.hide)").first
    assert fold.evaluate("(one) => !one.open")
    expect(fold.locator("p").first).to_be_visible()
    assert fold.locator("summary").inner_text().strip() in ("Answer", "Solution")


def test_a_question_before_a_figure_is_printed_with_its_options_and_a_line_to_write_on(page: Open) -> None:
    opened = printed(page, "book/case-1.html")
    asked = opened.locator(".nl-predict").first
    expect(asked.locator("p").first).to_be_visible()
    options = asked.locator("button[data-option]")
    assert options.count() > 1
    expect(options.first).to_be_visible()
    expect(asked.get_by_text("Skip the prediction")).to_be_hidden()
    assert asked.evaluate("(one) => getComputedStyle(one, '::after').content") == '"My answer:"'


@pytest.mark.parametrize("javascript", [True, False])
def test_the_answers_of_a_quiz_stand_behind_the_text_and_not_below_their_questions(
    page: Open, javascript: bool
) -> None:
    opened = page(QUIZ, javascript=javascript, width=680)
    expect(opened.locator(".on-paper")).to_be_hidden()
    opened.emulate_media(media="print")
    questions = opened.locator(".nl-question:visible")
    told = opened.locator(".on-paper > ol > li")
    assert questions.count() == told.count() == 10
    expect(opened.locator("article .nl-answers:visible")).to_have_count(0)
    expect(told.first.locator("li").first).to_be_visible()
    assert told.first.locator("p").inner_text() in questions.first.inner_text()
    assert (
        opened.locator(".on-paper h3").all_inner_texts()
        == opened.locator("article .nl-title:visible").all_inner_texts()[-1:]
    )


def test_a_figure_may_go_over_the_end_of_a_page_and_a_picture_fits_on_one(page: Open) -> None:
    opened = printed(page, ASKS)
    figure = opened.locator("figure[data-figure=player]").first
    assert figure.evaluate("(one) => getComputedStyle(one).breakInside") == "auto"
    pictures = figure.locator("img:visible, svg.nl-net:visible")
    heights = pictures.evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().height)")
    assert heights
    assert max(heights) <= 345  # 9 cm, a third of a page
    for level in ("h1", "h2", "h3"):
        heading = opened.locator(f"article {level}")
        assert heading.count() == 0 or heading.first.evaluate("(one) => getComputedStyle(one).breakAfter") == "avoid"
    for name, rule in (("nl-title", "breakInside"), ("nl-title", "breakAfter"), ("nl-caption", "breakBefore")):
        told = opened.locator(f"article .{name}:visible").first
        assert told.evaluate(f"(one) => getComputedStyle(one).{rule}") == "avoid"


def test_wherever_a_page_ends_a_caption_is_whole_and_beside_the_last_lines_of_its_list(page: Open) -> None:
    opened = printed(page, ASKS)
    caption = opened.locator("article .nl-events + .nl-caption:visible")
    lines = opened.locator("article .nl-events:has(+ .nl-caption) > li:visible")
    for height in range(860, 1100, 8):
        opened.locator("article").evaluate(PAGED, height)
        pages = [set(each.evaluate(ON)) for each in (caption, *(lines.nth(-place) for place in (1, 2, 3)))]
        assert len(set.union(*pages)) == 1, f"on a page {height} pixels high"


def test_the_rest_of_a_page_that_a_figure_leaves_has_no_frame_around_it(page: Open) -> None:
    opened = printed(page, ASKS)
    for figure in opened.locator("article figure.netlearn-figure:visible").all():
        sides = figure.evaluate("({ clientWidth, offsetWidth }) => offsetWidth - clientWidth")
        assert sides == 0


def test_a_line_that_ends_with_a_colon_stays_with_what_was_printed_by_the_cell_behind_it(page: Open) -> None:
    opened = printed(page, "book/case-1.html")
    leads = opened.locator("article p", has_text="So there are three ways:")
    assert leads.evaluate("(one) => getComputedStyle(one).breakAfter") == "avoid"
    pictured = opened.locator("article p", has_text="Left: each router has a hash of its own")
    assert pictured.evaluate("(one) => getComputedStyle(one).breakAfter") == "auto"  # else it could stand on no page
