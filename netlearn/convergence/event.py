"""What can happen: the vocabulary of the simulation."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from netlearn.convergence.lsdb import Lsa, Lsdb
from netlearn.network.parts import Failure, Prefix
from netlearn.routing.rib import Route


# What befalls the network
@dataclass(frozen=True, slots=True)
class LinkUp:
    """A link that was cut works again."""

    link: str


@dataclass(frozen=True, slots=True)
class NodeUp:
    """A node that was down starts again, with empty tables."""

    node: str


@dataclass(frozen=True, slots=True)
class Maintenance:
    """A router that is about to be taken down announces the greatest metric, so that others go round it (RFC 6987)."""

    node: str


@dataclass(frozen=True, slots=True)
class Announce:
    """From now on a node has this prefix and announces it, at this metric (0 to 65535)."""

    node: str
    prefix: Prefix
    metric: int = 0


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The prefix is taken from the node: its packets are no longer delivered there, and it is announced no more."""

    node: str
    prefix: Prefix


@dataclass(frozen=True, slots=True)
class ServiceDown:
    """What answers for the prefix at this node dies. No router notices: it is still announced (RFC 4786 4.4.1)."""

    node: str
    prefix: Prefix


@dataclass(frozen=True, slots=True)
class ServiceUp:
    """What answers for the prefix at this node works again."""

    node: str
    prefix: Prefix


@dataclass(frozen=True, slots=True)
class DaemonDown:
    """A router's routing daemons die; its kernel forwards on by the tables of that instant, until it starts anew."""

    node: str


Change = Failure | LinkUp | NodeUp | Maintenance | DaemonDown | Announce | Withdraw | ServiceDown | ServiceUp


@dataclass(frozen=True, slots=True)
class At:
    """A change at a time. A silent one is not seen by anybody's carrier: frames just stop coming through."""

    time_us: int
    change: Change
    silent: bool = False


# What neighbours send each other
@dataclass(frozen=True, slots=True)
class Update:
    """An LSA on its way to a neighbour (RFC 2328 13)."""

    lsa: Lsa


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Says that this instance of an LSA has arrived."""

    key: tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that a new neighbour holds, by origin and sequence (RFC 2328 10.8, Database Description)."""

    lsdb: Lsdb


Message = Update | Acknowledgement | Summary


# What a router meets
class Reason(StrEnum):
    """Why a router takes a neighbour for gone."""

    CARRIER = "its carrier is lost"
    HELLO = "no hello until the dead timer ran out"
    BFD = "no BFD packet"
    ANEW = "its neighbour began anew"


class AdjacencyDown(NamedTuple):
    """The neighbours over these links are gone: carrier, hellos or BFD packets stopped, for all at once."""

    links: tuple[str, ...]
    reason: Reason


class AdjacencyUp(NamedTuple):
    """There is a neighbour over this link, ready to exchange LSDBs."""

    link: str


class Heard(NamedTuple):
    """A message has arrived over this link."""

    link: str
    message: Message


class Expired(NamedTuple):
    """A timer that the router started has run out."""

    timer: str


class StubOrdered(NamedTuple):
    """Somebody is about to take this router down, and says so to it first."""


class OwnPrefix(NamedTuple):
    """A prefix is the router's own from now on, announced at this metric; or, with `None`, no more."""

    prefix: Prefix
    metric: int | None


RouterEvent = AdjacencyDown | AdjacencyUp | Heard | Expired | StubOrdered | OwnPrefix


# What a router does
class Send(NamedTuple):
    """Put a message on a link."""

    link: str
    message: Message


class Start(NamedTuple):
    """Wake me at this time with `Expired(timer)`."""

    timer: str
    at_us: int


class Install(NamedTuple):
    """An entry of the FIB is now this route, or, with `None`, is gone."""

    prefix: Prefix
    route: Route | None


# What a router does that others only see: worth telling, and nothing to be carried out
class Gone(NamedTuple):
    """The router takes its neighbour over this link for gone."""

    neighbour: str
    link: str
    reason: Reason


class There(NamedTuple):
    """The router has found a neighbour over this link."""

    neighbour: str
    link: str


class Said(NamedTuple):
    """The router has made a new LSA of its own."""

    lsa: Lsa


class Learned(NamedTuple):
    """The router has taken another's newer LSA into its LSDB."""

    lsa: Lsa


class Forgot(NamedTuple):
    """The router has dropped another's LSA, which has grown too old."""

    origin: str


class Computed(NamedTuple):
    """The router has run SPF; so many entries of its FIB have to change."""

    entries: int


Told = StubOrdered | Gone | There | Said | Learned | Forgot | Computed
Action = Send | Start | Install | Told
Happening = Change | Told | Install  # what a run tells of a node
