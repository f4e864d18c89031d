"""What the site does to a page's HTML, and what it tells others of itself: without a browser."""

import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import pages
import pytest
import social

TREE = """<p aria-level="2" class="caption" role="heading"><span class="caption-text">One</span></p>
<ul class="current nav bd-sidenav"><li><a class="current reference internal" href="#">A</a></li></ul>
<p aria-level="2" class="caption" role="heading"><span class="caption-text">Two</span></p>
<ul class="nav bd-sidenav"><li><a class="reference internal" href="b.html">B</a></li></ul>
<p aria-level="2" class="caption" role="heading"><span class="caption-text">The library</span></p>
<ul class="nav bd-sidenav"><li><a class="reference internal" href="c.html">C</a></li></ul>"""


def opened(tree: str) -> list[str]:
    return re.findall(r'class="part" open><summary>(.*?)<', pages.parts(tree))


def test_the_part_of_the_page_is_open_and_no_other() -> None:
    assert opened(TREE) == ["One"]
    assert pages.parts(TREE).count("<details") == 3
    assert pages.parts(TREE).count('aria-current="page"') == 1


def test_on_a_page_that_stands_in_no_part_all_but_the_library_are_open() -> None:
    assert opened(TREE.replace("current ", "")) == ["One", "Two"]


def test_a_description_is_whole_sentences_as_many_as_fit() -> None:
    assert pages.description(["A router has a map. It asks\nnobody, e.g. no server.", "Never."]) == (
        "A router has a map. It asks nobody, e.g. no server. Never."
    )
    long = "A sentence of so many letters that only two of its kind find room in what is shown of a page elsewhere."
    assert pages.description([f"{long} {long} {long}"]) == long
    assert pages.description(["“Never.” It is in every first lesson. And these follow:"]) == (
        "“Never.” It is in every first lesson."
    )


@pytest.mark.parametrize(
    ("given", "repository", "address"),
    [
        ("", "", ""),
        ("", "https://github.com/Someone/netlearn", "https://someone.github.io/netlearn/"),
        ("https://netlearn.example", "https://github.com/someone/netlearn", "https://netlearn.example/"),
        ("", "https://git.example/someone/netlearn", ""),
    ],
)
def test_the_pages_address_follows_from_the_one_setting(given: str, repository: str, address: str) -> None:
    assert pages.site_address(given, repository) == address


def test_of_a_fold_that_shows_an_answer_paper_says_the_answer_alone_but_of_a_quiz_nothing_is_touched() -> None:
    folded = "<details><summary>Show the answer</summary><p>Yes.</p></details>"
    assert pages.clean(folded) == folded.replace("Show the ", '<span class="to-press">Show the </span>')
    quiz = '<details class="nl-answers"><summary>Show the answers</summary><ul></ul></details>'
    assert pages.clean(quiz) == quiz


def test_no_line_ends_between_a_number_and_its_unit_or_within_a_short_word_of_code() -> None:
    told = '<p title="5 ms">After 54.2 s or 31 to 32 ms, 3 seconds: <span class="pre">NO-CARRIER</span></p>'
    kept = told.replace("2 s ", "2\N{NO-BREAK SPACE}s ").replace("32 ms", "32\N{NO-BREAK SPACE}ms")
    assert pages.clean(told) == kept.replace('"pre"', '"pre nl-option"')
    code = '<pre>wait <b>5 ms</b></pre><span class="pre">R2</span>'
    assert pages.clean(code) == code


def test_links_of_the_missing_page_begin_at_the_sites_root() -> None:
    page = '<a href="book/index.html"><form action="search.html"><a href="#main"><a href="https://x.example/">'
    below = page.replace('"book', '"/netlearn/book').replace('"search', '"/netlearn/search')
    assert pages.rooted(page, "https://someone.github.io/netlearn/") == below
    assert pages.rooted(page, "") == below.replace("/netlearn", "")


def test_a_sitemap_is_xml_with_whole_addresses() -> None:
    found = ElementTree.fromstring(pages.sitemap(["https://x.example/a.html", "https://x.example/b.html"]).encode())
    assert [row.text for row in found.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")] == [
        "https://x.example/a.html",
        "https://x.example/b.html",
    ]


def test_the_picture_for_chats_is_the_same_each_time_and_as_large_as_they_ask(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        social.draw(tmp_path / name, "Where does my message go?", "netlearn")
    data = (tmp_path / "one.png").read_bytes()
    assert data == (tmp_path / "two.png").read_bytes()
    assert struct.unpack(">II", data[16:24]) == social.SIZE
    assert len(data) < 100_000


def metas(page: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:name|property)="([^"]*)" content="([^"]*)"', page))


def test_every_page_says_in_whole_sentences_what_it_is_about_and_not_its_title_again(built_site: Path) -> None:
    said = set()
    for path in sorted((built_site / "book").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        told = metas(text)
        title = re.sub("<[^>]*>", "", re.findall(r"<h1>(.*?)<a class=", text, re.DOTALL)[0])
        assert told["description"].endswith((".", "?", "!", "”", ")")), path.name
        assert not told["description"].startswith(title), path.name
        assert told["og:description"] == told["description"]
        assert 25 <= len(told["description"]) <= 300, path.name
        said.add(told["description"])
    assert len(said) == len([*(built_site / "book").rglob("*.html")])


def test_as_long_as_the_address_is_unknown_no_page_claims_one(built_site: Path) -> None:
    told = metas((built_site / "book/case-1.html").read_text(encoding="utf-8"))
    assert {"og:site_name", "og:type", "og:title", "twitter:card"} <= set(told)
    assert not {"og:url", "og:image"} & set(told)
    assert not (built_site / "sitemap.xml").exists()
    assert (built_site / "_static" / social.NAME).is_file()
