"""What a change has changed, as far as Python draws it: where it is said, and which tables are compared.

The front end's `changed.js` compares what was drawn before with what is drawn now, and computes nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import replace

from netlearn.drawing.markup import Element
from netlearn.figures.common.controls import paragraph


def changes(hint: str, nothing: str = "Nothing changes for any router.") -> Element:
    """The place of the sentence that says what the last change has changed; until there is one, a hint stands there."""
    return paragraph(hint, "nl-changes", data_part="changes", data_nothing=nothing, aria_live="polite")


def compared(panel: Element, column: int, states: Mapping[str, str] | None = None) -> Element:
    """A table whose rows are marked when they change; of its columns behind the first this one is said first.

    `states` are words in it that say how something is and not what it is, each with what is said once it is so.
    """
    data = {"data-said": str(column)}
    if states:
        data["data-states"] = json.dumps(dict(states))
    return replace(panel, attributes={**panel.attributes, **data})
