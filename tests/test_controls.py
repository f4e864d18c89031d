"""What the front end's figures share, in a page of its own: what a browser keeps, and controls over a model."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

import netlearn
from netlearn.figures.common.bundle import bundled, with_imports

FIGURES = sorted(path.parent.name for path in (Path(netlearn.__file__).parent / "figures").glob("*/figure.js"))
HERE = "http://controls.test/"
CASE, KEY = "case-1", "netlearn:case-1"

BODY = """
<p data-part="problem"></p>
<svg class="nl-net"><g role="button" aria-pressed="false" data-link="A-B"></g>
  <g role="button" aria-pressed="false" data-node="A"></g>
  <g role="button" data-node="Source"></g></svg>
<input type="number" min="1" max="9" value="3" data-metric="A-B" data-from="A" aria-label="metric A to B">
<input type="number" min="1" max="9" value="7" data-metric="A-B" data-from="B" aria-label="metric B to A">
<input type="number" min="1" max="64" value="1" data-set="flow" aria-label="flow">
<select data-set="asker"><option>A</option><option>B</option></select>
<select data-set="settled"><option value="true">after</option><option value="false">at once</option></select>
<input type="checkbox" data-set="lfa">
<button data-tool="cut" aria-pressed="false">cut</button><button data-tool="dig" aria-pressed="false">dig</button>
<button data-do="reset">Reset</button>
"""
FIRST = {"cut": [], "down": [], "metrics": [["A-B", "B", 7]], "flow": 1, "asker": "A", "settled": True, "lfa": False}
START = """async ([modules, body, first]) => {
  const load = (text) => import("data:text/javascript;charset=utf-8," + encodeURIComponent(text));
  const [{ mount }, { controls }, { network }] = await Promise.all(modules.map(load));
  const listeners = new Set(), values = { ...first, body, caption: "What to notice." };
  window.values = values;
  window.passed = [];
  document.addEventListener("keydown", (event) => passed.push(event.key));
  const model = {
    get: (name) => values[name], set: (name, value) => (values[name] = value), save_changes() {},
    on: (_, act) => listeners.add(act), off: (_, act) => listeners.delete(act),
  };
  const stage = mount(model, document.body), reader = controls(stage, first);
  network(stage, reader);
  window.tool = "cut";
  reader.oneOf("tool", () => tool, (chosen) => (tool = chosen));
  const end = stage.follow(reader.show);
  window.end = () => (end(), listeners.size);
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page that has an origin, so that the browser keeps things for it."""
    context = browser.new_context()
    page = context.new_page()

    def blank(route: Route) -> None:
        route.fulfill(content_type="text/html", body="<!doctype html><title>empty</title>")

    page.route("**/*", blank)
    page.goto(HERE)
    yield page
    context.close()


@pytest.fixture
def figure(page: Page) -> Page:
    """A figure with all kinds of controls, whose model is in `values`."""
    texts = [with_imports(f"common/{name}.js") for name in ("stage", "controls", "network")]
    page.evaluate(START, [texts, BODY, FIRST])
    return page


@pytest.fixture
def kept(page: Page) -> Callable[[str, str], object]:
    """What a script gets that says what fits, with what was kept under the name of a case before."""

    def get(text: str, fits: str) -> object:
        return page.evaluate(
            """async ([module, name, key, text, fits]) => {
              const { kept } = await import("data:text/javascript;charset=utf-8," + encodeURIComponent(module));
              localStorage.setItem(key, text);
              return kept(name).get(eval(fits)) ?? null;
            }""",
            [with_imports("common/kept.js"), CASE, KEY, text, fits],
        )

    return get


IS_OPTION = "(said) => ['Via R4', '3', 'true', '007'].includes(said)"


@pytest.mark.parametrize("option", ["Via R4", "3", "true", "007"])
def test_an_answer_is_read_as_json_and_as_the_plain_text_that_earlier_pages_kept(kept, option: str) -> None:
    assert kept(json.dumps(option), IS_OPTION) == option
    assert kept(option, IS_OPTION) == option


@pytest.mark.parametrize("text", ["", "x", "null", "[]", "{}", "3.5", '"', "[" * 100_000, '{"__proto__": {"way": 1}}'])
def test_what_does_not_fit_is_as_good_as_nothing(kept, text: str) -> None:
    assert kept(text, IS_OPTION) is None


def test_lists_and_objects_are_read_as_they_were_kept(kept) -> None:
    assert kept('["Via R4"]', "Array.isArray") == ["Via R4"]
    assert kept('{"way":["A","B"],"seen":true}', "(said) => Array.isArray(said?.way)") == {
        "way": ["A", "B"],
        "seen": True,
    }


KEEP = """async ([module, name, breaks]) => {
  const { kept } = await import("data:text/javascript;charset=utf-8," + encodeURIComponent(module));
  const refuse = () => { throw new DOMException("nothing is kept", "SecurityError"); };
  if (breaks) Object.defineProperty(window, "localStorage", { get: refuse });
  const all = () => (breaks ? {} : { ...localStorage }), mine = kept(name);
  mine.set(["a"]);
  const during = all(), read = mine.get(Array.isArray) ?? null;
  mine.forget();
  return { during, read, after: all() };
}"""


@pytest.mark.parametrize("breaks", [False, True])
def test_what_is_kept_has_our_name_and_can_be_forgotten_and_a_browser_may_keep_nothing(
    page: Page, breaks: bool
) -> None:
    found = page.evaluate(KEEP, [with_imports("common/kept.js"), CASE, breaks])
    nothing: dict[str, object] = {"during": {}, "read": None, "after": {}}
    assert found == (nothing if breaks else {"during": {KEY: '["a"]'}, "read": ["a"], "after": {}})


def values(page: Page, name: str) -> object:
    return page.evaluate("(name) => values[name]", name)


def test_cables_and_routers_are_cut_and_mended_and_shown_pressed_at_once(figure: Page) -> None:
    cable, router, host = (
        figure.locator(f"[role=button][{each}]") for each in ("data-link", "data-node=A", "data-node=Source")
    )
    cable.dispatch_event("click")
    router.press("Enter")
    assert (values(figure, "cut"), values(figure, "down")) == (["A-B"], ["A"])
    expect(cable).to_have_attribute("aria-pressed", "true")
    expect(router).to_have_attribute("aria-pressed", "true")
    expect(host).not_to_have_attribute("aria-pressed", "")
    cable.dispatch_event("click")
    assert values(figure, "cut") == []
    expect(cable).to_have_attribute("aria-pressed", "false")


def test_a_changed_metric_is_a_row_and_one_as_it_was_is_none_unless_the_chapter_changed_it(figure: Page) -> None:
    a, b = figure.get_by_label("metric A to B"), figure.get_by_label("metric B to A")
    a.fill("5")
    a.blur()
    assert values(figure, "metrics") == [["A-B", "A", 5], ["A-B", "B", 7]]
    a.fill("3")
    b.fill("8")
    b.blur()
    assert values(figure, "metrics") == [["A-B", "B", 8]]
    b.fill("7")
    b.blur()
    assert values(figure, "metrics") == [["A-B", "B", 7]]


def test_a_number_that_cannot_be_is_said_and_not_set_and_the_next_change_puts_it_right(figure: Page) -> None:
    flow = figure.get_by_label("flow")
    flow.fill("65")
    flow.blur()
    expect(figure.locator("[data-part=problem]")).to_have_text("flow: a whole number from 1 to 64, not “65”.")
    expect(flow).to_have_attribute("aria-invalid", "true")
    assert values(figure, "flow") == 1
    figure.locator("[data-set=lfa]").check()
    expect(figure.locator("[data-part=problem]")).to_be_empty()
    expect(flow).to_have_attribute("aria-invalid", "false")
    expect(flow).to_have_value("1")


def test_choices_are_words_or_yes_and_no_as_the_model_has_them_and_all_can_be_put_back(figure: Page) -> None:
    figure.locator("[data-set=asker]").select_option("B")
    figure.locator("[data-set=settled]").select_option("at once")
    figure.locator("[data-set=lfa]").check()
    figure.get_by_label("flow").fill("9")
    figure.get_by_role("button", name="Reset").click()
    assert figure.evaluate("(({ body, caption, ...rest }) => rest)(values)") == FIRST
    expect(figure.locator("[data-set=settled]")).to_have_value("true")
    expect(figure.locator("[data-set=lfa]")).not_to_be_checked()


def test_of_buttons_for_one_thing_one_is_pressed(figure: Page) -> None:
    cut, dig = figure.get_by_role("button", name="cut"), figure.get_by_role("button", name="dig")
    expect(cut).to_have_attribute("aria-pressed", "true")
    dig.click()
    expect(dig).to_have_attribute("aria-pressed", "true")
    expect(cut).to_have_attribute("aria-pressed", "false")


def test_jupyters_shortcuts_are_left_alone_until_the_figure_ends(figure: Page) -> None:
    for key in ("d", "ArrowDown", "Control+b"):
        figure.get_by_role("button", name="dig").press(key)
        figure.get_by_label("flow").press(key)
    assert figure.evaluate("passed.splice(0)") == ["Control", "b"]
    assert figure.evaluate("end()") == 0
    figure.get_by_role("button", name="dig").press("d")
    assert figure.evaluate("passed") == ["d"]
    figure.get_by_role("button", name="dig").click()
    assert figure.evaluate("tool") == "cut"


@pytest.mark.parametrize("module", FIGURES)
def test_no_two_files_of_a_bundle_give_the_same_name_to_the_whole(page: Page, module: str) -> None:
    """Twice the same `const` would not even be read; twice the same function would silently be the later one."""
    whole = bundled(module).replace("export default", "globalThis.figure =")
    names = [
        line.split("(")[0].removeprefix("function ") for line in whole.splitlines() if line.startswith("function ")
    ]
    assert sorted(names) == sorted({*names})
    assert page.evaluate("(text) => typeof new Function(text)", whole) == "function"


def test_a_text_changes_in_its_place_and_one_that_is_read_out_comes_anew(page: Page) -> None:
    """Who listens hears what comes in: of a text that changes in its place, perhaps the change alone."""
    texts, in_place = page.evaluate(
        """async (module) => {
          const { patcher } = await import("data:text/javascript;charset=utf-8," + encodeURIComponent(module));
          document.body.innerHTML = `<table><tr><td data-key="cell">R2</td><td data-key="empty"></td></tr></table>
            <p data-key="said" aria-live="polite">R2</p><p role="status"><b data-key="status">R2</b></p>`;
          const parts = [...document.querySelectorAll("[data-key]")];
          const show = patcher(document.body);
          const all = (text) => Object.fromEntries(parts.map((part) => [part.dataset.key, { text }]));
          const texts = [all("R2 and R3"), all(""), all("R4"), {}].map((view) => {
            show(view);
            return parts.map((part) => part.textContent);
          });
          show(all("R3"));
          const then = parts.map((part) => part.firstChild);
          show(all("R5"));
          const same = parts.filter((part, place) => part.firstChild === then[place]);
          return [texts, same.map((part) => part.dataset.key)];
        }""",
        with_imports("common/view.js"),
    )
    assert texts == [["R2 and R3"] * 4, [""] * 4, ["R4"] * 4, ["R2", "", "R2", "R2"]]
    assert in_place == ["cell", "empty"]
