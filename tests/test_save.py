"""What a reader takes along from the sandbox: its drawing as a picture, and any text, in files of their own."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from netlearn_site import CONTENT_SECURITY_POLICY
from playwright.sync_api import Browser, Page

from netlearn.drawing.network import Marks, draw
from netlearn.figures.common.bundle import styles, with_imports
from netlearn.network import Link, Node, Topology, forum

# The site's own, in which a test may load one more module.
POLICY = CONTENT_SECURITY_POLICY.replace("script-src 'self'", "script-src 'self' data:")
HOSTILE = '<img src=x onerror="alert(1)">&'


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(accept_downloads=True)
    yield context.new_page()
    context.close()


def shown(blank: Page, topology: Topology, dark: bool = False, width: int = 1280, cut: str = "") -> Page:
    """A page like ours with the drawing of this network, in which `save` is the module."""
    blank.set_viewport_size({"width": width, "height": 700})
    drawing = draw(topology, Marks(cut=frozenset([cut] if cut else [])), live=True, label="a network")
    blank.set_content(
        f'<!doctype html><html data-theme="{"dark" if dark else "light"}"><head>'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><style>{styles()}</style></head>'
        f'<body><figure class="netlearn-figure">{drawing}</figure></body></html>'
    )
    blank.evaluate(
        """async (module) => {
          window.save = await import("data:text/javascript;charset=utf-8," + encodeURIComponent(module));
        }""",
        with_imports("sandbox/save.js"),
    )
    return blank


def svg_of(blank: Page, topology: Topology, dark: bool = False, width: int = 1280) -> str:
    page = shown(blank, topology, dark, width, topology.links[0].name)
    text: str = page.evaluate("window.save.svgText(document.querySelector('svg'))")
    assert page.evaluate("document.querySelectorAll('svg').length") == 1, "the page is as it was"
    return text


def test_a_saved_drawing_looks_the_same_from_a_dark_and_narrow_page(blank: Page) -> None:
    light = svg_of(blank, forum())
    assert svg_of(blank, forum(), dark=True, width=360) == light
    assert 'fill="rgb(238, 242, 246)"' in light, "routers have their light colour"


def test_a_saved_drawing_is_whole_without_the_page(blank: Page) -> None:
    text = svg_of(blank, forum())
    root = ET.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("width") == "800"
    assert {"Source", "R1", "End"} <= {part.text for part in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {name for part in root.iter() for name in part.attrib} & {"class", "style", "tabindex", "onclick"} == set()
    assert not any(word in text for word in ("var(", "data-", "url(", "http-equiv", "href"))


def test_a_name_that_looks_like_markup_is_a_name_in_the_file(blank: Page) -> None:
    pair = Topology([Node(HOSTILE, x=0, y=0), Node("R2", x=9, y=0)], [Link(HOSTILE, "R2", name="both")])
    text = svg_of(blank, pair)
    assert "<img" not in text
    assert any("onerror" in str(part.get("aria-label")) for part in ET.fromstring(text).iter())


def test_a_picture_and_a_text_come_as_downloads_under_their_names(blank: Page) -> None:
    page = shown(blank, forum())
    with page.expect_download() as picture:
        page.evaluate("window.save.savePng(document.querySelector('svg'), 'network.png')")
    assert picture.value.suggested_filename == "network.png"
    head = Path(picture.value.path()).read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(head[16:20]) == 1600
    with page.expect_download() as text:
        page.evaluate("window.save.saveText('network.json', 'application/json', '{\"R1–R2\": 1}\\n')")
    assert text.value.suggested_filename == "network.json"
    assert Path(text.value.path()).read_text(encoding="utf-8") == '{"R1–R2": 1}\n'
