"""Pictures of the library's two state machines, drawn from the tables that are the machines.

RFC 8405's table says which state follows which: its picture has the states, and an arrow for every row. The router's
table says which function answers which event. What an answer consists of stands in no table; so routers are watched
while failures, repairs, a planned shutdown and a moved address are computed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from unittest.mock import patch

from netlearn import CASE_3, Announce, At, LinkDown, LinkUp, Maintenance, NodeDown, NodeUp, Timers, Withdraw, forum
from netlearn.convergence import TIMERS, TRANSITIONS, Change, Router, simulate
from netlearn.convergence.event import Expired, Install, RouterEvent, Send, Start
from netlearn.convergence.state import Step
from netlearn.convergence.timers import RFC8405_TABLE, Transition
from netlearn.drawing.markup import Element, element
from netlearn.drawing.shapes import Point, end_mark, named_box, svg, text, through
from netlearn.drawing.still import Picture, sideways
from netlearn.network import host_prefix
from netlearn.units import SECOND

WIDTH = 720
ROW = 46
SENDS, INSTALLS = "sends LSAs", "changes its FIB"
WORDS: Mapping[type, str] = {Send: SENDS, Install: INSTALLS}
Done = Mapping[str, set[str]]


def spf_delay() -> Picture:
    """The states between news and SPF, an arrow for every row of RFC 8405's table, and the rows in words."""
    middle = {state: 120.0 + 240 * n for n, state in enumerate(dict.fromkeys(state for state, _ in RFC8405_TABLE))}
    parts, low = [], 196.0
    for (state, happens), row in RFC8405_TABLE.items():
        start, end = middle[state], middle[row.then]
        if start == end:
            way, words = [(start - 34, 96.0), (start - 34, 52.0), (end + 34, 52.0), (end + 34, 96.0)], (start, 34.0)
        elif start < end:
            way, words = [(start + 75, 120.0), (end - 75, 120.0)], ((start + end) / 2, 102.0)
        else:
            down = end + 216 - low  # ends left of the way back before it, so that none crosses another
            way, words = [(start, 144.0), (start, low), (down, low), (down, 144.0)], ((start + end) / 2, low - 14)
            low += 40
        parts += [*_arrow(way), text(*words, happens, "nl-small")]
    for state, x in middle.items():
        parts += named_box(x - 75, 96, 150, 48, "nl-table", state)
    said = [f"{state}, {happens}: {_does(row)}; then {row.then}." for (state, happens), row in RFC8405_TABLE.items()]
    return _picture(parts, low, "Between news and SPF: the three states of RFC 8405", " ".join(said))


def spf_rows() -> str:
    """The table's rows as HTML: what starts or stops on the way."""
    head = element("tr", *(element("th", words, scope="col") for words in ("state", "what happens", "done", "then")))
    rows = [
        element("tr", *(element("td", words) for words in (state, happens, _does(row), row.then)))
        for (state, happens), row in RFC8405_TABLE.items()
    ]
    table = element("table", element("thead", head), element("tbody", *rows))
    return str(sideways(table, "The table of RFC 8405", "pst-scrollable-table-container"))


def _does(row: Transition) -> str:
    starts = [f"{timer} after {field}" for timer, field in row.start]
    return "; ".join([*starts, *(f"{timer} is stopped" for timer in row.stop)]) or "nothing"


def router() -> Picture:
    """What a router answers to each event and each timer: the rows of `TRANSITIONS` and `TIMERS`."""
    done = watched()
    rows = [kind.__name__ for kind in TRANSITIONS if kind is not Expired]
    rows += [*TIMERS, *sorted(set(done) - set(rows) - set(TIMERS))]
    parts: list[Element] = [
        text(110, 22, "what happens", "nl-small"),
        text(480, 22, "what the router does", "nl-small"),
    ]
    for number, name in enumerate(rows):
        y = 60 + ROW * number
        words = name if name[0].isupper() else f"timer {name}"
        parts += named_box(12, y - 17, 196, 34, "nl-table" if name[0].isupper() else "nl-asker", words)
        parts += _arrow([(208, y), (256, y)])
        answer = _answer(done.get(name, set()))
        parts.append(element("text", answer, x=266, y=y, class_="nl-small", style="text-anchor: start"))
    said = " ".join(f"{name}: {_answer(done.get(name, set()))}." for name in rows)
    return _picture(parts, 44 + ROW * len(rows), "A router is a table: each event, and what is done", said)


def _answer(done: set[str]) -> str:
    timers = sorted(done - {SENDS, INSTALLS})
    said = [each for each in (SENDS, INSTALLS) if each in done] + ([f"starts {', '.join(timers)}"] if timers else [])
    return "; ".join(said) or "changes nothing but what it knows"


def watched() -> Done:
    """What routers did at each event: what they sent and installed, and the names of the timers that they started."""
    done: dict[str, set[str]] = defaultdict(set)

    def watching(event_type: type) -> object:
        answers = TRANSITIONS[event_type]

        def answer(router: Router, event: RouterEvent, now: int) -> Step:
            after, actions = answers(router, event, now)
            name = event.timer if isinstance(event, Expired) else event_type.__name__
            done[name].update(each.timer for each in actions if isinstance(each, Start))
            done[name].update(WORDS[type(each)] for each in actions if type(each) in WORDS)
            return after, actions

        return answer

    with patch.dict(TRANSITIONS, {each: watching(each) for each in TRANSITIONS}):
        for _ in _runs():
            pass
    return done


def _runs() -> Iterator[object]:
    network = forum().addressed()
    prefix = host_prefix(network.node("R4").address)
    changes: list[Change] = [Announce("R7", prefix), Withdraw("R7", prefix), Maintenance("R5")]
    yield simulate(network, [*CASE_3, *(At(n * SECOND, change) for n, change in enumerate(changes, 1))])
    broken: list[Change | At] = [LinkDown("R1-R2"), At(60 * SECOND, LinkUp("R1-R2"))]
    yield simulate(network, broken, detect="hello", silent=True, timers=Timers.frr())
    yield simulate(network, [NodeDown("R2"), At(60 * SECOND, NodeUp("R2"))], lfa=True)
    yield simulate(network, [NodeDown("R2")], until_us=2 * 3600 * SECOND)  # LSAs are refreshed, and grow too old


def _arrow(points: list[Point]) -> tuple[Element, Element]:
    line = element("path", d=through(points), class_="nl-line nl-way-there")
    return line, element("path", d=end_mark(points, True, 6), class_="nl-line nl-way-there")


def _picture(parts: list[Element], height: float, title: str, words: str) -> Picture:
    return Picture(svg(parts, WIDTH, height, "nl-net nl-machine", words), title, words)


MACHINES: Mapping[str, tuple[Callable[[], Picture], Callable[[], str]]] = {
    "router": (router, str),
    "spf-delay": (spf_delay, spf_rows),
}
