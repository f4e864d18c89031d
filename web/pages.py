"""What the site does to the HTML of a page, beside its templates: functions of text, without Sphinx.

The parts of the book become folds in the list of chapters, the code that a chapter hides waits for one switch in the
bar, and a page says in whole sentences what it is about.
"""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

LONGEST_DESCRIPTION = 200  # letters; search engines and chats show about 160 of them

_PART = re.compile(
    r'<p aria-level="2" class="caption" role="heading"><span class="caption-text">(.*?)</span></p>'
    r"\s*(<ul.*?)(?=<p aria-level|\Z)",
    re.DOTALL,
)
_HIDDEN_CODE = re.compile(
    r'<details class="admonition hide above-input">\s*<summary[^>]*>\s*<p[^>]*>Show the source</p>.*?</summary>'
    r"(.*?)</details>",
    re.DOTALL,
)
_QUIZ = re.compile(r'<figure[^>]*data-figure="quiz">.*?</figure>', re.DOTALL)
_TITLE = re.compile(r'<p class="nl-title">(.*?)</p>')
_QUIZ_ANSWERS = re.compile(
    r'<p class="nl-question">(.*?)</p><ul>.*?</ul><details class="nl-answers"><summary>.*?</summary>(.*?)</details>'
)
_HYPHENED = re.compile(r'<span class="pre">((?=\w*-)[\w-]{2,24})</span>')
_AS_IT_IS = re.compile(r"(<(pre|script|style)\b.*?</\2>|<[^>]*>)", re.DOTALL)
_UNIT = re.compile(r"(?<=\d) (?=(?:ms|s|µs)\b)")
# Code, and in it what stands around a word that no rule of a style sheet speaks of.
_CODE = re.compile(r'<pre>.*?</pre>|<dt class="sig .*?</dt>', re.DOTALL)
_BARE = re.compile(r'<span(?: class="(?:pre|n|nn|nx|p|w|go|default_value)")?>((?:(?!<span)[^<])*)</span>')
_TO_SHOW = re.compile(
    r'(?<!class="nl-answers">)(<summary[^>]*>\s*(?:<span class="sd-summary-text">)?\s*)Show the (?=answer|solution)'
)
_EMPTY_CELL = re.compile(r'<div class="cell[^"]*">\s*</div>')
_SENTENCE = re.compile(r"(?:(?<=[.?!])|(?<=[.?!][”’)]))\s+(?=[\dA-Z“‘(])")
# MyST-NB's words for what it folds, and ours.
_WORDS = {
    ' aria-label="Toggle hidden content"': "",  # a fold is named by what it shows, and by no name that nobody can see
    ">Show the content<": ">See it tried<",
    ">Hide the content<": ">Put it away<",
    'class="headerlink"': 'class="headerlink" aria-label="Link to this place"',
}


def parts(tree: str) -> str:
    """The list of chapters with a fold for each part; open is the part of the page.

    On a page that stands in no part, as the first, all are open but the last, which is the library's.
    """
    tree = tree.replace('class="current reference internal"', 'class="current reference internal" aria-current="page"')
    found = [*_PART.finditer(tree)]
    inside = any("aria-current" in part[2] for part in found)

    def fold(part: re.Match[str]) -> str:
        is_open = "aria-current" in part[2] if inside else part[0] != found[-1][0]
        return f'<details class="part"{" open" if is_open else ""}><summary>{part[1]}</summary>{part[2]}</details>\n'

    return _PART.sub(fold, tree)


def clean(body: str) -> str:
    """The body of a page without the folds around hidden code, without empty cells, and with our words for folds.

    No line ends within a short word of code, as `--metric` and `NO-CARRIER`, nor between a number and its unit.

    >>> clean('<span class="pre">--metric</span>')
    '<span class="pre nl-option">--metric</span>'
    """
    body = _EMPTY_CELL.sub("", _HIDDEN_CODE.sub(r"\1", body))
    for theirs, ours in _WORDS.items():
        body = body.replace(theirs, ours)
    body = _CODE.sub(lighter, body)
    body = _units_kept(_HYPHENED.sub(r'<span class="pre nl-option">\1</span>', body))
    return _TO_SHOW.sub(r'\1<span class="to-press">Show the </span>', body)  # on paper there is nothing to press


def _units_kept(body: str) -> str:
    """The body with a space that is no place to end a line between numbers and units of time, but in code."""
    parts = _AS_IT_IS.split(body)  # text, what is kept, its tag's name, text, ...
    parts[::3] = [_UNIT.sub("\N{NO-BREAK SPACE}", text) for text in parts[::3]]
    del parts[2::3]
    return "".join(parts)


def answers(body: str) -> list[dict[str, Any]]:
    """A page's quizzes by title, each question with what there is to say of its options: on paper they end the page."""
    quizzes = (quiz[0] for quiz in _QUIZ.finditer(body))
    return [{"title": _TITLE.findall(quiz)[0], "items": _QUIZ_ANSWERS.findall(quiz)} for quiz in quizzes]


def lighter(code: re.Match[str]) -> str:
    """Code or a signature without the marks around its words that say nothing: half of a reference's elements.

    >>> _CODE.sub(lighter, '<pre><span class="n">x</span><span class="w"> </span><span class="o">=</span></pre>')
    '<pre>x <span class="o">=</span></pre>'
    """
    text, found = code[0], 1
    while found:  # from the innermost outwards
        text, found = _BARE.subn(r"\1", text)
    return text


def hides_code(body: str) -> bool:
    """Whether something on the page waits for the switch.

    >>> hides_code('<div class="cell tag_hide-input docutils container">')
    True
    """
    return "tag_hide-input" in body or "tag_hide-cell" in body


def description(paragraphs: Iterable[str]) -> str:
    """The first whole sentences of these paragraphs, as many as `LONGEST_DESCRIPTION` lets through, one at least.

    >>> description(["A router has a map.  It is", "never"])
    'A router has a map.'
    """
    taken = ""
    for paragraph in paragraphs:
        for sentence in _SENTENCE.split(" ".join(paragraph.split())):
            longer = f"{taken} {sentence}".strip()
            if not sentence.endswith((".", "?", "!", "”", ")")) or (taken and len(longer) > LONGEST_DESCRIPTION):
                return taken
            taken = longer
    return taken


def site_address(given: str, repository: str) -> str:
    """The public address of the pages, which ends in a slash; empty as long as neither it nor a repository is known.

    A repository on GitHub has its pages at its owner's address, unless another is given.

    >>> site_address("", "https://github.com/someone/netlearn")
    'https://someone.github.io/netlearn/'
    """
    path = urlsplit(repository).path.strip("/").split("/")
    if not given and urlsplit(repository).hostname == "github.com" and len(path) == 2:
        given = f"https://{path[0].lower()}.github.io/{path[1]}"
    return given.rstrip("/") + "/" if given else ""


def rooted(page: str, address: str) -> str:
    """A page at the top of the site as it can be shown at any depth: its relative links begin at the site's root.

    >>> rooted('<a href="book/index.html">', "https://someone.github.io/netlearn/")
    '<a href="/netlearn/book/index.html">'
    """
    root = urlsplit(address).path or "/"
    return re.sub(r'(\s(?:href|src|action)=")(?![a-z]+:|/|#)', rf"\g<1>{root}", page)


def dark_on_screens_only(style: str) -> str:
    """Pygments' two sets of colours, a rule a line: light for all that comes, dark for a dark screen, never for paper.

    >>> dark_on_screens_only('html[data-theme="light"] .k { color: #000 }')
    'html .k { color: #000 }'
    """
    rules = style.replace('html[data-theme="light"] ', "html ").splitlines()
    dark = [rule for rule in rules if 'data-theme="dark"' in rule]
    light = [rule for rule in rules if rule not in dark]
    return "\n".join([*light, *(["@media screen {", *dark, "}"] if dark else [])])


def sitemap(addresses: Iterable[str]) -> str:
    """The list of all pages for search engines (sitemaps.org, protocol 0.9), which takes whole addresses only."""
    rows = "".join(f"<url><loc>{address}</loc></url>\n" for address in addresses)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{rows}</urlset>\n"
