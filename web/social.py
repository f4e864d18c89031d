"""The picture that goes with a link to the book in a chat or a feed: its network and its question, as a PNG."""

from pathlib import Path
from textwrap import fill

import matplotlib as mpl
from matplotlib.figure import Figure

from netlearn import plot
from netlearn.network import forum

SIZE = (1200, 630)  # pixels, the proportion that chats and feeds cut no piece off
WORDS = "Seven routers between Source and End. The shortest way, via R1 and R2, is drawn in blue."
NAME = "social.png"


def draw(path: Path, title: str, name: str) -> None:
    """Write the picture: `title` above, the book's `name` in the corner, between them the unbroken network.

    What a cut does is left for the reader to say.
    """
    figure = plot.network(forum(), "Source", "End").figure
    figure.set_layout_engine("none")
    figure.set_size_inches(SIZE[0] / 100, SIZE[1] / 100)
    figure.axes[0].set_position((0.02, 0.0, 0.96, 0.78))
    _write(figure, title, name)
    with mpl.rc_context({"font.family": "sans-serif"}):
        figure.savefig(path, dpi=100, facecolor=plot.GROUND, metadata={"Software": None})


def _write(figure: Figure, title: str, name: str) -> None:
    figure.text(0.04, 0.93, fill(title, 36), size=31, weight="bold", color=plot.TEXT, va="top")
    figure.text(0.04, 0.05, name, size=22, weight="bold", color=plot.PATH)
