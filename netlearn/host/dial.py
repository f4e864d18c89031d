"""The way of a packet from a program to a listener, and of the answer back: who is reached, or where it ends, and why.

`dial` asks each table in the order in which Linux does, on each host that holds the packet, and writes every step down.
The way back counts: a client whose answer is lost knows as little as one whose packet was.

What is not modelled is said by the room, `netlearn.host`.
"""

from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from ipaddress import IPv4Address, IPv6Address

from netlearn.host.bind import check, listeners_for
from netlearn.host.given import Address, BadHost, address, port_numbered, protocol_named, unmapped, zone_of
from netlearn.host.host import Binding, Host, World
from netlearn.host.source import source_ipv6
from netlearn.host.tables import Found, is_own, route_get
from netlearn.host.travel import REFUSED_BY, End, HostPacket, Received, Step, Stopped, Where, stopped, travel


class DialOutcome(Enum):
    """How a dial ends.

    A listener answered; or the host said that there is none; or the packet, or what came back, vanished without a word,
    and the caller waits; or the caller was told, at once or by ICMP, that the packet cannot get there.

    >>> dial(world(lo_up=False), ME, "127.0.0.1", 8080).outcome
    <DialOutcome.LOST: 'lost on the way'>
    """

    ANSWERED = "answered"
    REFUSED = "refused"
    LOST = "lost on the way"
    ANSWER_LOST = "the answer is lost"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What became of a dial.

    `error` is what the dialling program is told, as the name of an errno; `None` if nothing is wrong, or nobody tells
    (UDP that is lost). `source` and `destination` are those in the packet: who dials 0.0.0.0 reaches 127.0.0.1.
    `listener` is who got the packet, on the host `reached`, even if its answer is lost; `sharing` are others at its
    port that might have got it. `back` is the way of the answer, of a refusal, or of a router's complaint.

    >>> answer = dial(world(), ME, "192.0.2.10", 8080)
    >>> answer.error, answer.interfaces
    ('ECONNREFUSED', (('the laptop', 'lo'),))
    """

    outcome: DialOutcome
    protocol: str
    destination: Address
    port: int
    source: Address | None = None
    error: str | None = None
    listener: Binding | None = None
    reached: str | None = None
    sharing: tuple[Binding, ...] = ()
    there: tuple[Step, ...] = ()
    back: tuple[Step, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step, there and back."""
        return self.there + self.back

    @property
    def end(self) -> Step | None:
        """The step at which the packet or its answer went no further; `None` if all went well."""
        return next((step for step in self.steps if step.end is not None), None)

    @property
    def interfaces(self) -> tuple[tuple[str, str], ...]:
        """Host and name of each interface that the packet passed on its way there, in order."""
        return tuple((step.host, step.name) for step in self.there if step.where in (Where.LO, Where.NIC))

    def __repr__(self) -> str:
        return f"<Answer: {str(self).splitlines()[0]}>"

    def __str__(self) -> str:
        told = f" ({self.error})" if self.error else ""
        who = f" by {self.listener}" if self.listener and self.outcome is DialOutcome.ANSWERED else ""
        head = f"{self.protocol} to {_endpoint(self.destination, self.port)}: {self.outcome.value}{who}{told}"
        there = [f"  {number:>2}  {step}" for number, step in enumerate(self.there, 1)]
        back = [f"  {number:>2}  {step}" for number, step in enumerate(self.back, len(self.there) + 1)]
        return "\n".join([head, *there, *(["  back:"] if back else []), *back])


# What a program is told if its packet cannot even be made; what the host that was reached sends back without a listener
# and with one; what TCP is told of a packet that got less far, and by which ICMP message.
AT_ONCE = {
    End.NO_ROUTE: "ENETUNREACH",
    End.BLACKHOLE: "EINVAL",
    End.UNREACHABLE: "EHOSTUNREACH",
    End.PROHIBITED: "EACCES",
    End.NO_SOURCE: "EADDRNOTAVAIL",
    End.LOOPBACK_LEAVES: "EINVAL",
    End.NO_ZONE: "EINVAL",
    End.NOT_OWN: "ENETUNREACH",
    End.BROADCAST: "ENETUNREACH",  # TCP; UDP is not allowed to
}
REPLIES = {"tcp": ("RST", "SYN-ACK"), "udp": ("ICMP port unreachable", "answer")}
COMPLAINTS = {
    End.NO_ROUTE: ("ENETUNREACH", "network unreachable"),
    End.NO_NEIGHBOUR: ("EHOSTUNREACH", "host unreachable"),
    End.NO_CARRIER: ("EHOSTUNREACH", "host unreachable"),
    End.LOOP: ("EHOSTUNREACH", "time exceeded"),
    End.UNREACHABLE: ("EHOSTUNREACH", "host unreachable"),
    End.PROHIBITED: ("EHOSTUNREACH", "communication prohibited"),
}
COMPLAINTS_IPV6 = COMPLAINTS | {
    End.UNREACHABLE: ("ENETUNREACH", "no route"),
    End.PROHIBITED: ("EACCES", "communication prohibited"),
}


def dial(world: World, client: str, to: str, port: int, protocol: str = "tcp", *, source: str | None = None) -> Answer:
    """What becomes of a packet that a program on the host `client` sends to this address and port.

    TCP means connect(2), UDP a datagram on a connected socket and a server that answers each. `source` is the address
    that the program bound itself to; without one the host chooses. Raises `UnknownName` for a host that is not there,
    `BadHost` for what is no address, port or protocol.

    >>> dial(world(), NEIGHBOUR, "127.0.0.1", 8080).reached
    'the neighbour'
    """
    host, ip = world.host(client).part(), _means(address(to), source)
    told = "ETIMEDOUT" if protocol_named(protocol) == "tcp" else None  # unless something is heard
    request = Answer(DialOutcome.LOST, protocol, ip, port_numbered(port), error=told)
    means = f" ({to} means {ip} here)" if address(to) != ip else ""
    there = [Step(Where.PROCESS, client, "", f"a program on {client} dials {_endpoint(ip, port)}{means}.")]
    try:
        packet, found = _made(host, to, ip, protocol, source, there)
    except Stopped as reason:
        error = "EACCES" if (protocol, reason.end) == ("udp", End.BROADCAST) else AT_ONCE[reason.end]
        return replace(request, outcome=DialOutcome.UNREACHABLE, error=error, there=tuple(there))
    request = replace(request, source=packet.source)
    try:
        arrival = travel(world, host, packet, there, found)
    except Stopped as reason:
        return _complained(world, replace(request, there=tuple(there)), host, reason)
    return _received(world, replace(request, there=tuple(there)), host, arrival)


def _made(
    host: Host, to: str, ip: Address, protocol: str, source: str | None, steps: list[Step]
) -> tuple[HostPacket, Found]:
    """The packet as it leaves the program, and the route for it."""
    stop = partial(stopped, steps, host)
    chosen = None if source is None else unmapped(address(source))
    if chosen is not None and chosen.version != ip.version:
        raise BadHost(f"{source} and {to} are of two families: no packet goes from the one to the other")
    if ip.version == 6 and ip.is_link_local and zone_of(ip) is None:
        raise stop(Where.SOCKET, End.NO_ZONE, f"{ip} is on every link; which one, its zone says, as in {ip}%eth0.")
    if chosen is not None:  # its port is of no account where nothing else is bound
        check(replace(host, bindings=()), Binding("the client", protocol, str(chosen), 65535))
    if isinstance(chosen, IPv4Address) and not is_own(host, chosen):  # it could be bound by `nonlocal_bind`
        raise stop(Where.SOCKET, End.NOT_OWN, f"{host.name} has no address {chosen}, so it sends nothing from it.")
    found = route_get(host, ip, chosen)
    # IPv6 chooses the source before it complains that there is no way.
    if isinstance(ip, IPv6Address) and (chosen or (found.source if found else source_ipv6(host, None, ip))) is None:
        raise stop(Where.SOCKET, End.NO_SOURCE, f"{host.name} has no IPv6 address to send from.")
    # Without 127.0.0.1, 0.0.0.0 is not sent to a router instead.
    elsewhere = ip.version == 4 and unmapped(address(to)).is_unspecified and not (found and found.local)
    if found is None or elsewhere:
        raise stop(Where.MAIN_TABLE, End.NO_ROUTE, f"no route of {host.name} leads to {ip}: network is unreachable.")
    if found.refused:
        raise stop(Where.MAIN_TABLE, REFUSED_BY[found.route.kind], f"the most specific route is {found.route}.")
    assert found.source is not None
    if found.source.is_loopback and found.source.version == 4 and found.interface != "lo" and not host.route_localnet:
        raise stop(Where.MAIN_TABLE, End.LOOPBACK_LEAVES, f"what is from {found.source} may not leave {host.name}.")
    if found.route.kind == "broadcast":
        raise stop(Where.LOCAL_TABLE, End.BROADCAST, f"{ip} means every host of a link, and nobody connects to all.")
    return HostPacket(found.source, ip, "SYN" if protocol == "tcp" else "datagram"), found


def _received(world: World, request: Answer, client: Host, arrival: Received) -> Answer:
    """What the host that the packet is for does with it, and the way of its answer."""
    host, packet = arrival.host, arrival.packet
    found = listeners_for(host, request.protocol, packet.destination, request.port, arrival.interface)
    where = _endpoint(packet.destination, request.port)
    if found and request.protocol == "tcp":
        reason = f"it listens for what is for {where}, and the kernel answers with SYN-ACK."
        there = (*request.there, Step(Where.SOCKET, host.name, str(found[0]), reason))
    elif found:
        step = Step(Where.SOCKET, host.name, str(found[0]), f"it takes what is for {where}.")
        there = (*request.there, step, _process(host, found[0], "gets the datagram, and answers"))
    else:
        sent = "a reset (RST)" if request.protocol == "tcp" else "ICMP port unreachable"
        reason = f"nothing listens on {request.protocol} {where}: the kernel answers with {sent}."
        there = (*request.there, Step(Where.SOCKET, host.name, "", reason, End.NO_LISTENER))
    listener = found[0] if found else None
    seen = replace(request, there=there, reached=host.name, listener=listener, sharing=found[1:])
    return _replied(world, seen, client, arrival)


def _replied(world: World, seen: Answer, client: Host, arrival: Received) -> Answer:
    """The way back of the answer or the refusal."""
    asked, listener = arrival.packet.destination, seen.listener
    assert arrival.packet.source is not None
    name = REPLIES[seen.protocol][listener is not None]
    back: list[Step] = []
    # A datagram's answer does not know which address was asked; without one of its own, the route back picks one.
    chooses = listener is not None and seen.protocol == "udp" and listener.ip.is_unspecified
    device = None if listener is None else listener.tied_to
    if device == arrival.host.interface(arrival.interface).vrf:  # who is tied to a VRF's device has all its ways
        device = None
    # A TCP connection stays in the VRF in which it began; a datagram's answer is one more packet of its socket.
    untied = seen.protocol == "udp" and listener is not None and listener.tied_to is None
    host = world.host(arrival.host.name).part() if untied else arrival.host
    way = route_get(host, arrival.packet.source, None if chooses else asked, device)
    packet = HostPacket(asked if way is None else way.source, arrival.packet.source, name)
    try:
        end = travel(world, host, packet, back, way)
        if end.host != client:  # nor is another VRF's part of the client
            raise stopped(back, end.host, Where.SOCKET, End.NO_LISTENER, f"nobody here waits for the {name}.")
        if int(packet.source or asked) != int(asked):
            reason = f"the answer is from {packet.source}, but {asked} was asked: the client drops it."
            raise stopped(back, client, Where.SOCKET, End.OTHER_SOURCE, reason)
    except Stopped:
        return replace(seen, outcome=DialOutcome.ANSWER_LOST, back=tuple(back))
    if listener and seen.protocol == "tcp":
        accepted = _process(arrival.host, listener, "gets the connection, once the client has the SYN-ACK")
        seen = replace(seen, there=(*seen.there, accepted))
    outcome, error = (DialOutcome.ANSWERED, None) if listener else (DialOutcome.REFUSED, "ECONNREFUSED")
    told = "has its answer" if listener else "is told that it was refused"
    back.append(Step(Where.PROCESS, client.name, "", f"the program that dialled {told}."))
    return replace(seen, outcome=outcome, error=error, back=tuple(back))


def _process(host: Host, listener: Binding, what: str) -> Step:
    return Step(Where.PROCESS, host.name, listener.process, f"{listener.process} {what}.")


def _complained(world: World, request: Answer, client: Host, where: Stopped) -> Answer:
    """What the sender hears of a packet that went no further: often nothing.

    Where the last host complains by ICMP, TCP gives up; UDP goes on waiting, as what is wrong may pass, save what is
    prohibited. Nor does Linux tell a program that nobody answers for a link-local address.
    """
    assert request.source is not None
    complaints = COMPLAINTS if request.destination.version == 4 else COMPLAINTS_IPV6
    waits = request.protocol == "udp" and where.end is not End.PROHIBITED
    silent = request.destination.version == 6 and request.destination.is_link_local
    if where.end not in complaints or waits or silent:
        return request
    error, words = complaints[where.end]
    back: list[Step] = []
    # Who has no address sent from 0.0.0.0, and the host that says so to itself means 127.0.0.1.
    to = IPv4Address("127.0.0.1") if request.source.is_unspecified else request.source
    way = route_get(where.host, to)
    packet = HostPacket(None if way is None else way.source, to, f"ICMP {words}")
    try:
        heard = travel(world, where.host, packet, back, way).host.name == client.name
    except Stopped:
        heard = False
    if not heard:
        return replace(request, back=tuple(back))
    back.append(Step(Where.PROCESS, client.name, "", f"the program that dialled is told: {words}."))
    return replace(request, outcome=DialOutcome.UNREACHABLE, error=error, back=tuple(back))


def _means(given: Address, source: str | None) -> Address:
    """Where Linux connects to: of an IPv4-mapped address (`::ffff:192.0.2.1`) the IPv4 address, by IPv4.

    If told 0.0.0.0 or `::`: the loopback address, or of IPv4 the one that the client has.
    """
    ip, own = unmapped(given), unmapped(address(source)) if source else None
    if not ip.is_unspecified:
        return ip
    if isinstance(ip, IPv4Address):
        return own or IPv4Address("127.0.0.1")
    return IPv4Address("127.0.0.1") if own and own.version == 4 else IPv6Address("::1")


def _endpoint(ip: Address, port: int) -> str:
    return f"[{ip}]:{port}" if ip.version == 6 else f"{ip}:{port}"
