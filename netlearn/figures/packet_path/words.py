"""What is said of a packet's path."""

from netlearn.figures.packet_path.scene import CHOICES, CLIENTS, NOTHING, Scene
from netlearn.host.dial import Answer, DialOutcome
from netlearn.host.laptop import PORT
from netlearn.host.travel import Step, Where


def claim(scene: Scene, answer: Answer) -> str:
    """What the picture claims, in a sentence."""
    what = f"{answer.destination} is" if scene.dialled != "0.0.0.0" else f"0.0.0.0 means {answer.destination},"
    through_lo = any(step.where is Where.LO for step in answer.there)
    way = f"through lo: nothing leaves {CLIENTS[scene.client]}" if through_lo else "across the LAN"
    if answer.outcome is DialOutcome.ANSWERED:
        return f"{what} answered {way}"
    if answer.outcome is DialOutcome.REFUSED:
        return f"{what} refused {way}" + (", and nothing listens there" if through_lo else ": nothing listens there")
    end = answer.end
    assert end is not None
    assert end.end is not None
    lost = "not reached" if answer.outcome is not DialOutcome.ANSWER_LOST else "reached, but the answer is lost"
    return f"{what} {lost}: {end.end.value}"


def words(scene: Scene, answer: Answer) -> str:
    """The picture in words: what was set, what came of it, and each step."""
    states = [
        f"{name} is {CHOICES[key][given]}"
        for key, name, given in (("lo", "lo", scene.lo), ("eth0", "eth0", scene.eth0))
    ]
    steps = " ".join(said(number_, step, answer) for number_, step in enumerate(answer.steps))
    return f"{claim(scene, answer)}. On the laptop {listening(scene)}; {' and '.join(states)}. {steps}"


def listening(scene: Scene) -> str:
    return "nothing listens" if scene.listens == NOTHING else f"a server listens on {scene.listens}:{PORT}"


def said(index: int, step: Step, answer: Answer) -> str:
    prefix = "Back: " if index >= len(answer.there) else ""
    place = step.where.value if step.where is not Where.LINK else "link LAN"
    host = step.host if prefix else step.host[0].upper() + step.host[1:]
    return f"{prefix}{host}, {place}: {step.reason}"


def short(answer: Answer) -> str:
    way = "through lo" if any(step.where is Where.LO for step in answer.there) else "across the LAN"
    if answer.outcome in (DialOutcome.ANSWERED, DialOutcome.REFUSED):
        return f"{answer.outcome.value} {way}"
    assert answer.end is not None
    assert answer.end.end is not None
    return f"not reached: {answer.end.end.value}"
