"""The pages that a reader opens: whole, light, readable for all, and from one host only."""

import getpass
import gzip
import re
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from conftest import ROOT, Visit
from playwright.sync_api import Error, Page
from showing import AXED, WIDTHS, axed, turned

WEIGHT_LIMIT_B = 170_000
# Links that a reader may follow are no references: nothing is fetched before a click.
FETCHING = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "link": ("href",),
    "iframe": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "object": ("data",),
    "embed": ("src",),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
    "form": ("action",),
}
EXECUTED = {"", "module", "text/javascript", "application/javascript"}


def chapters() -> list[str]:
    """The pages of the book in the order of _toc.yml."""
    names = re.findall(r"(?:root|file): *(\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [f"{name}.html" for name in names]


PAGES = [*chapters(), "search.html", "kept.html"]
MISSING = "404.html"  # its links begin at the site's root, as it is shown at any depth


class References(HTMLParser):
    """What a page fetches by itself, where its links lead, and the scripts written into it."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.inline_scripts: list[str] = []
        self.handlers: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids.add(values.get("id", ""))
        self.handlers += [name for name in values if name.startswith("on")]
        self.fetched += [values[name] for name in FETCHING.get(tag, ()) if name in values]
        self.fetched += re.findall(r"url\(([^)]*)\)", values.get("style", ""))
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        self._in_script = tag == "script" and "src" not in values and values.get("type", "") in EXECUTED

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.inline_scripts.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False


@cache
def read(path: Path) -> References:
    """The references of a built page, which is read once."""
    references = References()
    references.feed(path.read_text(encoding="utf-8"))
    return references


def built_pages(built_site: Path) -> list[Path]:
    """Every page of the site, those not in _toc.yml too."""
    return sorted(built_site.rglob("*.html"))


def is_elsewhere(address: str) -> bool:
    """Whether the address names a host, as ``https://x``, ``//x``; data addresses and relative ones do not."""
    return bool(re.match(r"\s*['\"]?\s*(?:[a-z][a-z0-9+.-]*:)?//", address, re.I))


def test_no_page_fetches_anything_from_another_host(built_site: Path) -> None:
    found = {page.name: [a for a in read(page).fetched if is_elsewhere(a)] for page in built_pages(built_site)}
    assert not any(found.values()), found


def test_an_address_elsewhere_that_a_page_asks_for_is_found_and_no_way_leads_there(
    visit: Callable[..., Visit],
) -> None:
    made = visit()
    for address in ("http://elsewhere.example/", "http://192.0.2.1/"):
        with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
            made.page.goto(address)
    assert made.strangers == ["http://elsewhere.example/", "http://192.0.2.1/"]
    made.strangers.clear()
    made.errors.clear()


def test_no_style_sheet_and_no_script_fetches_anything_from_another_host(built_site: Path) -> None:
    patterns = [
        r"url\(\s*['\"]?((?:https?:)?//[^)]*)",
        r"@import\s+['\"]((?:https?:)?//[^'\"]*)",
        r"(?:import\(?|from|fetch\(|importScripts\()\s*['\"`]((?:https?:)?//[^'\"`]*)",
        r"\.src\s*=\s*['\"`]((?:https?:)?//[^'\"`]*)",
    ]
    for path in sorted([*built_site.rglob("*.css"), *built_site.rglob("*.js"), *built_site.rglob("*.mjs")]):
        text = path.read_text(encoding="utf-8")
        assert [hit for pattern in patterns for hit in re.findall(pattern, text)] == [], path.name


def test_every_file_that_a_page_fetches_is_there(built_site: Path) -> None:
    for page in built_pages(built_site):
        for address in read(page).fetched:
            if urlsplit(address).path and not address.startswith("data:"):
                path = unquote(urlsplit(address).path)
                target = (built_site / path[1:] if page.name == MISSING else page.parent / path).resolve()
                assert target.is_file(), f"{page.name} asks for {address}"


def test_every_link_inside_the_book_leads_somewhere(built_site: Path) -> None:
    for page in built_pages(built_site):
        for link in read(page).links:
            if urlsplit(link).scheme:
                continue
            link = link[link.startswith("/") and page.name == MISSING :]
            where, anchor = urldefrag(urljoin(page.as_uri(), link))
            target = Path(unquote(urlsplit(where).path))
            assert target.is_file(), f"{page.name} links to {link}"
            if anchor and target.suffix == ".html":
                assert unquote(anchor) in read(target).ids, f"{page.name} links to {link}"


def test_every_page_forbids_scripts_that_are_written_into_it_and_has_none(built_site: Path) -> None:
    for page in built_pages(built_site):
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page.read_text(encoding="utf-8"))
        assert policy, page.name
        assert "default-src 'self'" in policy[1]
        assert "script-src 'self' 'wasm-unsafe-eval';" in policy[1]
        assert "http" not in policy[1]
        references = read(page)
        assert references.inline_scripts == [], page.name
        assert references.handlers == [], page.name


def test_the_site_does_not_tell_where_or_by_whom_it_was_built(built_site: Path) -> None:
    secrets = {str(ROOT), str(Path.home()) + "/"}
    user = getpass.getuser()
    if user not in ("root", "runner", "user"):  # common words would be found in honest text
        secrets.add(user)
    for path in built_site.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found = [secret for secret in secrets if len(secret) > 3 and secret.encode() in content]
            assert found == [], path.relative_to(built_site)


def test_the_entry_of_the_site_leads_to_the_first_page_without_scripts(
    page: Callable[..., Page], site_url: str
) -> None:
    opened = page(javascript=False)
    opened.wait_for_url(site_url + chapters()[0])
    assert opened.locator("h1").first.is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_fits_every_screen_and_paper_and_axe_finds_nothing_in_light_in_dark_and_on_one_screen_more(
    visit: Callable[..., Visit], site_url: str, name: str
) -> None:
    made = visit()
    opened = made.open(site_url + name)
    made.idle()
    weights = {address: len(gzip.compress(each.body(), mtime=0)) for address, each in made.received.items()}
    assert sum(weights.values()) <= WEIGHT_LIMIT_B, weights
    assert opened.locator("html").get_attribute("data-theme") == "light"
    first, *others = AXED
    assert axed(opened, *first) == []
    assert axed(opened, 1280, "dark", runOnly=["color-contrast"]) == []  # all that changes with the theme
    assert axed(opened, *others[PAGES.index(name) % len(others)]) == []  # over the pages each is met
    for width, mode in product(WIDTHS, ("light", "print")):
        turned(opened, width, mode)
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, mode


# The last token of all, fainter; a name, on another ground; and what only looks as tokens do that nobody sees.
PLANTED = """() => {
  const boxes = [...document.querySelectorAll("article pre")];
  const faint = [...boxes.at(-1).querySelectorAll("span:not(:empty)")].at(-1);
  faint.style.color = "#999";
  const name = [...document.querySelectorAll("dt.sig .sig-name")].at(-1);
  name.style.background = "#333";
  const [unseen, seen] = ["none", "block"].map((display) => {
    const box = document.createElement("pre");
    box.innerHTML = "<span style='color: #aaa'>alike</span> <span style='color: #aaa'>alike</span>";
    box.style.display = display;
    return box;
  });
  boxes[0].before(unseen);
  boxes.at(-1).after(seen);
  return [faint, name, seen.firstChild].map((planted) => planted.outerHTML);
}"""


def test_of_tokens_that_look_alike_axe_is_asked_about_the_first_and_finds_what_cannot_be_read(
    page: Callable[..., Page],
) -> None:
    opened = page("book/library/drawing.html")
    planted = opened.evaluate(PLANTED)
    ((rule, places),) = axed(opened, 1280, "light", runOnly=["color-contrast"])
    assert (rule, sorted(places)) == ("color-contrast", sorted(planted))
    assert opened.locator("article :is(dt.sig, pre) [data-looks-alike]").count() > 50


UNFOLDED = """(all, figures) => all.forEach((fold) => {
  if (figures || !fold.closest("figure")) fold.open = true;  // of a live figure, what a reader meets is compared
})"""


@pytest.mark.parametrize("name", chapters())
def test_a_chapter_can_be_read_without_javascript(page: Callable[..., Page], name: str) -> None:
    with_scripts = page(name)
    with_scripts.locator("article details").evaluate_all(UNFOLDED, False)
    words = with_scripts.locator("article").inner_text().split()
    without = page(name, javascript=False)
    assert without.locator("h1").first.is_visible()
    assert without.locator("nav#chapters").is_visible()
    without.locator("article details").evaluate_all(UNFOLDED, True)
    seen = without.locator("article").inner_text().split()
    assert len(seen) >= 0.9 * len(words)


def test_the_chapters_open_and_close_on_a_narrow_screen_without_scripts(page: Callable[..., Page]) -> None:
    opened = page(chapters()[0], width=360, javascript=False)
    assert opened.locator("nav#chapters").is_hidden()
    opened.get_by_role("button", name="Chapters").click()
    assert opened.locator("nav#chapters").is_visible()
    opened.get_by_role("button", name="Close").click()
    assert opened.locator("nav#chapters").is_hidden()


def test_the_colours_follow_the_reader_and_are_remembered(page: Callable[..., Page]) -> None:
    opened = page(chapters()[0], dark=True)
    html = opened.locator("html")
    button = opened.locator("button.theme")
    assert html.get_attribute("data-theme") == "dark"
    button.click()
    assert html.get_attribute("data-theme") == "light"
    assert button.get_attribute("aria-label") == "Colours: light"
    opened.reload()
    assert html.get_attribute("data-theme") == "light"
    button.click()
    button.click()
    assert button.get_attribute("aria-label") == "Colours: as the system"
    assert html.get_attribute("data-theme") == "dark"


def test_the_keyboard_reaches_the_text_first_and_the_focus_is_seen(page: Callable[..., Page]) -> None:
    opened = page(chapters()[0])
    opened.keyboard.press("Tab")
    skip = opened.get_by_role("link", name="Skip to the text")
    assert skip.evaluate("link => link === document.activeElement && link.getBoundingClientRect().top >= 0")
    assert skip.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    opened.keyboard.press("Enter")
    assert opened.evaluate("document.activeElement.id") == "main-content"


def test_the_notebook_behind_a_chapter_can_be_downloaded(page: Callable[..., Page]) -> None:
    opened = page("book/short-answers.html")
    with opened.expect_download() as download:
        opened.get_by_role("link", name="Download this notebook").click()
    assert download.value.suggested_filename.endswith(".ipynb")
