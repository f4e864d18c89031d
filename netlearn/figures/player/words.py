"""What the player says of a run."""

from netlearn.convergence.traffic import tally
from netlearn.drawing.prose import duration, listed
from netlearn.figures.player.scene import Scene, ways
from netlearn.figures.run.story import Story


def claim(story: Story) -> str:
    """The one sentence to take away: how long it took, where the way leads now, which routers looped."""
    if len(story.moments) == 1:
        return "Nothing fails, and nothing moves"
    took = duration(max(story.trace.converged_us, 0))
    loops = sorted({loop.cycle for loop in story.loops})
    looped = f"; {listed(loops[0])} point at each other on the way" if len(loops) == 1 else ""
    looped = f"; {len(loops)} micro-loops on the way" if len(loops) > 1 else looped
    left = ways(story)
    if not left:
        return f"No way to {story.destination} is left, and after {took} all who are left know it"
    if not story.trace.tables:
        return f"Nobody has to change a table: the way stays {' → '.join(left[0])}"
    return f"After {took} every table fits again{looped}"


def words(scene: Scene, story: Story) -> str:
    """The run in a few sentences, for who cannot see it."""
    failed = [told.words for moment in story.moments for told in moment.told if told.kind == "failure"]
    left = "; ".join(" → ".join(way) for way in ways(story))
    end = f"In the end messages go {left}." if left else f"In the end nothing reaches {scene.destination}."
    times = [(listed(loop.cycle), duration(loop.to_us - loop.from_us)) for loop in story.loops]
    loops = [f"{who} point at each other for {lasted}." for who, lasted in times]
    return " ".join([*failed, f"{claim(story)}.", *loops, lost_in_words(story), end])


def lost_in_words(story: Story) -> str:
    """How many messages of all flows were lost, if each sends one per millisecond (or 1000 in a long run)."""
    end_us = story.trace.converged_us
    if end_us <= 0:
        return ""
    every = max(1_000, end_us // 1_000)
    counted = tally(fate for flow in story.flows for fate in story.traffic.fates(flow, story.source, 0, end_us, every))
    share = counted.lost / counted.sent if counted.sent else 0
    return f"Until then {share:.0%} of the messages are lost."


def lanes_in_words(story: Story) -> str:
    """What the lanes show, in short; the list of events says it all."""
    followed = listed(map(str, story.followed))
    return f"Lanes of time, one for each node, and what became of flow {followed}. The events below say the same."


HINT = (
    "Play it, or go step by step. Dots are flows: where the tables of this moment would send them if they stayed so. "
    "Tap a router to see what it believes; click a cable to cut it from the beginning."
)
