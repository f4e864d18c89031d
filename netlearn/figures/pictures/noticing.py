"""How long a failure goes unnoticed, by what is watched: the carrier, BFD, hellos; all drawn to one scale."""

from collections.abc import Iterator
from dataclasses import dataclass

from netlearn.convergence.timers import Timers
from netlearn.drawing.layout import text_width
from netlearn.drawing.markup import Element, element
from netlearn.drawing.prose import duration
from netlearn.drawing.still import Picture
from netlearn.errors import NetlearnError
from netlearn.figures.pictures.along import SMALL, Along, said
from netlearn.figures.pictures.frame import twice
from netlearn.figures.run.lanes import icon
from netlearn.units import MS, SECOND

LENS = 25  # so much longer is a second drawn below


@dataclass(frozen=True, slots=True)
class Wait:
    """What is watched, and how long after a cut it tells: between the two times, in microseconds."""

    name: str
    least_us: int
    most_us: int

    @property
    def words(self) -> str:
        """`5 ms`, `30 to 40 s`."""
        least, most = duration(self.least_us), duration(self.most_us)
        _, _, unit = most.partition(" ")
        return most if least == most else f"{least.removesuffix(f' {unit}')} to {most}"


def waits(timers: Timers) -> tuple[Wait, Wait, Wait]:
    """How long each goes without noticing; what counts from the last packet heard may have begun before the cut."""
    bfd_us = timers.bfd_multiplier * timers.bfd_interval_us
    return (
        Wait("carrier", timers.carrier_us, timers.carrier_us),
        Wait("BFD", bfd_us - timers.bfd_interval_us, bfd_us),
        Wait("hellos", timers.dead_us - timers.hello_us, timers.dead_us),
    )


def noticing(timers: Timers, caption: str = "") -> Picture:
    """How long after a cut a router notices: with the carrier, with BFD and with hellos, to one scale.

    What is shown follows from `timers` (RFC 2328 C.3; RFC 5880 6.8.4). Below it the beginning is drawn again, longer.
    Raises `NetlearnError` where BFD or the carrier takes so long that nothing is left to be drawn longer.

    >>> noticing(Timers()).title
    'Until it is noticed: 5 ms with the carrier, 600 to 900 ms with BFD, 30 to 40 s with hellos'
    """
    found = waits(timers)
    carrier, bfd, hellos = found
    if max(carrier.most_us, bfd.most_us) * LENS > hellos.most_us:
        raise NetlearnError(
            f"beside {duration(hellos.most_us)} of hellos the picture has room for waits of up to "
            f"{duration(hellos.most_us // LENS)}, not {duration(max(carrier.most_us, bfd.most_us))}"
        )
    title = f"Until it is noticed: {', '.join(f'{each.words} with {_the(each)}' for each in found)}"
    words = (
        f"Three bars to one scale, of {duration(hellos.most_us)}. With hellos a cut is noticed after {hellos.words}, "
        f"with BFD after {bfd.words}, with the carrier after {carrier.words}: beside the first the last cannot be "
        f"seen. Below, the first {duration(hellos.most_us / LENS)} are drawn {LENS} times as long."
    )
    return twice(lambda wide: _drawn(found, wide), (340, 378), title, words, caption)


def _the(each: Wait) -> str:
    return "the carrier" if each.name == "carrier" else each.name


def _drawn(found: tuple[Wait, Wait, Wait], wide: bool) -> Iterator[Element]:
    """All three bars, and two of them again where the beginning is drawn longer."""
    begin, end = (96, 690) if wide else (16, 316)
    until_us = found[-1].most_us
    whole, first = (Along(True, begin, end, each) for each in (until_us * 1.02, until_us * 1.02 / LENS))
    rows, below, axes = ((22, 56, 108), (246, 280), (134, 308)) if wide else ((22, 70, 126), (264, 320), (152, 346))
    ends = ((whole, axes[0] + 30), (first, axes[1]))
    corners = [along.point(time_us, y) for along, y in ends for time_us in (0, first.until_us)]
    corners[2:] = corners[:1:-1]
    yield element("path", d="M" + "L".join(f"{x} {y}" for x, y in corners) + "Z", class_="nl-lens")
    yield from whole.ticks(10 * SECOND, axes[0])
    yield from first.ticks(200 * MS, axes[1])
    for y, each in zip(rows, found, strict=True):
        yield from _bar(whole, each, y, wide)
    for y, each in zip(below, found, strict=False):
        yield from _bar(first, each, y, wide)


def _bar(along: Along, each: Wait, y: float, wide: bool) -> Iterator[Element]:
    """Solid as long as it takes at least, in dashes as long as it may; and how long that is."""
    yield along.bar(0, each.least_us, y, "nl-at-least")
    yield along.bar(each.least_us, each.most_us, y, "nl-at-most")
    x = along.at(each.most_us)
    yield element("path", d=icon("detect", x, y, 9), class_="nl-detect")
    if wide:
        yield said(12, y, each.name, "nl-strong")
    words = each.words if wide else f"{each.name}: {each.words}"
    if x + 16 + text_width(words, SMALL) < along.end:
        yield said(x + 16, y, words)
    else:
        yield said(along.begin + 2, y - 22, words)
