"""What is said of a packet's path."""

from netlearn.drawing.prose import capital
from netlearn.figures.packet_path.scene import CARD, CLIENTS, LO, NOTHING, Scene
from netlearn.host.dial import Answer, DialOutcome
from netlearn.host.laptop import PORT
from netlearn.host.travel import Step, Where


def claim(scene: Scene, answer: Answer) -> str:
    """What the picture claims, in a sentence."""
    what = f"{answer.destination} is" if scene.dialled != "0.0.0.0" else f"0.0.0.0 means {answer.destination},"
    inside = _through_lo(answer)
    way = f"through lo: nothing leaves {CLIENTS[scene.client]}" if inside else "across the LAN"
    if answer.outcome is DialOutcome.ANSWERED:
        return f"{what} answered {way}"
    if answer.outcome is DialOutcome.REFUSED:
        return f"{what} refused {way}" + (", and nothing listens there" if inside else ": nothing listens there")
    lost = "not reached" if answer.outcome is not DialOutcome.ANSWER_LOST else "reached, but the answer is lost"
    return f"{what} {lost}: {_why(answer)}"


def words(scene: Scene, answer: Answer) -> str:
    """The picture in words: what was set, what came of it, and each step."""
    states = f"lo is {LO[scene.lo]} and eth0 is {CARD[scene.eth0]}"
    steps = " ".join(said(index, step, answer) for index, step in enumerate(answer.steps))
    return f"{claim(scene, answer)}. On the laptop {listening(scene)}; {states}. {steps}"


def listening(scene: Scene) -> str:
    return "nothing listens" if scene.listens == NOTHING else f"a server listens on {scene.listens}:{PORT}"


def said(index: int, step: Step, answer: Answer) -> str:
    prefix = "Back: " if index >= len(answer.there) else ""
    place = step.where.value if step.where is not Where.LINK else "link LAN"
    host = step.host if prefix else capital(step.host)
    return f"{prefix}{host}, {place}: {step.reason}"


def short(answer: Answer) -> str:
    if answer.outcome in (DialOutcome.ANSWERED, DialOutcome.REFUSED):
        return f"{answer.outcome.value} {'through lo' if _through_lo(answer) else 'across the LAN'}"
    return f"not reached: {_why(answer)}"


def _through_lo(answer: Answer) -> bool:
    return any(step.where is Where.LO for step in answer.there)


def _why(answer: Answer) -> str:
    """Why a packet did not arrive."""
    assert answer.end is not None
    assert answer.end.end is not None
    return answer.end.end.value
