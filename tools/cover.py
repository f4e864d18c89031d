"""Draw the README's picture: ``python tools/cover.py`` writes what the first figure shows in case 1."""

from pathlib import Path

from netlearn import forum
from netlearn.drawing.still import standalone
from netlearn.figures.explorer.scene import Scene, find
from netlearn.figures.explorer.view import drawing

PLACE = Path(__file__).resolve().parent.parent / "book" / "images" / "case-1.svg"


def cover() -> str:
    """The picture as SVG; the one in the repository is this one."""
    scene = Scene(forum(), "Source", "End", cut=("R2-End",))
    return standalone(drawing(scene, find(scene), live=False)) + "\n"


if __name__ == "__main__":
    PLACE.parent.mkdir(parents=True, exist_ok=True)
    PLACE.write_text(cover(), encoding="utf-8")
