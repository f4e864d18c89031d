"""The quiz on the site: with a mouse, a finger, the keyboard, a screen reader, on paper, and without JavaScript."""

import json
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Visit
from playwright.sync_api import Locator, Page, Route, expect

from netlearn.teaching.quizzes import Item, Option, bundled
from netlearn.widgets import Quiz

CHAPTER = "book/case-1.html"
TIE, ADDRESSES, QUARTER, SAME = bundled("case-1").items
SEVERAL = Item(
    "true-of-lo",
    "Which are true of `lo`?",
    (
        Option("The kernel makes it.", right=True, feedback="In each network namespace, at its birth."),
        Option("It has an MTU.", right=True, feedback="65536, on Linux."),
        Option("It has a cable.", feedback="What is handed to it is received at once."),
    ),
    several=True,
)
Open = Callable[..., Page]
MakeVisit = Callable[..., Visit]


def quiz(page: Page) -> Locator:
    return page.locator("figure[data-figure=quiz]")


def question(page: Page, item: Item) -> Locator:
    return page.get_by_role("group", name=re.compile("^" + re.escape(item.question.split("`")[0])))


def right(item: Item) -> Option:
    return next(option for option in item.options if option.right)


def wrong(item: Item) -> Option:
    return next(option for option in item.options if not option.right)


def choose(page: Page, item: Item, *options: Option) -> Locator:
    """Chooses and checks; the place where the answer is judged."""
    group = question(page, item)
    for option in options:
        group.get_by_label(option.text, exact=True).check()
    group.get_by_role("button", name="Check", exact=True).click()
    return group.get_by_role("status")


def count(page: Page) -> Locator:
    return page.locator("[data-part=count]")


@pytest.fixture
def chapter(page: Open) -> Open:
    """Opens the chapter and waits until its quiz is alive."""

    def open_chapter(**options: object) -> Page:
        opened = page(CHAPTER, **options)
        expect(quiz(opened)).to_have_attribute("data-live", "yes")
        return opened

    return open_chapter


@pytest.fixture
def of_several(visit: MakeVisit, site_url: str) -> Open:
    """Opens the chapter with a quiz in it of which more than one answer is right."""

    def open_page(**options: object) -> Page:
        visitor = visit(**options)

        def exchange(route: Route) -> None:
            response = route.fetch()
            whole = r'<figure[^>]* data-figure="quiz".*?</figure>'
            text = re.sub(whole, lambda _: Quiz(SEVERAL, TIE).html(), response.text(), flags=re.DOTALL)
            route.fulfill(response=response, body=text)

        visitor.context.route(f"**/{CHAPTER}", exchange)
        opened = visitor.open(site_url + CHAPTER)
        expect(quiz(opened)).to_have_attribute("data-live", "yes")
        return opened

    return open_page


# Answers


@pytest.mark.parametrize("item", bundled("case-1").items, ids=lambda item: item.id)
def test_each_option_gets_its_own_feedback_in_a_sign_and_in_words(chapter: Open, item: Item) -> None:
    page = chapter()
    for option in item.options:
        verdict = choose(page, item, option)
        expect(verdict).to_have_text(f"{'✓ Yes.' if option.right else '✗ No.'} {option.feedback}")


def test_answers_are_counted_and_a_wrong_one_may_be_tried_again(chapter: Open) -> None:
    page = chapter()
    expect(count(page)).to_have_text("0 of 4 answered rightly")
    choose(page, TIE, wrong(TIE))
    expect(count(page)).to_have_text("0 of 4 answered rightly")
    choose(page, TIE, right(TIE))
    expect(count(page)).to_have_text("1 of 4 answered rightly")
    choose(page, SAME, right(SAME))
    expect(count(page)).to_have_text("2 of 4 answered rightly")
    choose(page, TIE, wrong(TIE))
    expect(count(page)).to_have_text("1 of 4 answered rightly")


def test_what_was_said_goes_when_another_answer_is_chosen(chapter: Open) -> None:
    page = chapter()
    verdict = choose(page, TIE, wrong(TIE))
    expect(verdict).to_contain_text("No.")
    question(page, TIE).get_by_label(right(TIE).text, exact=True).check()
    expect(verdict).to_be_empty()


def test_without_an_answer_check_says_what_is_missing(chapter: Open) -> None:
    page = chapter()
    verdict = choose(page, TIE)
    expect(verdict).to_have_text("Choose an answer first, then check it.")
    assert page.evaluate("localStorage.length") == 0


def test_the_answer_to_one_question_leaves_the_others_alone(chapter: Open) -> None:
    page = chapter()
    choose(page, TIE, right(TIE))
    choose(page, SAME, wrong(SAME))
    expect(question(page, TIE).get_by_label(right(TIE).text, exact=True)).to_be_checked()
    expect(question(page, TIE).get_by_role("status")).to_contain_text("Yes.")
    expect(question(page, QUARTER).get_by_role("status")).to_be_empty()


def test_nothing_of_python_is_loaded_for_a_quiz(visit: MakeVisit, site_url: str) -> None:
    visitor = visit(dear=False)
    page = visitor.open(site_url + CHAPTER)
    choose(page, TIE, right(TIE))
    page.evaluate("() => new Promise((idle) => requestIdleCallback(() => setTimeout(idle), { timeout: 500 }))")
    page.wait_for_load_state("networkidle")
    assert not [address for address in visitor.received if re.search(r"worker|pyodide|\.zip|\.pack", address)]


# More than one right answer


def test_of_several_right_answers_all_must_be_chosen_and_no_other(of_several: Open) -> None:
    page = of_several()
    kernel, mtu, cable = SEVERAL.options
    expect(question(page, SEVERAL)).to_contain_text("Which are true of lo? More than one may be right.")
    verdict = choose(page, SEVERAL, kernel)
    expect(verdict).to_contain_text("✗ Almost. What you chose is right, and there is more to find.")
    expect(verdict).to_contain_text(f"✓ Yes. {kernel.text} {kernel.feedback}")
    expect(count(page)).to_have_text("0 of 2 answered rightly")
    verdict = choose(page, SEVERAL, kernel, mtu)
    expect(verdict).to_contain_text("✓ Yes. That is all of it.")
    expect(count(page)).to_have_text("1 of 2 answered rightly")
    verdict = choose(page, SEVERAL, cable)
    expect(verdict).to_contain_text("✗ No. Look at what you chose once more:")
    expect(verdict).to_contain_text(f"✗ No. {cable.text} {cable.feedback}")
    expect(count(page)).to_have_text("0 of 2 answered rightly")


def test_several_answers_are_kept_too(of_several: Open) -> None:
    page = of_several()
    choose(page, SEVERAL, *SEVERAL.options[:2])
    page.reload()
    expect(question(page, SEVERAL).get_by_role("status")).to_contain_text("✓ Yes. That is all of it.")
    expect(question(page, SEVERAL).get_by_role("checkbox", checked=True)).to_have_count(2)


# What is kept


def test_answers_are_kept_in_this_browser_only_and_are_there_again(visit: MakeVisit, site_url: str) -> None:
    visitor = visit()
    page = visitor.open(site_url + CHAPTER)
    choose(page, TIE, right(TIE))
    choose(page, SAME, wrong(SAME))
    kept = page.evaluate("Object.fromEntries(Object.entries(localStorage))")
    assert {name: json.loads(value) for name, value in kept.items()} == {
        f"netlearn:quiz:{TIE.id}": [right(TIE).text],
        f"netlearn:quiz:{SAME.id}": [wrong(SAME).text],
    }
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.method))
    page.reload()
    expect(question(page, TIE).get_by_label(right(TIE).text, exact=True)).to_be_checked()
    expect(question(page, TIE).get_by_role("status")).to_contain_text(right(TIE).feedback)
    expect(question(page, SAME).get_by_role("status")).to_contain_text(wrong(SAME).feedback)
    expect(count(page)).to_have_text("1 of 4 answered rightly")
    assert set(requests) == {"GET"}
    assert visitor.context.cookies() == []


def test_answers_can_be_forgotten(chapter: Open) -> None:
    page = chapter()
    choose(page, TIE, right(TIE))
    page.evaluate("localStorage.setItem('netlearn:case-1', 'Via R4')")
    page.get_by_role("button", name="Forget my answers").click()
    expect(count(page)).to_have_text("0 of 4 answered rightly")
    expect(question(page, TIE).get_by_role("status")).to_be_empty()
    expect(quiz(page).get_by_role("radio", checked=True)).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage)") == ["netlearn:case-1"]
    page.reload()
    expect(quiz(page)).to_have_attribute("data-live", "yes")
    expect(quiz(page).get_by_role("radio", checked=True)).to_have_count(0)


@pytest.mark.parametrize("kept", ['["an answer of an older book"]', "garbage", "null", '{"a": 1}', '"x"', "[]"])
def test_what_was_kept_and_fits_no_option_is_as_good_as_nothing(visit: MakeVisit, site_url: str, kept: str) -> None:
    visitor = visit()
    visitor.context.add_init_script(f"localStorage.setItem('netlearn:quiz:{TIE.id}', {json.dumps(kept)})")
    page = visitor.open(site_url + CHAPTER)
    expect(quiz(page)).to_have_attribute("data-live", "yes")
    expect(quiz(page).get_by_role("radio", checked=True)).to_have_count(0)
    expect(count(page)).to_have_text("0 of 4 answered rightly")
    expect(choose(page, TIE, right(TIE))).to_contain_text("Yes.")


def test_in_a_browser_that_keeps_nothing_the_quiz_still_works(visit: MakeVisit, site_url: str) -> None:
    visitor = visit()
    visitor.context.add_init_script(
        """for (const name of ["getItem", "setItem", "removeItem"]) {
          const act = Storage.prototype[name];
          Storage.prototype[name] = function (key, ...rest) {
            if (key.startsWith("netlearn:quiz:")) throw new DOMException("nothing is kept", "SecurityError");
            return act.call(this, key, ...rest);
          };
        }"""
    )
    page = visitor.open(site_url + CHAPTER)
    expect(choose(page, TIE, right(TIE))).to_contain_text("Yes.")
    page.get_by_role("button", name="Forget my answers").click()
    expect(count(page)).to_have_text("0 of 4 answered rightly")


# For every reader


def test_everything_in_a_quiz_can_be_done_with_the_keyboard_alone(chapter: Open) -> None:
    page = chapter()
    focused = page.locator(":focus")
    first = question(page, TIE)
    first.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    expect(focused).to_have_accessible_name(TIE.options[1].text)
    expect(focused).to_be_checked()
    page.keyboard.press("Enter")
    expect(first.get_by_role("status")).to_contain_text("Yes.")
    page.keyboard.press("Tab")
    expect(focused).to_have_accessible_name("Check")
    page.keyboard.press("Tab")
    expect(focused).to_have_accessible_name(ADDRESSES.options[0].text)
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(question(page, ADDRESSES).get_by_role("status")).to_contain_text("No.")
    for _ in range(5):
        page.keyboard.press("Tab")
    expect(focused).to_have_accessible_name("Forget my answers")
    page.keyboard.press("Enter")
    expect(first.get_by_role("status")).to_be_empty()


def test_the_focus_is_seen(chapter: Open) -> None:
    page = chapter()
    for part in (quiz(page).get_by_role("radio").first, quiz(page).get_by_role("button", name="Check").first):
        part.focus()
        page.keyboard.press("Shift")  # the focus came by the keyboard
        assert part.evaluate("part => getComputedStyle(part).outlineStyle") == "solid"


def test_a_screen_reader_hears_the_question_the_answer_and_how_many_are_right(chapter: Open) -> None:
    page = chapter()
    group = page.get_by_role("group", name=TIE.question, exact=True)
    expect(group.get_by_role("radio", name=right(TIE).text, exact=True)).to_have_count(1)
    for region in (group.get_by_role("status"), count(page)):
        assert region.get_attribute("role") == "status"
        assert region.get_attribute("aria-live") in (None, "polite")
    choose(page, TIE, right(TIE))
    expect(group.get_by_role("status")).to_have_text(f"✓ Yes. {right(TIE).feedback}")
    assert group.locator(".nl-sign").get_attribute("aria-hidden") == "true"


def test_a_finger_finds_every_option_and_button(visit: MakeVisit, site_url: str) -> None:
    page = visit(width=360, height=800, has_touch=True, is_mobile=True).open(site_url + CHAPTER)
    for target in [*quiz(page).locator("label").all(), *quiz(page).get_by_role("button").all()]:
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    label = question(page, TIE).locator("label").nth(1)
    label.tap()
    question(page, TIE).get_by_role("button", name="Check").tap()
    expect(question(page, TIE).get_by_role("status")).to_contain_text("Yes.")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_an_answered_quiz_and_the_page_does_not_scroll_sideways(
    of_several: Open, dark: bool, width: int
) -> None:
    page = of_several(dark=dark, width=width)
    choose(page, TIE, right(TIE))
    expect(choose(page, SEVERAL, SEVERAL.options[2])).to_contain_text("No.")
    results = Axe().run(page, context="figure")
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


CODE_IN_LINES = """(all) => all.filter((one) => one.checkVisibility()).map((one) => {
  const { paddingLeft, marginLeft } = getComputedStyle(one);
  return [one.textContent, one.getClientRects().length, paddingLeft, marginLeft];
})"""


def test_code_in_a_quiz_is_not_broken_and_has_no_gap_around_it(page: Open) -> None:
    opened = page("book/containers.html", width=320)
    code = quiz(opened).locator("code").evaluate_all(CODE_IN_LINES)
    assert "curl http://127.0.0.1:5432" in [text for text, *_ in code]
    assert all(rest == [1, "0px", "0px"] for _, *rest in code)
    assert opened.evaluate("document.documentElement.scrollWidth") == 320


def test_with_reduced_motion_no_part_of_a_quiz_moves(chapter: Open) -> None:
    page = chapter(reduced_motion=True)
    expect(choose(page, TIE, right(TIE))).to_contain_text("Yes.")
    assert page.evaluate("document.querySelector('.nl-quiz').getAnimations({subtree: true}).length") == 0


# Where nothing runs


def test_without_javascript_there_are_questions_options_and_answers_to_unfold(page: Open) -> None:
    opened = page(CHAPTER, javascript=False)
    for item in bundled("case-1").items:
        asked = opened.locator(".nl-item").filter(has_text=item.question)
        expect(asked.locator(".nl-question")).to_be_visible()
        expect(asked.locator(":scope > ul li").first).to_have_text(item.options[0].text)
        answer = asked.locator("details li", has_text=right(item).feedback)
        expect(answer).to_be_hidden()
        asked.get_by_text("Show the answers").click()
        expect(answer).to_be_visible()
        expect(answer).to_contain_text("✓ Yes.")
    assert Axe().run(page(CHAPTER), context="figure[data-figure=quiz]").violations_count == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_on_paper_there_are_questions_and_options_and_the_answers_behind_the_text(page: Open, javascript: bool) -> None:
    opened = page(CHAPTER, javascript=javascript, width=700)
    if javascript:
        expect(quiz(opened)).to_have_attribute("data-live", "yes")
    opened.emulate_media(media="print")
    for item in bundled("case-1").items:
        asked = opened.locator(".nl-item").filter(has=opened.get_by_text(item.question))
        told = opened.locator(".on-paper")
        for place, words in ((asked, item.question), (asked, right(item).text), (told, right(item).feedback)):
            box = place.get_by_text(words).first.bounding_box()
            assert box is not None, words
            assert box["height"] > 10, words
    assert quiz(opened).locator("button:visible").count() == 0
