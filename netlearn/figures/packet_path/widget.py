"""The path of a packet through one machine: choose who dials what, go step by step, set `lo` down and look again."""

from netlearn.figures.common.live import Figure, Parts, view_of
from netlearn.figures.packet_path.scene import Scene, asked_in_words, asks, cases
from netlearn.figures.packet_path.view import body, still, told


class PacketPath(Figure[Scene]):
    """A program on the laptop or its neighbour dials an address; every table, `lo` or the card, and who gets it.

    `client` is `laptop` or `neighbour`; `dialled` one of `DIALLED`; `listens` what the laptop's server is bound to
    (`LISTENS`, with `nothing`); `lo` is `up` or `down`; `eth0` is `up`, `no carrier` or `down`. All of them follow
    the reader. `predict` asks what will become of the dial once what its `sets` name is so. `record` adds states to
    those that a static page answers at once. Raises `UnknownName` for anything else, also when a trait is set later.

    >>> figure = PacketPath("laptop", "192.0.2.10")
    >>> figure.lo = "down"  # which its own address needs as well
    >>> figure.view["title"]["text"]
    '192.0.2.10 is not reached: lo is down'
    """

    made_of = Parts(view_of(body), body, still, asked_in_words, cases, told)
    fold = "Show the whole way"

    def question(self) -> str:
        return super().question() or asks(self.scene)
