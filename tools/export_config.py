"""nbconvert's settings: in an exported notebook each figure is a picture with its words, also where nothing runs.

`make jupyter` has them for the menu of JupyterLab; else `jupyter nbconvert --config tools/export_config.py --to html`.
By itself nbconvert puts into a page that has widgets' state a script in place of the picture, which asks another host
for what draws it; and with `--sanitize-html` it knows no paragraph, heading or image: their tags are shown as code.
"""

from typing import Any

from bleach import ALLOWED_TAGS, clean

settings = get_config()  # type: ignore[name-defined]  # noqa: F821  (nbconvert reads this file, and gives the function)

FIGURE = "application/vnd.netlearn.figure+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
TAGS = """
    p h1 h2 h3 h4 h5 h6 div span pre br hr img figure figcaption details summary sup sub dl dt dd kbd samp var del
    table caption thead tbody tr th td
"""
ATTRIBUTES = {"class", "id", "title", "alt", "scope", "colspan", "rowspan", "start"}


def still(notebook: Any, resources: Any) -> tuple[Any, Any]:
    """The notebook with figures' pictures in place of what would draw them, and no state that nothing shows."""
    outputs = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", ())]
    for data in outputs:
        if FIGURE in data:
            data.pop(WIDGET, None)
    if not any(WIDGET in data for data in outputs):
        notebook.metadata.pop("widgets", None)
    return notebook, resources


def allowed(tag: str, name: str, value: str) -> bool:
    """Whether an attribute stays: an image brings its picture along, a link leads to the web or into the page."""
    if name == "src":
        return tag == "img" and value.startswith("data:image/")
    if name == "href":
        return tag == "a" and (value.startswith(("https://", "http://", "mailto:")) or ":" not in value)
    return name in ATTRIBUTES


def sanitized(html: str | bytes) -> str:
    """The HTML without what could do anything: what remains is words, tables and pictures."""
    text = html.decode() if isinstance(html, bytes) else str(html)  # the filter is given a template's own text, too
    tags = {*ALLOWED_TAGS, *TAGS.split()}
    cleaned: str = clean(text, tags, allowed, {"https", "http", "mailto", "data"}, strip=True)
    return cleaned


settings.Exporter.preprocessors = [still]
settings.Exporter.filters = {"clean_html": sanitized}
