"""The sandbox under a reader's hands: by keyboard, by finger, sent as a link. Here Python answers beside the page."""

import json
from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from conftest import ROOT
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from test_sheet import boxes_of, under

from netlearn import forum
from netlearn.drawing.sheet import on_sheet
from netlearn.errors import NetlearnError
from netlearn.figures.common.bundle import bundled, styles
from netlearn.figures.common.link import read, written
from netlearn.figures.sandbox import Sandbox
from netlearn.figures.sandbox.scene import Scene
from netlearn.figures.sandbox.view import view
from netlearn.network import to_json

HOST = "http://sandbox.test/"
LIVE = """import { Model } from "./model.js";
import figure from "./figure.js";
const place = document.querySelector("figure");
const live = JSON.parse(place.querySelector(":scope > script").textContent);
const stage = document.createElement("div");
place.querySelector(":scope > .nl-still").replaceWith(stage);
const ask = async (_name, state) => {
  const answer = await (await fetch("./view", { method: "POST", body: JSON.stringify(state) })).json();
  if (answer.error) throw new Error(answer.error);
  return answer;
};
window.model = new Model(live, ask, (now) => (place.dataset.condition = now.failed ?? now), async () => null);
figure.render({ model, el: stage });
place.dataset.live = "yes";"""


def answered(text: str) -> dict[str, Any]:
    try:
        return view(**json.loads(text))
    except NetlearnError as refused:
        return {"error": f"netlearn.errors.{type(refused).__name__}: {refused}"}


@pytest.fixture(scope="module")
def figure() -> str:
    """The page, which holds the sandbox and nothing else, in a cell as the book has them."""
    html = Sandbox().html().replace("<figure ", '<figure id="figure-c03" ', 1)
    size = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    cell = f'<div class="cell_output"><div class="output">{html}</div></div>'
    around = "body { margin: 0 16px } .cell_output .output { overflow-x: auto } figure { container-type: inline-size }"
    style = f"<style>{around} {styles()}</style>"
    script = '<script type="module" src="./live.js"></script>'
    return f"<!doctype html><html lang=en><title>Sandbox</title>{size}{style}{cell}{script}</html>"


@pytest.fixture(scope="module")
def profile(browser: Browser, figure: str) -> Iterator[Any]:
    """Makes a new profile, in which the page is served."""
    made: list[BrowserContext] = []

    def served(route: Route) -> None:
        name = route.request.url.removeprefix(HOST)
        if name == "view":
            return route.fulfill(json=answered(route.request.post_data or ""))
        scripts = {"live.js": LIVE, "figure.js": bundled("sandbox")}
        if name == "model.js":
            scripts[name] = (ROOT / "web" / "live" / "model.js").read_text(encoding="utf-8")
        body, kind = (scripts[name], "text/javascript") if name in scripts else (figure, "text/html; charset=utf-8")
        return route.fulfill(body=body, content_type=kind)

    def new(hash_: str = "", width: int = 1280, **more: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **more)
        context.route(f"{HOST}**", served)
        made.append(context)
        page = context.new_page()
        page.goto(HOST + hash_)
        page.locator("figure[data-live]").wait_for()
        return page

    yield new
    for context in made:
        context.close()


def settled(page: Page) -> None:
    expect(page.locator("figure")).to_have_attribute("data-condition", "fresh")


def press(page: Page, name: str, times: int = 1) -> None:
    """By keyboard, wherever it is."""
    page.get_by_role("button", name=name, exact=True).first.focus()
    for _ in range(times):
        page.keyboard.press("Enter")
        settled(page)


def choose(page: Page, name: str) -> None:
    """By keyboard; what is taken in the hand is put down where it was."""
    page.locator(f"[data-node={name}]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")


def part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-part={name}]")


def say(page: Page) -> Locator:
    return page.locator("[data-key=say]")


def rows(page: Page, name: str) -> list[list[Any]]:
    found: list[list[Any]] = page.evaluate(f"model.get('{name}')")
    return found


def test_ten_nodes_are_drawn_from_nothing_with_the_keyboard_alone_and_all_of_it_is_told(profile: Any) -> None:
    page = profile()
    press(page, "Clear the sheet")
    expect(page.locator("[data-key=title]")).to_have_text("An empty sheet")
    press(page, "+ Host")
    expect(part(page, "told")).to_have_text("H1 is there, connected to nothing yet.")
    for number in range(1, 8):
        press(page, "+ Router")
        choose(page, f"R{number}")
    press(page, "+ LAN")
    choose(page, "LAN1")
    press(page, "+ Host")
    expect(part(page, "told")).to_have_text("H2 is there, connected to LAN1. Press another node to go on there.")
    choose(page, "H2")
    assert len(rows(page, "nodes")) == 10
    expect(say(page)).to_contain_text("H1 → R1 → R2 → R3 → R4 → R5 → R6 → R7 → LAN1 → H2")
    # It is given a name, and a second cable.
    part(page, "name").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Printer")
    page.keyboard.press("Tab")
    settled(page)
    part(page, "other").focus()
    page.keyboard.type("R2")
    press(page, "Add the cable")
    expect(part(page, "told")).to_have_text("A cable joins Printer and R2.")
    expect(page.get_by_role("button", name="host Printer, connected to LAN1 and R2")).to_be_visible()
    expect(say(page)).to_contain_text("1 shortest path, metric 3: H1 → R1 → R2 → Printer.")
    # It is moved by the arrow keys, and stays in the reader's focus.
    page.get_by_role("button", name="host Printer, connected").focus()
    _, _, x, y = rows(page, "nodes")[-1]
    page.keyboard.press("Enter")
    expect(part(page, "told")).to_contain_text("Printer is in your hand")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    settled(page)
    assert rows(page, "nodes")[-1][2:] == [x - 20, y - 20]
    assert page.evaluate("document.activeElement.dataset.node") == "Printer"
    for _ in range(14):
        page.keyboard.press("Control+z")
        settled(page)
    expect(page.locator("[data-key=title]")).to_have_text("Source to End: one shortest path, via R1 and R2")
    assert len(rows(page, "nodes")) == 9


@pytest.mark.parametrize("name", ["forum", "ring", "mesh", "ladder", "tree", "leaf-spine"])
def test_what_is_new_stands_on_no_cable_and_on_no_other_node(profile: Any, name: str) -> None:
    page = profile()
    page.locator("[data-part=preset]").select_option(name)
    expect(part(page, "told")).to_contain_text("A network of")
    settled(page)
    for kind in ("+ Host", "+ LAN", "+ Router"):
        press(page, kind)
    scene = Scene().changed({name: rows(page, name) for name in ("nodes", "links")})
    topology, ways = scene.topology, {**on_sheet(scene.topology, scene.height).links}
    new = {node.name: boxes_of(node)[0] for node in topology.nodes[-3:]}
    for node in topology.nodes:
        assert not any(box.overlaps(boxes_of(node)[0]) for made, box in new.items() if made != node.name)
    assert [hidden for hidden in under(topology, ways) if hidden[1] in new] == []


def test_a_network_is_drawn_by_finger_at_360_pixels_and_no_type_or_target_is_too_small(profile: Any) -> None:
    page = profile(width=360, has_touch=True)
    page.get_by_role("button", name="Clear the sheet").tap()
    settled(page)
    for kind, its in (("Host", "H1"), ("Router", "R1"), ("Router", "R2"), ("Host", "H2")):
        page.get_by_role("button", name=f"+ {kind}", exact=True).tap()
        settled(page)
        page.locator(f"[data-node={its}]").tap()
    page.get_by_role("button", name="Connect", exact=True).first.tap()
    page.locator("[data-node=H1]").tap()
    page.locator("[data-node=R2]").tap()
    settled(page)
    assert rows(page, "links")[-1] == ["H1-R2", "H1", "R2", 1, 1]
    page.get_by_role("button", name="Move", exact=True).tap()
    page.locator("[data-node=R2]").tap()
    before = rows(page, "nodes")[2]
    sheet = page.locator("svg.nl-net").bounding_box()
    assert sheet is not None
    page.touchscreen.tap(sheet["x"] + 60, sheet["y"] + 60)
    settled(page)
    assert rows(page, "nodes")[2] != before
    place = page.locator("[data-node=R2] .nl-shape").first.bounding_box()
    assert place is not None
    middle = place["x"] + place["width"] / 2 - sheet["x"], place["y"] + place["height"] / 2 - sheet["y"]
    assert middle == pytest.approx((60, 60), abs=8), "it stands where the finger came down, though the sheet is turned"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    sizes = page.locator("svg.nl-net text").evaluate_all("""all => all.map((one) => {
      const { a, b, c, d } = one.getScreenCTM();
      return parseFloat(getComputedStyle(one).fontSize) * Math.sqrt(Math.abs(a * d - b * c));
    })""")
    assert min(sizes) >= 12.9


def test_a_node_is_dragged_with_the_mouse_and_a_cable_is_drawn_by_dragging(profile: Any) -> None:
    page = profile()

    def drag(source: str, right: float, down: float) -> None:
        box = page.locator(f"[data-node={source}] .nl-shape").first.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + right, y + down, steps=4)
        page.mouse.up()
        settled(page)

    page.get_by_role("button", name="Move", exact=True).click()
    _, _, x, y = rows(page, "nodes")[3]
    drag("R3", 80, 60)
    assert rows(page, "nodes")[3][2] > x + 40
    assert rows(page, "nodes")[3][3] > y + 30
    expect(part(page, "chosen-title")).to_have_text("Chosen: R3")
    page.get_by_role("button", name="Connect", exact=True).first.click()
    from_, to = (page.locator(f"[data-node={name}] .nl-shape").first.bounding_box() for name in ("R3", "R5"))
    assert from_ is not None
    assert to is not None
    drag("R3", to["x"] - from_["x"], to["y"] - from_["y"])
    assert rows(page, "links")[-1] == ["R3-R5", "R3", "R5", 1, 1]


def test_what_was_broken_or_removed_is_told_and_what_cannot_be_is_said_in_words(profile: Any) -> None:
    page = profile()
    page.locator("[data-link='R2-End']").click()
    settled(page)
    expect(page.locator("[data-key=title]")).to_have_text("Source to End: R1 is tied, and so is R2")
    page.get_by_role("button", name="Remove", exact=True).click()
    page.locator("[data-node=R2]").click()
    settled(page)
    expect(part(page, "told")).to_have_text("R2 is gone, and the 5 cables at it.")
    assert rows(page, "cut") == []
    page.get_by_role("button", name="Move", exact=True).click()
    page.locator("[data-node=R3]").click()
    for wrong, words in (("R4", "R4 is the name of another one"), ("", "a node's name is a word")):
        part(page, "name").fill(wrong)
        page.keyboard.press("Enter")
        expect(page.locator(".nl-sandbox")).to_contain_text(words)
        expect(part(page, "chosen-title")).to_have_text("Chosen: R3")
    part(page, "name").fill("<img src=x onerror=alert(1)>")
    page.keyboard.press("Enter")
    settled(page)
    expect(part(page, "chosen-title")).to_have_text("Chosen: <img src=x onerror=alert(1)>")
    assert page.locator(".nl-sandbox img").count() == 0
    page.locator("[data-link='R6-R7']").click()
    page.get_by_role("spinbutton", name="metric R6 to R7").fill("9")
    page.keyboard.press("Enter")
    settled(page)
    assert ["R6-R7", "R6", "R7", 9, 1] in rows(page, "links")


def test_a_network_is_opened_by_name_and_from_a_file_and_an_exercise_is_checked(profile: Any) -> None:
    page = profile()
    part(page, "preset").select_option("ring")
    expect(part(page, "told")).to_have_text("A network of 8 nodes and 8 links is there. Undo brings back the last one.")
    inside = '<node id="A"/><node id="B"/><edge source="A" target="B"/>'
    graph = f'<graphml><graph edgedefault="undirected">{inside}</graph></graphml>'
    for name, text, count in (("a.json", to_json(forum()), 9), ("a.graphml", graph, 2)):
        part(page, "file").set_input_files({"name": name, "mimeType": "text/plain", "buffer": text.encode()})
        expect(part(page, "told")).to_contain_text(f"A network of {count} nodes")
    part(page, "file").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"hello"})
    expect(part(page, "said")).to_contain_text("text of another kind")
    assert len(rows(page, "nodes")) == 2
    part(page, "exercises").select_option("exercise:by-r7")
    expect(page.locator("[data-piece=exercise]")).to_contain_text("Make every message from Source to End come by R7")
    page.get_by_role("button", name="Check my network").click()
    expect(part(page, "verdict")).not_to_be_empty()
    page.get_by_role("button", name="Move", exact=True).click()
    page.locator("[data-link='R4-End']").click()
    page.get_by_role("spinbutton", name="metric R4 to End").fill("2")
    page.keyboard.press("Enter")
    settled(page)
    expect(part(page, "verdict")).to_be_empty()
    page.get_by_role("button", name="Check my network").click()
    expect(part(page, "verdict")).to_contain_text("All of it comes by R7 now.")


@pytest.mark.parametrize("width", [1280, 768, 360])
def test_what_is_begun_is_chosen_from_menus_that_show_each_exercise_whole(profile: Any, width: int) -> None:
    page = profile(width=width)
    cut = """(select) => {
      const { font, paddingLeft, paddingRight } = getComputedStyle(select);
      const pen = Object.assign(document.createElement("canvas").getContext("2d"), { font });
      const room = select.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - 20; // the arrow
      return [...select.options].map((option) => option.text).filter((text) => pen.measureText(text).width > room);
    }"""
    assert part(page, "exercises").evaluate(cut) == []
    assert "Begin with ..." not in part(page, "preset").evaluate(cut), "the others are seen in the open menu alone"


def test_a_run_is_played_step_by_step_and_a_change_begins_another(profile: Any) -> None:
    page = profile()
    page.locator("[data-node=R2]").click()
    settled(page)
    page.get_by_label("Show").select_option("run")
    settled(page)
    expect(say(page)).to_contain_text("Before anything fails")
    page.get_by_role("button", name="Jump to the next change of a route").click()
    expect(say(page)).not_to_contain_text("Before anything fails")
    page.get_by_role("slider", name="Time").press("End")
    expect(page.locator("[data-key='node:R2']")).to_have_class("nl-node nl-down")
    page.locator("[data-node=R2]").click()
    settled(page)
    expect(page.locator("[data-key=title]")).to_have_text("Nothing fails, and nothing moves")
    page.get_by_label("Show").select_option("paths")
    settled(page)
    expect(say(page)).to_have_text("1 shortest path, metric 3: Source → R1 → R2 → End.")
    expect(page.locator(".nl-lanes")).to_have_count(0)


def test_every_step_is_taken_back_and_made_again(profile: Any) -> None:
    page, random = profile(), Random(7)
    state = "JSON.stringify(Object.keys(model.get('first')).map((name) => model.get(name)))"
    states = [page.evaluate(state)]

    def done() -> None:
        settled(page)
        if (now := page.evaluate(state)) != states[-1]:
            states.append(now)

    for act in ("break", "router", "remove", "lan", "remove", "router", "break", "host", "remove", "break"):
        if act in ("break", "remove"):
            page.get_by_role("button", name=act.capitalize(), exact=True).click()
            names = [name for name, *_ in rows(page, "nodes")]
            page.locator(f"[data-node='{random.choice(names)}']").click()
        else:
            page.locator(f"[data-do=add][data-kind={act}]").click()
        done()
    assert len(states) > 8
    for keys, way in (("Control+z", states[-2::-1]), ("Control+Shift+z", states[1:])):
        for goal in way:
            page.keyboard.press(keys)
            settled(page)
            assert page.evaluate(state) == goal


def test_a_link_opens_the_same_picture_and_words_elsewhere_and_a_reload_keeps_them(profile: Any) -> None:
    page = profile()
    part(page, "preset").select_option("ladder")
    settled(page)
    page.locator("[data-link='R1-R2']").click()
    settled(page)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.get_by_role("button", name="Copy link").click()
    address = page.get_by_label("Link to this figure").input_value()
    shown = page.locator("svg.nl-net").inner_html(), say(page).inner_text()
    other = profile(address.removeprefix(HOST))
    expect(say(other)).to_have_text(shown[1])
    assert other.locator("svg.nl-net").evaluate("svg => svg.querySelectorAll('.nl-cut').length") == 1
    assert rows(other, "nodes") == rows(page, "nodes")
    page.reload()
    expect(say(page)).to_have_text(shown[1])


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"nodes": [["<b>x</b>", "ship", 1, 1]]}, "has the kind 'ship'; possible are"),
        ({"nodes": [[f"R{at}", "router", 9, 9] for at in range(201)]}, "the sheet has room for 200 nodes"),
        ({"cut": ["<img src=x onerror=alert(1)>"]}, "there is no link"),
        ({"shown": "all"}, "nothing is called “shown”"),
    ],
)
def test_a_hostile_link_is_refused_in_words_and_the_figure_stands_as_it_was(
    profile: Any, state: dict[str, Any], words: str
) -> None:
    page = profile(f"#figure-c03={written(state)}")
    expect(part(page, "said")).to_contain_text(words)
    assert part(page, "said").evaluate("part => part.childElementCount") == 0
    expect(page.locator("[data-key=title]")).to_have_text("Source to End: one shortest path, via R1 and R2")


def write_names(page: Page, names: str) -> None:
    part(page, "new-name").fill(names)


def test_a_home_is_drawn_by_names_each_beside_what_is_chosen_which_stays_chosen(profile: Any) -> None:
    page = profile()
    press(page, "Clear the sheet")
    expect(page.locator(".nl-first-words")).to_contain_text("Your sheet is empty.")
    for name, kind in (("Modem", "+ Router"), ("Home", "+ Router")):
        write_names(page, name)
        press(page, kind)
    expect(part(page, "chosen-title")).to_have_text("Chosen: Modem")
    choose(page, "Home")
    write_names(page, "Laptop, TV , Phone,")
    press(page, "+ Host")
    expect(part(page, "told")).to_have_text(
        "Laptop and 2 more are there, connected to Home. Press another node to go on there."
    )
    assert [(a, b) for _, a, b, *_ in rows(page, "links")] == [
        ("Modem", "Home"),
        *(("Home", name) for name in ("Laptop", "TV", "Phone")),
    ]
    expect(part(page, "chosen-title")).to_have_text("Chosen: Home")
    # Enter in the field of names adds one more of the last kind, and one step takes all of it back.
    write_names(page, "NAS, Printer")
    part(page, "new-name").press("Enter")
    settled(page)
    assert [row[:2] for row in rows(page, "nodes")][-2:] == [["NAS", "host"], ["Printer", "host"]]
    page.get_by_role("button", name="Undo").click()
    settled(page)
    assert [row[0] for row in rows(page, "nodes")] == ["Modem", "Home", "Laptop", "TV", "Phone"]
    for double in ("TV", "Radio, Radio"):
        write_names(page, double)
        part(page, "new-name").press("Enter")
        expect(part(page, "problem")).to_contain_text("is the name of another one; each has its own.")
        assert len(rows(page, "nodes")) == 5


def test_flows_go_between_nodes_that_are_named_and_follow_the_drawing_until_the_reader_chooses(profile: Any) -> None:
    page = profile()
    source, destination = (page.locator(f"[data-set={end}]") for end in ("source", "destination"))
    assert (source.input_value(), destination.input_value()) == ("Source", "End")
    press(page, "Clear the sheet")
    press(page, "+ Router", 2)
    assert (source.input_value(), destination.input_value()) == ("R1", "R2")
    press(page, "+ Host", 2)
    assert (source.input_value(), destination.input_value()) == ("H1", "H2")
    source.select_option("R2")
    settled(page)
    press(page, "+ Host")
    assert (source.input_value(), destination.input_value()) == ("R2", "H3")
    assert page.evaluate("[model.get('source'), model.get('destination')]") == ["R2", ""]


def test_what_was_typed_as_a_name_holds_once_the_reader_goes_elsewhere(profile: Any) -> None:
    page = profile()
    page.get_by_role("button", name="Move", exact=True).click()
    page.locator("[data-node=R3]").click()
    part(page, "name").fill("Cellar")
    page.get_by_role("button", name="+ Host", exact=True).click()
    settled(page)
    assert rows(page, "links")[-1][1:3] == ["Cellar", "H1"]


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 740)])
def test_all_that_is_used_with_the_sheet_is_on_the_screen_with_it(profile: Any, width: int, height: int) -> None:
    page = profile(width=width)
    page.set_viewport_size({"width": width, "height": height})

    def seen(name: str) -> bool:
        box = page.get_by_role("button", name=name, exact=True).bounding_box()
        assert box is not None
        return bool(box["y"] >= 0 and box["y"] + box["height"] <= height)

    def figure_to_the_top() -> None:
        page.evaluate("document.querySelector('.nl-bar').scrollIntoView()")

    def sheet_to_the_top() -> None:
        page.evaluate("scrollBy(0, document.querySelector('.nl-tools').getBoundingClientRect().top - 150)")

    tools_to_the_top = figure_to_the_top if width > 600 else sheet_to_the_top
    tools_to_the_top()
    assert all(map(seen, ("Undo", "Redo", "Break", "+ Router", "+ Host", "+ LAN")))
    part(page, "exercises").select_option("exercise:by-r7")
    settled(page)
    expect(part(page, "exercises")).to_have_value("exercise:by-r7")
    tools_to_the_top()
    assert all(map(seen, ("Undo", "Redo", "Break", "Check my network")))
    question, sheet = page.locator("[data-piece=exercise]").bounding_box(), page.locator(".nl-net").bounding_box()
    assert question is not None
    assert sheet is not None
    assert question["y"] < sheet["y"]
    page.get_by_label("Show").select_option("run")
    settled(page)
    tools_to_the_top()
    assert all(map(seen, ("Undo", "Redo", "Break", "Play", "Step forward")))
    part(page, "exercises").select_option("")
    settled(page)
    expect(page.get_by_role("button", name="Check my network")).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 832, 360])
def test_neither_a_verdict_nor_what_is_chosen_moves_the_sheet_or_what_is_below_it(profile: Any, width: int) -> None:
    page = profile(width=width)
    places = """() => ['.nl-net', '[data-set=show]', '[data-part=file]'].map((part) =>
      document.querySelector(part).getBoundingClientRect().top + scrollY)"""
    part(page, "exercises").select_option("exercise:by-r7")
    settled(page)
    before = page.evaluate(places)
    page.get_by_role("button", name="Move", exact=True).click()
    assert page.evaluate(places)[:2] == before[:2], "what is to be chosen has its room below what asks"
    before = page.evaluate(places)
    page.get_by_role("button", name="Check my network").click()
    expect(part(page, "verdict")).not_to_be_empty()
    assert page.evaluate(places) == before
    for thing, title in (
        ("[data-node=R3]", "R3"),
        ("[data-node=End]", "End"),
        ("[data-link=R4-End]", "the cable between R4 and End"),
    ):
        page.locator(thing).click()
        expect(part(page, "chosen-title")).to_have_text(f"Chosen: {title}")
        assert page.evaluate(places)[:2] == before[:2], thing


def test_a_run_is_opened_at_the_moment_that_a_link_tells(profile: Any) -> None:
    page = profile()
    page.locator("[data-node=R2]").click()
    settled(page)
    page.get_by_label("Show").select_option("run")
    settled(page)
    for _ in range(3):
        page.get_by_role("button", name="Jump to the next change of a route").click()
    then = say(page).inner_text()
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.get_by_role("button", name="Copy link").click()
    address = page.get_by_label("Link to this figure").input_value()
    assert read(address.partition("=")[2])["at_us"] > 0, "a time in microseconds"
    other = profile(address.removeprefix(HOST))
    expect(say(other)).to_have_text(then)
    for name in ("Undo", "Redo"):
        expect(other.get_by_role("button", name=name)).to_have_attribute("aria-disabled", "true")
    other.get_by_role("button", name="GraphML").click()
    settled(other)
    expect(say(other)).to_have_text(then)


def test_a_run_of_too_many_nodes_is_not_offered_and_the_reason_is_said(profile: Any) -> None:
    page = profile()
    offered = page.locator("[data-set=show] option[value=run]")
    expect(offered).to_have_text("What happens, in time")
    part(page, "preset").select_option("Dfn")
    expect(offered).to_have_text("What happens, in time: of up to 48 nodes, as each moment is a picture")
    assert offered.is_disabled()


def test_a_file_without_metrics_is_opened_and_the_reader_says_what_they_are(profile: Any) -> None:
    page = profile()
    inside = '<node id="A"/><node id="B"/><edge source="A" target="B"><data key="k">7</data></edge>'
    graph = f'<graphml><key id="k" for="edge" attr.name="km" attr.type="int"/><graph>{inside}</graph></graphml>'
    expect(page.get_by_label("Its metrics")).to_be_hidden()
    part(page, "file").set_input_files({"name": "a.graphml", "mimeType": "text/plain", "buffer": graph.encode()})
    expect(page.get_by_label("Its metrics")).to_be_visible()
    assert rows(page, "links")[0][3:] == [1, 1]
    page.get_by_label("Its metrics").select_option("are its numbers under km")
    expect(say(page)).to_contain_text("metric 7")
    expect(page.get_by_label("Its metrics")).to_have_value("metric:km\n")
    part(page, "preset").select_option("ring")
    expect(page.get_by_label("Its metrics")).to_be_hidden()


def test_of_what_is_changed_while_an_answer_is_on_its_way_only_the_last_is_asked_for(profile: Any) -> None:
    page = profile()
    asked: list[Route] = []

    def answer(route: Route) -> None:
        route.fulfill(json=answered(route.request.post_data or ""))

    def ask(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            answer(route)

    page.route(f"{HOST}view", ask)
    page.locator("[data-link=R2-End]").click()  # which is recorded
    with page.expect_request(f"{HOST}view"):
        page.locator("[data-link=R3-R4]").click()
    for name in ("R5-R6", "R6-R7"):
        page.locator(f"[data-link={name}]").click()
        expect(page.locator(f"[data-link={name}]")).to_have_attribute("aria-pressed", "true")
    answer(asked[0])
    settled(page)
    assert len(asked) == 2
    expect(say(page)).to_contain_text("Cut: R2–End, R3–R4, R5–R6, R6–R7.")


def test_what_has_the_focus_on_a_phone_is_not_behind_what_stays_at_the_edges_of_the_sheet(profile: Any) -> None:
    page = profile(width=360)
    page.set_viewport_size({"width": 360, "height": 740})
    seen = """() => {
      const { x, y, width, height } = document.activeElement.getBoundingClientRect();
      return document.activeElement.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    }"""
    for place in ("[data-node=R2]", "[data-node=End]", "[data-set=show]", "[data-node=End]", "[data-node=Source]"):
        page.locator(place).focus()
        assert page.evaluate(seen), place
    before = page.evaluate("scrollY")
    for place in ("[data-part=new-name]", "[data-do=undo]"):
        page.locator(place).focus()
        assert page.evaluate("scrollY") == before, "what stays there moves nothing"


def test_whoever_types_names_on_a_phone_goes_on_typing_after_each_is_added(profile: Any) -> None:
    page = profile(width=360, has_touch=True)
    part(page, "new-name").tap()
    for name in ("Box", "Attic"):
        page.keyboard.type(name)
        page.get_by_role("button", name="+ Router", exact=True).tap()
        settled(page)
        expect(part(page, "new-name")).to_be_focused()
    assert [row[0] for row in rows(page, "nodes")][-2:] == ["Box", "Attic"]
    page.locator("[data-node=Box]").tap()
    page.get_by_role("button", name="+ Host", exact=True).tap()
    settled(page)
    expect(part(page, "new-name")).not_to_be_focused()


@pytest.mark.parametrize("width", [1280, 360])
def test_what_stands_beside_play_stays_where_it_is_while_a_run_plays(profile: Any, width: int) -> None:
    page = profile(width=width)
    page.get_by_label("Show").select_option("run")
    settled(page)
    places = """() => [...document.querySelectorAll('.nl-deck button, .nl-deck select')].map((part) => {
      const { x, y, width } = part.getBoundingClientRect();
      return [x, y + scrollY, width];
    })"""
    before = page.evaluate(places)
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    assert page.evaluate(places) == before


BOXES = """(names) => Object.fromEntries(names.map((name) => {
  const { top, bottom } = document.querySelector(name).getBoundingClientRect();
  return [name, [top, bottom]];
}))"""
HEADER = 56  # pixels, of a page around the figure


def under_a_header(page: Page, height: int) -> None:
    page.add_style_tag(content=f":root {{ --bar: {HEADER}px; scroll-padding-top: {HEADER + 16}px }}")
    page.set_viewport_size({"width": page.evaluate("innerWidth"), "height": height})


def boxes(page: Page, *names: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = page.evaluate(BOXES, names)
    return found


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 740)])
@pytest.mark.parametrize("state", ["", "exercise", "run", "exercise run"])
def test_as_long_as_the_sheet_is_seen_its_tools_are_whole_below_the_header_and_cover_each_other_nowhere(
    profile: Any, width: int, height: int, state: str
) -> None:
    page = profile(width=width)
    under_a_header(page, height)
    if "exercise" in state:
        part(page, "exercises").select_option("exercise:by-r7")
        settled(page)
    if "run" in state:
        page.get_by_label("Show").select_option("run")
        settled(page)
    bars = [".nl-bar", ".nl-tools"]
    if width < 480:
        bars += [".nl-task"] if state == "exercise" else []
        bars += ["[data-piece=deck]"] if "run" in state else [] if state else [".nl-adding"]
    page.evaluate(f"document.querySelector('.nl-net').scrollIntoView(); scrollBy(0, {-HEADER})")
    for _ in range(8):
        met = sorted(boxes(page, *bars).values())
        assert met[0][0] >= HEADER
        assert met[-1][1] <= height or width > 480
        assert all(above[1] <= below[0] for above, below in pairwise(met)), met
        page.evaluate("scrollBy(0, 25)")


def test_what_is_new_comes_into_view_on_a_phone_clear_of_what_stays_at_the_edges(profile: Any) -> None:
    page = profile(width=360, has_touch=True)
    under_a_header(page, 740)
    page.get_by_role("button", name="Clear the sheet").tap()
    settled(page)
    names = [".nl-tools", ".nl-first-words", ".nl-adding"]
    tools, words, adding = boxes(page, *names).values()
    assert tools[1] <= words[0] < words[1] <= adding[0]
    for kind, made in (("Router", "Attic"), ("Host", "TV,Phone,Laptop"), ("LAN", "Switch")):
        part(page, "new-name").fill(made)
        page.get_by_role("button", name=f"+ {kind}", exact=True).tap()
        settled(page)
        for each in made.split(","):
            tools, node, adding = boxes(page, ".nl-tools", f"[data-node={each}]", ".nl-adding").values()
            assert tools[1] <= node[0] < node[1] <= adding[0], each


def test_that_a_link_is_copied_is_said_on_a_phone_and_nothing_makes_room_for_it(profile: Any) -> None:
    page = profile(width=360, has_touch=True)
    under_a_header(page, 740)
    page.evaluate(f"document.querySelector('.nl-net').scrollIntoView(); scrollBy(0, {-HEADER})")
    places = """() => [...document.querySelectorAll('.nl-bar button, .nl-tools, .nl-net')].map((part) => {
      const { x, y, width } = part.getBoundingClientRect();
      return [x, y, width];
    })"""
    before = page.evaluate(places)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: { writeText: async () => {} } })")
    page.get_by_role("button", name="Copy link").tap()
    expect(part(page, "said")).to_have_text("Link copied. It opens this figure as it is now.")
    assert part(page, "said").evaluate("""part => {
      const { x, y, width, height } = part.getBoundingClientRect();
      return part.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    }""")
    assert page.evaluate(places) == before
    page.get_by_role("button", name="Move", exact=True).tap()
    expect(part(page, "said")).to_be_empty()


def test_what_happens_in_a_run_is_read_on_a_phone_beside_the_sheet_wherever_it_is_scrolled(profile: Any) -> None:
    page = profile(width=360)
    under_a_header(page, 740)
    page.locator("[data-node=R2]").click()
    settled(page)
    page.get_by_label("Show").select_option("run")
    settled(page)
    page.evaluate(f"document.querySelector('.nl-net').scrollIntoView(); scrollBy(0, {-HEADER})")
    for _ in range(4):
        page.get_by_role("button", name="Jump to the next change of a route").click()
        tools, scrubber, words = boxes(page, ".nl-tools", ".nl-scrub", ".nl-said-now").values()
        assert scrubber[1] <= words[0] < words[1] <= 740
        assert scrubber[0] - tools[1] > 300, "so much of the sheet is seen"
        page.evaluate("scrollBy(0, 40)")


def test_a_headline_of_more_lines_leaves_the_sheet_in_its_place_on_a_phone_that_shows_its_last_line(
    profile: Any,
) -> None:
    page = profile(width=360)
    under_a_header(page, 740)
    title = page.locator("[data-key=title]")
    for end, node in (("source", "R1"), ("destination", "R4")):
        page.locator(f"[data-set={end}]").select_option(node)
        settled(page)
    tops = []
    lines = set()
    page.evaluate("scrollBy(0, document.querySelector('[data-key=title]').getBoundingClientRect().top - 80)")
    for cable in ("R1-R3", "R2-R4", "R1-R3", "R2-R4"):
        tops.append(boxes(page, ".nl-net")[".nl-net"][0])
        lines.add(title.evaluate("part => part.getBoundingClientRect().height"))
        page.locator(f"[data-link={cable}]").dispatch_event("click")
        settled(page)
    assert len(lines) > 1
    assert len({*tops}) == 1
