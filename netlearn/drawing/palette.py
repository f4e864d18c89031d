"""The colours of every picture, each in a light and a dark form.

Colour never speaks alone: shape, dash, width or a word says the same. Text has a contrast of 4.5:1 on its ground,
lines and symbols 3:1, in both forms; a test computes it.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Colour(NamedTuple):
    """The two forms of a colour."""

    light: str
    dark: str


COLOURS = {
    "ground": Colour("#ffffff", "#14181e"),
    "text": Colour("#16202a", "#f1f4f6"),
    "ink": Colour("#5b6770", "#a7b1bb"),  # links, outlines
    "faint": Colour("#c9d2da", "#46515c"),  # borders of chips: decoration
    "router": Colour("#eef2f6", "#2a323a"),
    "host": Colour("#fff6e0", "#3a3322"),
    "path": Colour("#0b5fb0", "#7cbcff"),
    "on_path": Colour("#ffffff", "#0b1622"),  # text on a label in the path's colour
    "down": Colour("#b3261e", "#ff8a80"),
    "flow": Colour("#00695c", "#5fd6c0"),
    "detect": Colour("#8a4b00", "#ffb86b"),  # the four phases of convergence, everywhere in this order
    "flood": Colour("#b04a00", "#ff9d5c"),
    "compute": Colour("#6b6100", "#d9cf6a"),
    "install": Colour("#1b6e3c", "#7fdc9f"),
    "old": Colour("#6a3fa0", "#c3a3f2"),  # believed, but no longer true
    "loss": Colour("#b01668", "#ff86c0"),  # loops, and what is lost
    "flow_2": Colour("#3f4f63", "#b4c3d6"),
    "flow_3": Colour("#7a5c00", "#e3c15c"),
}

# The instances of an anycast address, by the place of their router in the network; a name always stands beside them.
# Apart from the others, so that a picture carries only what it shows.
INSTANCES = {
    "instance_0": Colour("#6b6100", "#d9cf6a"),
    "instance_1": Colour("#5647b0", "#b3a6ff"),
    "instance_2": Colour("#8a2f2f", "#f2a3a0"),
    "instance_3": Colour("#0b5fb0", "#7cbcff"),
    "instance_4": Colour("#3f4f63", "#b4c3d6"),
    "instance_5": Colour("#00695c", "#5fd6c0"),
    "instance_6": Colour("#a04a00", "#ffab66"),
}

# How much a failure would do; apart for the same reason.
HEAT = {"worry": Colour("#a85400", "#ffa94d")}


def variables(colours: Mapping[str, Colour] = COLOURS) -> str:
    """The colours as CSS custom properties: light, dark by the reader's system, dark by the page's own switch.

    The site says `data-theme` on its root; JupyterLab says `data-jp-theme-light` on its body. A picture in an `<img>`
    follows the `color-scheme` of the page around it.
    """
    light = "".join(f"--nl-{name.replace('_', '-')}:{colour.light};" for name, colour in colours.items())
    dark = "".join(f"--nl-{name.replace('_', '-')}:{colour.dark};" for name, colour in colours.items())
    return (
        f":root{{{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        f"@media screen{{html[data-theme=dark],body[data-jp-theme-light=false]{{{dark}}}}}\n"  # paper stays white
        f"body[data-jp-theme-light=true]{{{light}}}\n"
    )
