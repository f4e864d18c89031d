"""Every class of a style sheet is used somewhere, and every class that is used is of some use."""

import re
from pathlib import Path

from conftest import ROOT

from netlearn.drawing.still import DRAWN

SHEETS = [*(ROOT / "netlearn").rglob("*.css"), *(ROOT / "web").rglob("*.css")]
KINDS = ("py", "js", "mjs", "html")
SOURCES = [path for top in ("netlearn", "web") for kind in KINDS for path in (ROOT / top).rglob(f"*.{kind}")]
# What MyST makes when an author asks for a box, a fold, a formula or an aligned column, and a notebook that fails.
OFFERED = {*("attention", "caution", "danger", "error", "hint", "important", "tip", "warning", "admonition")}
OFFERED |= {*("exercise", "misconception", "question", "prediction", "sd-card", "sd-card-body", "sd-card-header")}
OFFERED |= {*("sd-dropdown", "sd-summary-icon", "sd-summary-state-marker", "align-center", "text-center", "text-right")}
OFFERED |= {*("math-block", "eqno", "image_png", "stderr", "traceback")}
OURS = r"(?<![\w-])nl-[a-z0-9-]+"  # not the colours, which begin with --nl-


def text_of(paths: list[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def selected(sheets: list[Path]) -> set[str]:
    """The classes in the selectors of the sheets."""
    rules = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", text_of(sheets), flags=re.DOTALL)
    return set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", rules))


def written(sources: list[Path]) -> tuple[set[str], set[str]]:
    """Our classes as they stand in sources; and the beginnings of those whose end is computed."""
    found = set(re.findall(OURS, text_of(sources)))
    return {name for name in found if not name.endswith("-")}, {name for name in found if name.endswith("-")}


def in_pages(built_site: Path) -> set[str]:
    """The classes in the pages, in the figures' data inside them, and in what scripts set."""
    text = text_of([path for kind in ("html", "js", "json") for path in built_site.rglob(f"*.{kind}")])
    classes = re.findall(r'\bclass(?:Name)?\\?"?[=:]\s*\\?["\'`]([^"\'`\\]*)', text)
    set_by_scripts = re.findall(r"classList\.\w+\([\"'](\w[\w-]*)", text)
    return {name for names in [*classes, *set_by_scripts] for name in names.split()}


def test_every_class_of_a_figures_style_is_used(built_site: Path) -> None:
    whole, begun = written([path for path in SOURCES if path.suffix != ".css"])
    ours = {name for name in selected(SHEETS) if name.startswith("nl-")}
    unseen = ours - whole - in_pages(built_site)
    assert {name for name in unseen if not name.startswith(tuple(begun - {"nl-"}))} == set()


def test_every_class_of_a_figure_has_a_style_or_is_what_a_script_or_a_test_finds_it_by() -> None:
    whole, begun = written([path for path in SOURCES if path.suffix != ".css"])
    styled = selected(SHEETS)
    asked = text_of([path for path in SOURCES if path.suffix in (".js", ".mjs")] + [*(ROOT / "tests").glob("*.py")])
    found_by = set(re.findall(r"\.(nl-[a-z0-9-]+)", asked)) | set(DRAWN.values())
    assert whole - styled - found_by == set()
    assert {name for name in begun if not any(each.startswith(name) for each in styled)} == set()


def test_every_class_of_the_sites_style_is_in_a_page_or_offered_to_authors(built_site: Path) -> None:
    theirs = {name for name in selected([ROOT / "web" / "assets" / "site.css"]) if not name.startswith("nl-")}
    assert theirs - in_pages(built_site) - OFFERED == set()
