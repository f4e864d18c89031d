"""Run notebooks and store them in one normal form: ``python tools/notebooks.py [--ways] book/*.ipynb``.

JupyterLab knows no order of chapters: so each begins and ends with a cell that leads to those before and after it, made
from ``_toc.yml``. The site has its own way and leaves these cells out. With ``--ways`` they alone are made anew, and
nothing is run.

Running the same notebook again gives the same bytes: nothing that only this machine, this moment or this kernel
knows is stored. A widget keeps its text and its HTML; its live view names a model that died with the kernel.
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbclient import NotebookClient

TIMEOUT_S = 300
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {  # by which `jupyter nbconvert --to script` knows what it makes
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
# Of a cell's metadata, what an author means; the rest is left behind by editors and runs.
KEPT_CELL_METADATA = {"tags", "editable", "deletable", "slideshow", "mystnb", "raises-exception"}
# By which the book hides a cell's code; Jupyter then hides it as well.
HIDES_SOURCE = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
CHECK = "check"  # a cell that shows nothing and proves what the text says: folded, under one name in every chapter
# The names of folds, open and closed, where they are no source; the tag is kept as a class of the cell in its page.
FOLDS = {CHECK: ("The check", "The check"), "hide-cell": ("Show the recording", "Hide the recording")}
HIDES_OUTPUT = "hide-output"  # what is to be answered before it is seen; Jupyter hides it as well
WAYS = ("way-top", "way-end")  # the ids of the cells that lead on and back
WIDGET = "application/vnd.jupyter.widget-view+json"
FIGURE = "application/vnd.netlearn.figure+json"  # what makes a figure live on a page: stored on one line
_FIGURE_LINE = re.compile(rf'^( *"{re.escape(FIGURE)}": )(".*")(?=,?$)', re.MULTILINE)


def run(path: Path) -> None:
    """Execute a notebook in its own folder, in place of whatever it held. CellExecutionError when a cell fails."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.get("outputs", [])[:] = []
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT_S,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],  # a kernel warns of its sockets even when both ends are ours
    )
    client.execute()
    lead(notebook, path)
    path.write_text(normal(notebook), encoding="utf-8")


def lead(notebook: dict[str, Any], path: Path) -> None:
    """Put at both ends of a notebook of the book the ways to those before and after it, in place of what led there."""
    around = beside(path)
    if not around:
        return
    before, after = (f"[{title_of(chapter)}]({chapter.name})" if chapter else "" for chapter in around)
    words = [f"Previous: {before}"] * bool(before) + [f"Next: {after}"] * bool(after)
    cells = [cell for cell in notebook["cells"] if cell.get("id") not in WAYS]
    way = {"cell_type": "markdown", "metadata": {"tags": ["remove-cell"]}, "source": " · ".join(words)}
    top, end = (nbformat.from_dict({**way, "id": ident}) for ident in WAYS)
    notebook["cells"] = [top, *cells, end]


def beside(path: Path) -> tuple[Path | None, Path | None] | None:
    """The notebooks before and after this one in the order of `_toc.yml`; None where the book does not have it."""
    root = path.resolve().parent.parent
    if not (root / "_toc.yml").is_file():
        return None
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    names = [toc["root"], *(chapter["file"] for part in toc.get("parts", ()) for chapter in part["chapters"])]
    order = [chapter for name in names if (chapter := root / f"{name}.ipynb").is_file()]
    if path.resolve() not in order:
        return None
    place = order.index(path.resolve())
    return order[place - 1] if place else None, order[place + 1] if place + 1 < len(order) else None


def title_of(path: Path) -> str:
    """The first heading of a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    headings = (
        line for cell in cells if cell["cell_type"] == "markdown" for line in "".join(cell["source"]).splitlines()
    )
    return next(line.removeprefix("# ").strip() for line in headings if line.startswith("# "))


def normal(notebook: dict[str, Any]) -> str:
    """The notebook's text in the normal form."""
    cells = [_cell(cell, number) for number, cell in enumerate(notebook["cells"], start=1)]
    count = 0
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        ran = cell["execution_count"] is not None
        count += ran
        cell["execution_count"] = count if ran else None
        for output in cell["outputs"]:
            if output["output_type"] == "execute_result":
                output["execution_count"] = cell["execution_count"]
    whole = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    text = json.dumps(whole, sort_keys=True, indent=1, ensure_ascii=False) + "\n"
    return _FIGURE_LINE.sub(lambda found: found[1] + json.loads(found[2]), text)


def _cell(cell: dict[str, Any], number: int) -> dict[str, Any]:
    """A cell as it is stored. A cell that has no id yet gets its number for one."""
    metadata = {key: value for key, value in cell.get("metadata", {}).items() if key in KEPT_CELL_METADATA}
    if CHECK in metadata.get("tags", []):
        metadata["tags"] = sorted({*metadata["tags"], "hide-input"})
    for show, hide in (FOLDS[tag] for tag in metadata.get("tags", []) if tag in FOLDS):
        metadata["mystnb"] = {**metadata.get("mystnb", {}), "code_prompt_show": show, "code_prompt_hide": hide}
    if cell["cell_type"] == "code" and HIDES_SOURCE & {*metadata.get("tags", [])}:
        metadata["jupyter"] = {"source_hidden": True}
    if cell["cell_type"] == "code" and HIDES_OUTPUT in metadata.get("tags", []):
        metadata["jupyter"] = {**metadata.get("jupyter", {}), "outputs_hidden": True}
    stored = {
        "cell_type": cell["cell_type"],
        "id": cell.get("id") or f"cell-{number}",
        "metadata": metadata,
        "source": _lines(cell["source"]),
    }
    if cell.get("attachments"):
        stored["attachments"] = cell["attachments"]
    if cell["cell_type"] == "code":
        stored["execution_count"] = cell.get("execution_count")
        stored["outputs"] = _outputs(cell.get("outputs", []))
    return stored


def _outputs(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Outputs without what a run leaves by chance. How a stream was cut into pieces is chance, too."""
    stored: list[dict[str, Any]] = []
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            text = "".join(output["text"])
            if stored and stored[-1]["output_type"] == "stream" and stored[-1]["name"] == output["name"]:
                text = "".join(stored.pop()["text"]) + text
            stored.append({"name": output["name"], "output_type": "stream", "text": _lines(text)})
        elif kind in ("display_data", "execute_result"):
            kept = {"data": _data(output["data"]), "metadata": {}, "output_type": kind}
            stored.append(kept | ({"execution_count": None} if kind == "execute_result" else {}))
        else:
            stored.append({key: output[key] for key in ("ename", "evalue", "output_type", "traceback")})
    return stored


def _data(data: dict[str, Any]) -> dict[str, Any]:
    if WIDGET in data:
        data = {kind: value for kind, value in data.items() if kind in ("text/plain", "text/html", FIGURE)}
    if FIGURE in data:
        one_line = json.dumps(data[FIGURE], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        data = {**data, FIGURE: one_line}
    return {
        kind: _lines("".join(value)) if kind.startswith("text/") or kind.endswith("+xml") else value
        for kind, value in data.items()
    }


def _lines(text: str | list[str]) -> list[str]:
    return "".join(text).splitlines(keepends=True)


def main(given: list[str]) -> None:
    """Run and store each notebook, or make its ways alone, saying which."""
    paths = [Path(name) for name in given if name != "--ways"]
    if not paths:
        sys.exit("Name the notebooks to run.")
    os.environ.setdefault("NETLEARN_RECORDED", "1")
    for path in paths:
        before = path.read_bytes()
        if "--ways" in given:
            notebook = json.loads(before)
            lead(notebook, path)
            path.write_text(normal(notebook), encoding="utf-8")
        else:
            run(path)
        print(f"{path}: {'unchanged' if path.read_bytes() == before else 'stored'}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
