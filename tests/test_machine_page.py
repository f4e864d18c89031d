"""The figures of one machine on the site: my doors, who can reach a door, the path of a packet; for every reader."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Visit
from playwright.sync_api import Locator, Page, expect

from netlearn.figures.packet_path.drawing import PLACES
from netlearn.host.laptop import ME
from netlearn.recorded.snapshot import recorded

LISTENING, TO_MYSELF = "book/listening.html", "book/to-myself.html"
SLOW_MS = 60_000  # the machine may be busy; nothing here measures time
Open = Callable[..., Page]
MakeVisit = Callable[..., Visit]


def figure(page: Page, name: str) -> Locator:
    found = page.locator(f"figure[data-figure={name}]").first
    expect(found).to_have_attribute("data-live", "yes")
    return found.locator(":scope > div").first  # and not what waits for paper


def shown(doors: Locator) -> Locator:
    return doors.locator(".nl-door:visible")


@pytest.fixture
def doors(page: Open) -> Callable[..., Locator]:
    return lambda **options: figure(page(LISTENING, **options), "doors")


@pytest.fixture
def reach(page: Open) -> Callable[..., Locator]:
    return lambda **options: figure(page(LISTENING, **options), "reach")


@pytest.fixture
def path(page: Open) -> Callable[..., Locator]:
    return lambda **options: figure(page(TO_MYSELF, **options), "packet_path")


# My doors


def test_the_site_shows_recorded_doors_and_says_so_with_system_and_date_and_nothing_to_refresh(
    doors: Callable[..., Locator],
) -> None:
    house = doors()
    expect(house).to_contain_text(f"Recorded on {recorded().system} on {recorded().when}: ")
    expect(house).to_contain_text("To see your own, run netlearn sockets in a terminal")
    expect(house.get_by_role("button", name="Look again")).to_have_count(0)
    expect(shown(house)).to_have_count(len(recorded().listeners))


def test_doors_are_filtered_by_protocol_scope_and_words(doors: Callable[..., Locator]) -> None:
    house = doors()
    count = house.locator("[data-part=count]")
    house.get_by_label("Protocol").select_option("udp")
    expect(count).to_have_text("8 of 21 doors shown")
    house.get_by_label("Who can reach it").select_option("loopback")
    expect(count).to_have_text("3 of 21 doors shown")
    expect(house.locator("section:visible")).to_have_count(1)
    house.get_by_label("Contains").fill("chrony 323")
    expect(count).to_have_text("2 of 21 doors shown")
    house.get_by_label("Contains").fill("no such door")
    expect(count).to_have_text("None of 21 doors shown")
    expect(house).to_contain_text("No door is like that: ask for less, or press Reset.")
    house.get_by_label("Contains").fill("")
    for name in ("Protocol", "Who can reach it"):
        house.get_by_label(name).select_option("")
    expect(count).to_have_text("21 doors shown")


def test_a_chosen_door_is_explained_and_another_one_instead(doors: Callable[..., Locator]) -> None:
    house = doors()
    cups = house.get_by_role("button", name="cupsd tcp 127.0.0.1:631 has a door to the inside only")
    cups.click()
    expect(cups).to_have_attribute("aria-expanded", "true")
    told = house.locator(".nl-told:visible")
    expect(told).to_contain_text("Only programs on this machine: every other has a 127.0.0.1 of its own.")
    expect(told).to_contain_text("Held by cupsd (process 23), of the user root.")
    expect(told.locator("pre")).to_have_text('tcp LISTEN 127.0.0.1:631 users:(("cupsd",pid=23,fd=5))')
    house.get_by_role("button", name=re.compile("nginx")).click()
    expect(house.locator(".nl-told:visible")).to_have_count(1)
    expect(house.locator(".nl-told:visible")).to_contain_text("Whoever can reach 192.0.2.10, an address of eth0")
    house.get_by_role("button", name=re.compile("nginx")).click()
    expect(house.locator(".nl-told:visible")).to_have_count(0)


def test_doors_are_one_tab_stop_with_arrow_keys_from_door_to_door(doors: Callable[..., Locator]) -> None:
    house = doors()
    page, focused = house.page, house.page.locator(":focus")
    house.get_by_label("Contains").fill("sshd")
    page.keyboard.press("Tab")
    expect(focused).to_have_accessible_name(re.compile("^sshd tcp 0.0.0.0:22"))
    page.keyboard.press("ArrowDown")
    expect(focused).to_have_accessible_name(re.compile(r"^sshd tcp \[::\]:22"))
    page.keyboard.press("Enter")
    expect(house.locator(".nl-told:visible")).to_contain_text("not by IPv4")
    house.get_by_label("Contains").fill("")
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    expect(focused).to_have_accessible_name(re.compile("^Xwayland"))
    page.keyboard.press("Home")
    expect(focused).to_have_accessible_name(re.compile("^systemd-resolve"))
    assert house.locator(".nl-door > button[tabindex='0']").count() == 1


# Who can reach this door


def guess(reaching: Locator, *places: str) -> None:
    asked = reaching.get_by_role("group", name="Your prediction")
    for place in places:
        asked.get_by_role("button", name=place, exact=True).click()
    asked.get_by_role("button", name="Show who gets in").click()


def test_the_answer_waits_for_a_guess_which_is_compared_and_kept_in_this_browser_only(
    visit: MakeVisit, site_url: str
) -> None:
    visitor = visit()
    visitor.context.route("**/worker.js*", lambda route: route.abort())
    reaching = figure(visitor.open(site_url + LISTENING), "reach")
    expect(reaching.locator(".nl-whys")).to_be_hidden()
    expect(reaching.locator("[data-key=title]")).to_be_hidden()
    expect(reaching.locator("[data-key=title-asks]")).to_have_text("Bound to 127.0.0.1: who gets in?")
    expect(reaching.locator(".nl-caption")).to_be_hidden()
    guess(reaching)
    expect(reaching.locator("[data-part=verdict]")).to_have_text("Choose an answer first.")
    expect(reaching.locator("[data-key=title]")).to_be_hidden()
    assert reaching.locator("[data-key='lamp:LAN']").evaluate("lamp => getComputedStyle(lamp).visibility") == "hidden"
    guess(reaching, "Inside this machine", "On the same LAN")
    expect(reaching.locator("[data-part=verdict]")).to_have_text(
        "Two of the three are as you said. Look again at: on the same LAN."
    )
    expect(reaching.locator("[data-key=title]")).to_have_text("Bound to 127.0.0.1, the door opens to the inside only")
    expect(reaching.locator("[data-place=LAN]")).to_contain_text(
        "✗ On the same LAN: No: whoever dials 192.0.2.10 is refused"
    )
    reaching.get_by_role("radio", name=re.compile("^fe80::10%eth0")).check()
    expect(reaching.locator(".nl-whys")).to_be_hidden()
    guess(reaching, "Inside this machine", "On the same LAN")
    expect(reaching.locator("[data-part=verdict]")).to_contain_text("All three are as you said.")
    reaching.get_by_role("radio", name=re.compile("^127.0.0.1")).check()
    expect(reaching.locator("[data-part=verdict]")).to_contain_text("Two of the three are as you said.")
    visitor.page.reload()
    again = figure(visitor.page, "reach")
    expect(again.locator("[data-part=verdict]")).to_contain_text("Two of the three are as you said.")
    assert visitor.context.cookies() == []
    visitor.errors.clear()  # the refused worker


def test_a_guess_can_be_made_again_and_nothing_moves_when_it_is_given(reach: Callable[..., Locator]) -> None:
    reaching = reach()
    picture, verdict = reaching.locator(".nl-net"), reaching.locator("[data-part=verdict]")
    before = picture.bounding_box()
    guess(reaching, "Beyond the router")
    expect(verdict).to_have_text(
        "One of the three is as you said. Look again at: inside this machine and beyond the router."
    )
    assert picture.bounding_box() == before
    reaching.get_by_role("button", name="Guess again").click()
    expect(reaching.locator("[data-key=title]")).to_be_hidden()
    expect(verdict).to_have_text("")
    expect(reaching.get_by_role("button", name="Inside this machine")).to_be_focused()
    guess(reaching, "Inside this machine")
    expect(verdict).to_contain_text("All three are as you said.")


def test_guesses_can_be_skipped_and_every_address_is_answered_by_keyboard(reach: Callable[..., Locator]) -> None:
    reaching = reach()
    reaching.get_by_role("button", name="Skip the predictions").focus()
    reaching.page.keyboard.press("Enter")
    expect(reaching.get_by_role("group", name="Your prediction")).to_be_hidden()
    expect(reaching.locator("[data-key=title]")).to_be_focused()
    reaching.get_by_role("radio", checked=True).focus()
    titles = []
    for _ in range(10):
        titles.append(reaching.locator("[data-key=title]").text_content())
        reaching.page.keyboard.press("ArrowDown")
        expect(reaching.locator("[data-key=title]")).not_to_have_text(titles[-1] or "")
    assert len(set(titles)) == 10
    expect(reaching.locator("[data-key=title]")).to_have_text("Bound to 127.0.0.1, the door opens to the inside only")


# The path of a packet


def test_lo_is_set_down_and_the_laptop_no_longer_reaches_itself_but_the_neighbour_does(
    path: Callable[..., Locator],
) -> None:
    way = path()
    title = way.locator("[data-key=title]")
    way.get_by_role("button", name="Whole way").click()
    expect(title).to_have_text("192.0.2.10 is answered through lo: nothing leaves the laptop")
    way.get_by_label("The laptop’s lo is").select_option("down")
    expect(title).to_have_text("192.0.2.10 is not reached: lo is down")
    expect(way.locator("[data-part=changes]")).to_have_text(
        "Before: 192.0.2.10 is answered through lo: nothing leaves the laptop. Pale dashes: that way."
    )
    expect(way.locator("[data-key='the laptop:lo:cross']")).to_be_visible()
    way.get_by_text("The steps so far, in words").click()
    expect(way.locator("li:visible").last).to_contain_text("lo is down: the SYN is dropped.")
    way.get_by_label("A program on").select_option("neighbour")
    expect(title).to_have_text("192.0.2.10 is answered across the LAN")
    way.get_by_label("The laptop’s server listens on").select_option("127.0.0.1")
    expect(title).to_have_text("192.0.2.10 is refused across the LAN: nothing listens there", timeout=SLOW_MS)


def test_the_way_is_gone_step_by_step_and_nothing_ahead_is_told(path: Callable[..., Locator]) -> None:
    way = path(reduced_motion=True)
    now, forward = way.locator("[data-part=now]"), way.get_by_role("button", name="Next ▶")
    backward, title = way.get_by_role("button", name="◀ Back"), way.locator("[data-key=title]")
    way.get_by_text("The steps so far, in words").click()
    expect(way.locator("[data-key=title-asks]")).to_have_text(
        "The laptop dials 192.0.2.10: which way does the packet go?"
    )
    seen = [now.text_content()]
    forward.focus()
    for number in range(2, 9):
        expect(title).to_be_hidden()
        expect(way.locator(".nl-caption")).to_be_hidden()
        expect(way.locator("li:visible")).to_have_count(number - 1)
        way.page.keyboard.press("Enter")
        seen.append(now.text_content())
    lines = way.locator("li:visible").all_text_contents()
    assert seen == [f"Step {number} of 8. {line}" for number, line in enumerate(lines, 1)]
    assert seen[2] == "Step 3 of 8. The laptop, lo: what lo is given to send, it has received at once."
    assert [line.split(":")[0] for line in lines[4:]] == ["Back"] * 3 + ["At last"]
    expect(title).to_be_visible()
    assert way.evaluate("figure => figure.contains(document.activeElement)")  # no end swallows the focus
    expect(way.locator("li[aria-current=step]")).to_have_count(1)
    backward.click()
    expect(now).to_have_text(seen[-2] or "")
    expect(title).to_be_hidden()
    backward.click()
    trace = way.locator("[data-part=trace]")
    assert "{:.0f} {:.0f}".format(*PLACES[ME]["lo"])[:3] in (trace.get_attribute("d") or "")
    way.get_by_role("button", name="Whole way").click()
    expect(now).to_have_text("")
    expect(way.locator("li:visible")).to_have_count(8)
    expect(way.locator("li[aria-current]")).to_have_count(0)


def test_a_scene_that_nobody_recorded_is_computed_in_the_page(path: Callable[..., Locator]) -> None:
    way = path()
    way.get_by_role("button", name="Whole way").click()
    way.get_by_label("The laptop’s server listens on").select_option("nothing")
    way.get_by_label("The laptop’s eth0 is").select_option("no carrier")
    way.get_by_label("The laptop’s lo is").select_option("down")
    expect(way.locator("[data-key=title]")).to_have_text("192.0.2.10 is not reached: lo is down", timeout=SLOW_MS)
    expect(way.locator("[data-key=wire]")).to_have_class(re.compile("nl-no-carrier"))


# For every reader

# What of the figures would have to be moved sideways to be seen.
SIDEWAYS = """() => [...document.querySelectorAll("figure[data-figure] *")]
  .filter((one) => one.checkVisibility() && one.clientWidth && one.scrollWidth > one.clientWidth + 1
    && ["auto", "scroll"].includes(getComputedStyle(one).overflowX))
  .map((one) => one.outerHTML.slice(0, 200))"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_axe_finds_nothing_in_the_figures_of_one_machine_and_the_page_does_not_scroll_sideways(
    page: Open, dark: bool, width: int
) -> None:
    listening = page(LISTENING, dark=dark, width=width)
    figure(listening, "doors").get_by_role("button", name=re.compile("^nginx")).click()
    guess(figure(listening, "reach"), "Inside this machine")
    to_myself = page(TO_MYSELF, dark=dark, width=width)
    figure(to_myself, "packet_path").get_by_label("The laptop’s lo is").select_option("down")
    figure(to_myself, "packet_path").get_by_role("button", name="Next ▶").click()
    for opened in (listening, to_myself):
        results = Axe().run(opened, context="figure")
        assert results.violations_count == 0, results.generate_report()
        assert opened.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        assert opened.evaluate(SIDEWAYS) == []
        sizes = opened.locator("figure .nl-net text, .nl-house *:not(:has(*))").evaluate_all(
            """all => all.filter((one) => one.checkVisibility() && one.textContent.trim()).map((one) => {
              const scale = one.ownerSVGElement ? one.ownerSVGElement.getScreenCTM().a : 1;
              return parseFloat(getComputedStyle(one).fontSize) * scale;
            })"""
        )
        assert min(sizes) >= 13


def test_without_javascript_the_figures_of_one_machine_are_pictures_and_tell_in_a_fold(page: Open) -> None:
    listening, to_myself = page(LISTENING, javascript=False), page(TO_MYSELF, javascript=False)
    for opened, name, first, told in (
        (listening, "reach", "Bound to 127.0.0.1: who gets in?", "the door opens to the inside only"),
        (to_myself, "packet_path", "which way does the packet go?", "answered through lo: nothing leaves the laptop"),
    ):
        still = opened.locator(f"figure[data-figure={name}]")
        expect(still.locator("img").first).to_be_visible()
        assert first in (still.locator("img").first.get_attribute("alt") or "")
        expect(still.get_by_text(told).first).to_be_hidden()
        still.locator(".nl-later > summary").click()
        expect(still.get_by_text(told).first).to_be_visible()
    doors = listening.locator("figure[data-figure=doors]")
    assert (doors.locator("img").get_attribute("alt") or "").startswith("9 of 21 doors open to the outside")
    doors.get_by_text("Every door in words").click()
    expect(doors.locator("li:visible")).to_have_count(len(recorded().listeners))
    doors.get_by_text("Every door in words").click()
    expect(doors.locator("li:visible")).to_have_count(0)
    listening.emulate_media(media="print")
    expect(doors.locator("li:visible")).to_have_count(len(recorded().listeners))
    listening.emulate_media(media="screen")
    expect(listening.locator("figure[data-figure=reach] tbody tr")).to_have_count(10)


def test_with_reduced_motion_no_part_of_the_figures_moves(path: Callable[..., Locator]) -> None:
    way = path(reduced_motion=True)
    way.get_by_role("button", name="Whole way").click()
    way.get_by_label("A program on").select_option("neighbour")
    expect(way.locator("[data-key=title]")).to_have_text("192.0.2.10 is answered across the LAN")
    assert way.locator("[data-key=dot]").get_attribute("transform") is None


def test_a_finger_finds_every_door_choice_and_button(visit: MakeVisit, site_url: str) -> None:
    page = visit(width=360, height=800, has_touch=True, is_mobile=True).open(site_url + LISTENING)
    for name, targets in (("doors", ".nl-door > button"), ("reach", "label, button:visible")):
        for box in (
            figure(page, name).locator(targets).evaluate_all("all => all.map((one) => one.getBoundingClientRect())")
        ):
            assert min(box["width"], box["height"]) >= 44, name
    figure(page, "reach").locator("label", has_text="/run/door.sock").tap()
    expect(figure(page, "reach").get_by_role("radio", checked=True)).to_have_value("/run/door.sock")
