"""The shell of the static site, as a Sphinx extension.

Jupyter Book and its theme bring the machinery (the tree of pages, search, the launch links); the look is ours: a small
layout in ``templates/``, one style sheet and one script in ``assets/``. This module takes away what the theme brings
beside that: its style sheets, icon fonts and scripts, inline scripts (a page's Content Security Policy allows none)
and anything that would be fetched from another host.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import figures
import kept
import pages
import reference
import search
import social
import sources
import terms
from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.math import get_node_equation_number

from netlearn.figures.common.bundle import bare

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",  # Python in the page is WebAssembly
        "style-src 'self' 'unsafe-inline'",  # tables and drawings that notebooks output carry their own style
        "img-src 'self' data:",  # a figure without scripts is a picture in a data address
        "worker-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ]
)

# Colours of code with a contrast that everyone can read.
CODE_COLOURS = {
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}

# What our layout uses of all the files that the theme and the extensions would link, and what a page that needs such a
# file has in its text: whatever a page does not need delays it.
_CODE = 'class="highlight|nl-terminal'
USED = {
    "site.css": "",
    "site.js": "",
    "place.js": "",
    "pygments.css": 'class="highlight',
    "sphinx-design.min.css": r'class="(?:[^"]* )?sd-',
    "terms.css": "nl-(?:term|letters|glossary|shown-in|sources)|<dfn",
    "terms.js": "nl-term",
    "documentation_options.js": "",
    "doctools.js": "",  # by its keys one comes to the search
    "clipboard.min.js": _CODE,
    "copybutton.js": _CODE,
}
EARLY = "site.js"  # the one script that has to come before anything is painted
# Folders and files that Sphinx copies into the site although no page of ours asks for them.
UNUSED = (
    "_static/scripts",
    "_static/styles",
    "_static/vendor",
    "_static/locales",
    "_static/images",
    "_static/*webpack-macros.html",
    "_static/basic.css",
    "_static/mystnb.*.css",
    "_static/copybutton.css",
    "_static/copybutton_funcs.js",
    "_static/design-tabs.js",
    "_static/file.png",
    "_static/minus.png",
    "_static/plus.png",
    "_static/sphinx_highlight.js",
    "_static/searchtools.js",
    "_static/language_data.js",
    "_static/copy-button.svg",
    "_static/check-solid.svg",
    "_static/play-solid.svg",
    "objects.inv",
    ".buildinfo",
)


OTHER_WAY = "book/how-a-router-knows"  # where the other of the first page's two ways begins
MISSING = "404"  # the name by which hosts of static sites look for it


def set_theme_options(app: Sphinx, config: Config) -> None:
    """The theme's options: all that needs the project's public address, switched on by it and off without it."""
    # Not in _config.yml: html_theme_options there would replace all that Jupyter Book derives from its other keys.
    options = config.html_theme_options
    options.update(CODE_COLOURS)
    config.html_baseurl = pages.site_address(config.html_baseurl or "", options.get("repository_url") or "")
    address = (options.get("repository_url") or "").strip().rstrip("/")
    if address:
        options.update(repository_url=address, use_repository_button=True, use_issues_button=True)
    else:
        for key in ("repository_url", "use_repository_button", "use_issues_button", "use_edit_page_button"):
            options.pop(key, None)
        options["launch_buttons"] = {}


def page_links(header_buttons: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The theme's header buttons as plain links, in the order download, launch, repository."""
    kept = {
        "download-notebook-button": "Download this notebook",
        "source-repository-button": "Repository",
        "source-issues-button": "Report a mistake",
    }
    links = []
    for button in header_buttons:
        for item in button.get("buttons", [button]):
            if item["type"] != "link":
                continue
            label = item.get("label", "")
            text = "Open in Binder" if item.get("text") == "Binder" else kept.get(label)
            if text is None and label == "download-source-button" and item["url"].endswith(".ipynb"):
                text = kept["download-notebook-button"]
            if text:
                local = "://" not in item["url"]
                links.append({"url": item["url"], "text": text, "icon": "download" if local else "out"})
    return links


def dress_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the layout what it needs, and only the files that the page uses."""
    context["content_security_policy"] = CONTENT_SECURITY_POLICY
    context["find_folder"] = search.find_folder()
    context["live_folder"] = figures.live_folder() if "netlearn-figure" in context.get("body", "") else None
    context["body"] = pages.clean(context.get("body", ""))
    context["answers"] = pages.answers(context["body"])
    context["hides_code"] = pages.hides_code(context["body"])
    context["parts"] = pages.parts
    context["page_description"] = pages.description(_opening(doctree)) if doctree else ""
    context["address"] = app.config.html_baseurl
    context["picture"] = {"name": social.NAME, "words": social.WORDS, "size": social.SIZE}
    context["page_links"] = page_links(context.get("header_buttons", []))
    if pagename == app.config.root_doc and OTHER_WAY in app.env.titles:
        title, link = app.env.titles[OTHER_WAY].astext(), context["pathto"](OTHER_WAY)
        context["other_way"] = {"title": title, "link": link}
    context["css_files"] = _used(context["css_files"], context["body"])
    # An inline script has no file name, so it goes too.
    context["script_files"] = _used(context["script_files"], context["body"])
    for script in context["script_files"]:
        if _name(script) != EARLY and "type" not in script.attributes:  # a module waits for the page by itself
            script.attributes["defer"] = "defer"


def _opening(doctree: nodes.document) -> Iterator[str]:
    """The paragraphs of the page's text itself, which stand in no box, list or cell."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            yield paragraph.astext()


def missing_page(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """The page that a static host shows for an address that leads nowhere."""
    return [(MISSING, {"title": "There is no page here"}, "missing.html")]


def name_places(app: Sphinx, doctree: nodes.document) -> None:
    """Let links between notebooks lead to sections and to live figures: `case-1.ipynb#figure-c03`."""
    known = app.env.metadata[app.env.docname].setdefault("myst_slugs", {})
    sections = (ident for section in doctree.findall(nodes.section) for ident in section["ids"])
    found = (re.findall(r'<figure id="([^"]+)"', raw.astext()) for raw in doctree.findall(nodes.raw))
    for ident in (*sections, *(ident for ids in found for ident in ids)):
        known.setdefault(ident, (0, ident, ident))


def _used(assets: list[Any], body: str) -> list[Any]:
    """Those of the files that a page with this body needs."""
    names = {name for name, sign in USED.items() if re.search(sign, body)}
    return [asset for asset in assets if _name(asset) in names]


def _name(asset: Any) -> str:
    return Path(str(getattr(asset, "filename", None) or "").partition("?")[0]).name


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Write the site's entry, remove what nothing links to, and take the comments out of our script."""
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for name in UNUSED:
        for path in out.glob(name):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    colours = out / "_static" / "pygments.css"
    colours.write_text(pages.dark_on_screens_only(colours.read_text(encoding="utf-8")), encoding="utf-8")
    script = out / "_static" / "site.js"
    script.write_text(bare(script.read_text(encoding="utf-8")), encoding="utf-8")
    address = app.config.html_baseurl
    missing = out / f"{MISSING}.html"
    missing.write_text(pages.rooted(missing.read_text(encoding="utf-8"), address), encoding="utf-8")
    title = str(app.env.titles[app.config.root_doc].astext())
    social.draw(out / "_static" / social.NAME, title, app.config.html_short_title)
    if address:  # before it is known the list of chapters is the only map of the site: a sitemap has whole addresses
        found = (address + app.builder.get_target_uri(name) for name in sorted(app.env.found_docs))
        (out / "sitemap.xml").write_text(pages.sitemap(found), encoding="utf-8")
    first = app.builder.get_target_uri(app.config.root_doc)
    if first != "index.html":
        page = app.builder.templates.render(
            "entry.html",
            {
                "first": first,
                "title": app.config.html_short_title,
                "content_security_policy": CONTENT_SECURITY_POLICY,
            },
        )
        (out / "index.html").write_text(page, encoding="utf-8")


def visit_math(translator: Any, node: nodes.math) -> None:
    """A formula as MathML, which browsers draw by themselves."""
    translator.body.append(tex2mathml(node.astext(), as_block=False))
    raise nodes.SkipNode


def visit_math_block(translator: Any, node: nodes.math_block) -> None:
    """A displayed formula as MathML, with its number when it has one."""
    translator.body.append(translator.starttag(node, "div", CLASS="math-block"))
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})</span>')
    translator.body.append(tex2mathml(node.astext(), as_block=True))
    translator.body.append("</div>")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension; the theme's own handlers run before ours."""
    nothing: Callable[..., None] | None = None
    app.add_config_value("comments_config", {}, "html")  # Jupyter Book always sets it; nothing here reads it
    app.add_html_math_renderer("mathml", (visit_math, nothing), (visit_math_block, nothing))
    app.connect("config-inited", set_theme_options, priority=100)
    app.connect("html-page-context", dress_page, priority=900)
    app.connect("html-collect-pages", missing_page)
    figures.register(app)
    app.connect("doctree-read", name_places, priority=900)  # once figures have their names
    reference.register(app)
    search.register(app)
    sources.register(app)
    terms.register(app)
    kept.register(app)
    app.connect("build-finished", finish, priority=900)
    app.add_css_file("site.css", priority=900)
    app.add_js_file("site.js", priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
