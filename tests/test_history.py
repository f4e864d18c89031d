"""What a reader did in a figure: taken back, made again, kept over a reload, sent as a link; in a page of its own."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from netlearn.figures.common.bundle import with_imports
from netlearn.figures.common.controls import bar
from netlearn.figures.common.link import read, written

HERE = "https://history.test/chapter.html"
KEY = "netlearn:figure:/chapter.html#figure-c03"
FIRST = {"cut": [], "down": [], "metrics": [], "flow": 1, "lfa": False}
BODY = f"""{bar()}<svg class="nl-net"><g role="button" aria-pressed="false" data-link="A-B"></g>
<g role="button" aria-pressed="false" data-link="B-C"></g></svg>
<input type="number" min="1" max="64" value="1" data-set="flow" aria-label="flow">
<input type="checkbox" data-set="lfa"><button data-do="walk">Walk</button><select data-set="detect"></select>
<button data-do="vanish">Vanish</button><span hidden></span><button data-do="rest">Rest</button>"""
# A model as a page has it: an answer comes at once, or when `answer()` is called; Python refuses a cable called X.
START = """async ([modules, body, first, wait]) => {
  const load = (text) => import("data:text/javascript;charset=utf-8," + encodeURIComponent(text));
  const [{ mount }, { controls }, { network }] = await Promise.all(modules.map(load));
  let listeners = [], held = { ...first };
  const values = { ...first, first, body, caption: "" };
  const fire = (name) => listeners.filter(([event]) => event === name).forEach(([, act]) => act());
  const answer = () => {
    if (values.cut.includes("X")) {
      Object.assign(values, held, { refused: "no link is called X" });
      return fire("change:refused");
    }
    held = Object.fromEntries(Object.keys(first).map((name) => [name, values[name]]));
    fire("change:view");
  };
  const model = {
    get: (name) => values[name], set: (name, value) => (values[name] = value),
    save_changes: () => window.wait || answer(),
    on: (event, act) => listeners.push([event, act]),
    off: (event, act) => (listeners = listeners.filter(([its, other]) => its !== event || other !== act)),
  };
  const stage = mount(model, document.querySelector("#place")), reader = controls(stage);
  network(stage, reader);
  let far = 0;
  reader.also("far", {
    get: () => far || undefined, put: (value) => (far = value ?? 0),
    fits: (value) => Number.isInteger(value) && value < 9,
  });
  stage.listen(stage.find("[data-do=walk]"), "click", () => { far += 1; });
  const vanish = stage.find("[data-do=vanish]");
  stage.listen(vanish, "click", () => (vanish.hidden = true));
  Object.assign(window, { values, wait, answer, reader, far: () => far });
  window.end = stage.follow(reader.show);
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page with a place for a figure that has a name."""
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()

    def blank(route: Route) -> None:
        where = '<figure id="figure-c03"><div id="place"></div></figure><h2 id="next">Next</h2>'
        route.fulfill(content_type="text/html", body=f"<!doctype html><title>A chapter</title>{where}")

    page.route("**/*", blank)
    yield page
    context.close()


def begin(page: Page, link: str | None = "", *, wait: bool = False, named: bool = True) -> Page:
    """The figure, opened by the end of an address; with None as the page stands there. `wait`: answers take a while."""
    if link is not None:
        page.goto("about:blank")
        page.goto(HERE + link)
    if not named:
        page.evaluate("document.querySelector('figure').removeAttribute('id')")
    texts = [with_imports(f"common/{name}.js") for name in ("stage", "controls", "network")]
    page.evaluate(START, [texts, BODY, FIRST, wait])
    return page


def state(page: Page) -> dict[str, object]:
    """What differs from the beginning."""
    values = page.evaluate("({ ...values, far: far() })")
    assert values["metrics"] == []
    return {name: values[name] for name, first in {**FIRST, "far": 0}.items() if values[name] != first}


def kept(page: Page) -> object:
    """What is kept once the page has nothing else to do."""
    page.evaluate("new Promise((idle) => requestIdleCallback(() => setTimeout(idle)))")
    found = page.evaluate("(key) => localStorage.getItem(key)", KEY)
    return json.loads(found) if found else None


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).dispatch_event("click")


def cut(page: Page, link: str) -> None:
    page.locator(f"[data-link={link}]").dispatch_event("click")


def is_off(page: Page) -> list[str]:
    return page.locator(".nl-bar [aria-disabled=true]").all_inner_texts()


def test_every_change_is_taken_back_and_made_again_and_reset_is_a_change_too(page: Page) -> None:
    begin(page)
    assert is_off(page) == ["Undo", "Redo", "Reset"]
    cut(page, "A-B")
    page.get_by_label("flow").fill("9")
    page.get_by_label("flow").blur()
    page.locator("[data-set=lfa]").check()
    assert is_off(page) == ["Redo"]
    press(page, "Undo")
    assert state(page) == {"cut": ["A-B"], "flow": 9}
    expect(page.locator("[data-set=lfa]")).not_to_be_checked()
    press(page, "Undo")
    press(page, "Undo")
    assert (state(page), is_off(page)) == ({}, ["Undo", "Reset"])
    press(page, "Undo")
    for _ in range(2):
        press(page, "Redo")
    assert state(page) == {"cut": ["A-B"], "flow": 9}
    press(page, "Reset")
    assert (state(page), is_off(page)) == ({}, ["Redo", "Reset"])
    press(page, "Undo")
    assert state(page) == {"cut": ["A-B"], "flow": 9}
    cut(page, "B-C")
    assert is_off(page) == ["Redo"], "what comes after another change is made again no more"


def test_what_changes_nothing_is_no_step(page: Page) -> None:
    begin(page)
    page.evaluate("reader.set({ flow: 1 })")
    assert is_off(page) == ["Undo", "Redo", "Reset"]


def test_ctrl_z_and_ctrl_shift_z_do_so_wherever_the_focus_is_in_the_figure_but_not_among_letters(page: Page) -> None:
    begin(page)
    cut(page, "A-B")
    page.locator("[data-link=A-B]").focus()
    page.keyboard.press("Control+z")
    assert state(page) == {}
    page.keyboard.press("Control+Shift+Z")
    assert state(page) == {"cut": ["A-B"]}
    page.locator("[data-set=lfa]").focus()
    page.keyboard.press("Meta+z")
    assert state(page) == {}
    page.get_by_label("flow").focus()
    page.keyboard.press("Control+Shift+z")
    assert state(page) == {}


def test_what_is_beside_the_settings_comes_back_with_them_once_the_answer_is_there(page: Page) -> None:
    begin(page, wait=True)
    press(page, "Walk")
    press(page, "Walk")
    cut(page, "A-B")
    page.evaluate("answer()")
    assert state(page) == {"cut": ["A-B"], "far": 2}
    press(page, "Walk")
    press(page, "Undo")
    assert state(page) == {"far": 3}
    page.evaluate("answer()")
    assert state(page) == {"far": 2}
    press(page, "Redo")
    page.evaluate("answer()")
    assert state(page) == kept(page) == {"cut": ["A-B"], "far": 3}
    press(page, "Reset")
    page.evaluate("answer()")
    assert (state(page), kept(page)) == ({}, None)


def test_the_state_outlives_a_reload_and_one_that_is_as_at_first_is_forgotten(page: Page) -> None:
    begin(page)
    cut(page, "A-B")
    press(page, "Walk")
    assert kept(page) == {"cut": ["A-B"], "far": 1}
    begin(page)
    assert (state(page), is_off(page)) == ({"cut": ["A-B"], "far": 1}, ["Undo", "Redo"])
    expect(page.locator("[data-link=A-B]")).to_have_attribute("aria-pressed", "true")
    cut(page, "A-B")
    assert kept(page) == {"far": 1}
    press(page, "Reset")
    assert kept(page) is None


@pytest.mark.parametrize(
    "text",
    ['{"cut":["X"]}', '{"gone":1}', '{"cut":"A-B"}', '{"far":9}', "[]", "null", "x", '{"__proto__":{"cut":["A-B"]}}'],
)
def test_what_was_kept_and_fits_no_more_is_passed_over_in_silence(page: Page, text: str) -> None:
    begin(page)
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
    begin(page)
    assert state(page) == {}
    expect(page.locator("[data-part=said]")).to_be_empty()


def test_a_link_is_copied_that_opens_the_same_state_elsewhere(page: Page) -> None:
    begin(page)
    cut(page, "A-B")
    press(page, "Walk")
    press(page, "Copy link")
    expect(page.locator("[data-part=said]")).to_have_text("Link copied. It opens this figure as it is now.")
    address = page.evaluate("navigator.clipboard.readText()")
    place, _, text = address.partition("=")
    assert (place, read(text)) == (f"{HERE}#figure-c03", {"cut": ["A-B"], "far": 1})
    page.evaluate("localStorage.clear()")
    begin(page, address.removeprefix(HERE))
    page.wait_for_function("values.cut.length")
    assert state(page) == {"cut": ["A-B"], "far": 1}
    assert is_off(page) == ["Undo", "Redo"], "whoever comes by a link was nowhere before"


def test_where_nothing_can_be_copied_the_link_stands_there_chosen(page: Page) -> None:
    begin(page)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    cut(page, "A-B")
    press(page, "Copy link")
    field = page.get_by_label("Link to this figure")
    expect(field).to_be_focused()
    expect(field).to_have_value(f"{HERE}#figure-c03={page.evaluate('getSelection().toString()').split('=')[1]}")


def test_a_link_goes_before_what_was_kept_and_what_comes_after_it_outlives_a_reload(page: Page) -> None:
    begin(page)
    cut(page, "B-C")
    begin(page, f"#figure-c03={written({'cut': ['A-B']})}")
    page.wait_for_function("values.cut[0] === 'A-B'")
    assert kept(page) == {"cut": ["B-C"]}, "who looks at a link loses nothing of their own"
    page.locator("[data-set=lfa]").check()
    assert page.url == f"{HERE}#figure-c03", "the address tells no state that is not there any more"
    page.reload()
    begin(page, None)
    assert state(page) == {"cut": ["A-B"], "lfa": True}


def test_a_link_is_followed_in_an_open_page_and_back_leads_back(page: Page) -> None:
    begin(page)
    cut(page, "B-C")
    for link in ("A-B", "B-C"):
        page.evaluate("(hash) => (location.hash = hash)", f"figure-c03={written({'cut': [link], 'flow': 7})}")
        page.wait_for_function("(link) => values.cut[0] === link && values.flow === 7", arg=link)
    page.go_back()
    page.wait_for_function("values.cut[0] === 'A-B'")
    page.go_back()
    page.wait_for_function("values.flow === 1")
    assert state(page) == {"cut": ["B-C"]}
    page.evaluate("location.hash = 'next'")
    assert state(page) == {"cut": ["B-C"]}


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("1.AAAA", "This link is damaged: a part of it is missing, or was changed on its way."),
        ("7.AAAA", "This link is of version 7, which this page does not know. Load the page again to renew it."),
        (
            written({"<b>bold</b>": 1}),
            "This link is not for this figure, in which nothing is called “<b>bold</b>”.",
        ),
        (written({"far": 9}), "This link gives “far” a value that it cannot have."),
        (written({"flow": 3, "cut": ["X"]}), "This link cannot be opened: no link is called X"),
    ],
)
@pytest.mark.parametrize("is_open", [False, True])
def test_what_cannot_be_opened_is_said_and_the_figure_stands_as_it_was(
    page: Page, link: str, words: str, is_open: bool
) -> None:
    if is_open:
        begin(page)
        cut(page, "B-C")
        page.evaluate("(hash) => (location.hash = hash)", f"figure-c03={link}")
    else:
        begin(page, f"#figure-c03={link}")
    said = page.locator("[data-part=said]")
    expect(said).to_have_text(words)
    assert said.evaluate("part => part.childElementCount") == 0
    assert state(page) == ({"cut": ["B-C"]} if is_open else {})
    press(page, "Undo")
    assert state(page) == {}


def test_a_figure_without_a_name_keeps_nothing_offers_no_link_and_is_undone_all_the_same(page: Page) -> None:
    begin(page, f"#figure-c03={written({'flow': 7})}", named=False)
    expect(page.locator("[data-do=link]")).to_be_hidden()
    cut(page, "A-B")
    assert (state(page), page.evaluate("localStorage.length")) == ({"cut": ["A-B"]}, 0)
    press(page, "Undo")
    assert state(page) == {}
    page.evaluate("end()")


def test_what_is_off_keeps_the_focus_and_what_vanishes_hands_it_on(page: Page) -> None:
    begin(page)
    cut(page, "A-B")
    undo = page.get_by_role("button", name="Undo")
    undo.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(undo).to_be_focused()
    page.get_by_role("button", name="Vanish").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Rest")).to_be_focused()
