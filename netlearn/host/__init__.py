"""One machine: its interfaces and tables, who can listen where, and what becomes of who dials whom.

A `Host` does what Linux does. `bind` gives it sockets; `dial` follows a packet through a `World` of several hosts.

A VRF is as the kernel's documentation has it (Documentation/networking/vrf.rst, with its rules and its unreachable
default); all else was compared with a kernel.

Not modelled: firewalls and address translation; multicast, and who gets a broadcast; policy routing, save what makes a
host `strong`, and VRFs, between which no route leads; what hosts remember (neighbours, redirects) and how often they
complain (rate limits); `accept_local`; routes of other kinds than `StaticRoute` names, and several next hops of one
route; addresses that are temporary, or still being checked for duplicates; macvlans of other modes than bridge. No
client is tied to a device, so none is in a VRF; none binds itself to `::1` to dial a NIC's own IPv6 address, or to
another address to dial its own link-local one.

>>> home = world((Binding("server", "tcp", "127.0.0.1", 8080),))
>>> dial(home, NEIGHBOUR, "192.0.2.10", 8080)
<Answer: tcp to 192.0.2.10:8080: refused (ECONNREFUSED)>
"""

from netlearn.host.address_conflict import CHECKS, Machine, share_link
from netlearn.host.bind import CannotBind, bind
from netlearn.host.dial import Answer, DialOutcome, dial
from netlearn.host.host import LO, Binding, Host, Interface, StaticRoute, World
from netlearn.host.laptop import FAR, ME, NEIGHBOUR, world
from netlearn.host.scope import Scope
from netlearn.host.sockets import Listener, Snapshot, Socket
from netlearn.host.travel import travel

__all__ = ["CHECKS", "LO", "Binding", "Host", "Interface", "Machine", "StaticRoute", "World", "share_link"]
__all__ += ["Answer", "CannotBind", "DialOutcome", "Listener", "Scope", "Snapshot", "Socket", "bind", "dial", "travel"]
__all__ += ["FAR", "ME", "NEIGHBOUR", "world"]
