"""Failures to predict, which tell the three loopbacks apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from netlearn.drawing.markup import Element, element
from netlearn.drawing.prose import link_label, listed
from netlearn.drawing.tables import panel, row
from netlearn.figures.common.controls import answers, button, prediction
from netlearn.figures.common.live import as_json
from netlearn.figures.loopbacks.scene import SIGNS, Scene, find
from netlearn.figures.loopbacks.words import STEP_NAMES, now


# What may be broken
@dataclass(frozen=True, slots=True)
class Trial:
    """A failure to predict: in words, and what fails."""

    words: str
    cut: tuple[str, ...] = ()
    down: tuple[str, ...] = ()


def failing(cut: Iterable[str], down: Iterable[str]) -> str:
    """What fails, as the page writes it in JSON."""
    return as_json([sorted(cut), sorted(down)])


def trials_of(scene: Scene) -> tuple[Trial, ...]:
    """Failures that tell the three apart, found on the ways that the questions take while nothing has failed."""
    whole = find(replace(scene, cut=(), down=(), step="lo"))
    trials = []
    to_router, to_nearest = whole.replies["plate"].walk, whole.replies["shared"].walk
    if to_router and to_router.links:
        name = to_router.links[-1]
        trials.append(Trial(f"The cable {link_label(scene.topology.link(name))} is cut", (name,)))
    trials.append(Trial(f"{scene.router} goes down", down=(scene.router,)))
    if to_nearest and to_nearest.hops:
        trials.append(Trial(f"{to_nearest.end} goes down", down=(to_nearest.end,)))
    trials.append(Trial(f"{listed(scene.holders)} go down", down=tuple(sorted(scene.holders))))
    around, near = (tuple(sorted(arc.link for arc in scene.topology.arcs(end))) for end in (scene.router, scene.asker))
    trials.append(Trial(f"Every cable of {scene.router} is cut", around))
    cables = f"Every cable of {scene.asker}"
    if len(near) == 1:
        cables = f"{scene.asker}'s own cable {link_label(scene.topology.link(near[0]))}"
    trials.append(Trial(f"{cables} is cut", near))
    return tuple(trials)


def trial_form(trials: Sequence[Trial]) -> Element:
    """The failures to choose from, a box to tick for each of the three that will still answer, and a way past it."""
    choices = (
        element("option", trial.words, value=place, data_for=failing(trial.cut, trial.down))
        for place, trial in enumerate(trials)
    )
    ticks = []
    for place, sign in enumerate(SIGNS):
        tick = element("input", type="checkbox", data_tick=place)
        ticks.append(element("label", tick, element("span", STEP_NAMES[sign]), class_="nl-check"))
    suppose = element("label", "Suppose: ", element("select", *choices, data_do="trial", aria_label="Suppose"))
    return prediction(
        element("p", suppose, " Which of the three will still answer? Tick them, then see."),
        answers(*ticks, button("Break it and see", "see")),
        element("div", element("ul", data_part="verdict"), class_="nl-verdict", role="status"),
        class_="nl-predict nl-trials",
    )


def trial_table(scene: Scene, trials: Sequence[Trial]) -> Element:
    """For where nothing runs: each failure, and what becomes of each of the three."""
    rows = []
    for trial in trials:
        after = replace(scene, cut=trial.cut, down=trial.down)
        found = find(after)
        rows.append(row(trial.words, *(now(after, found, sign) for sign in SIGNS)))
    return panel("What still answers", ("What fails", *(STEP_NAMES[sign] for sign in SIGNS)), rows)
