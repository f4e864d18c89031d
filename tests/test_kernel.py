"""The model of a host beside the kernel: who is reached, and what the caller is told, in every combination.

Each condition is a world built twice, as a value and in network namespaces (`kernel.py`). In both, the same programs
dial the same addresses at the same time; then everything that can be seen from a program is compared.
"""

import re
import subprocess
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import kernel
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlearn.host.bind import CannotBind, bind, check
from netlearn.host.dial import DialOutcome, dial
from netlearn.host.host import LO, Binding, Host, Interface, StaticRoute, World, default
from netlearn.host.tables import local_table, route_get
from netlearn.host.travel import REFUSED_BY, End
from netlearn.lab import alone, why_not

WHY_NOT = why_not()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))

# ---- The world: a laptop on two links, two neighbours, a router, and a host beyond it

ON_LO = ("203.0.113.10/32", "198.18.1.1/24", "2001:db8:2::10/64")
LAPTOP = Host(
    "laptop",
    (
        replace(LO, addresses=LO.addresses + ON_LO),
        Interface("eth0", ("192.0.2.10/24", "2001:db8::10/64", "fe80::10/64"), link="lan"),
        Interface("eth1", ("198.51.100.10/24", "2001:db8:1::10/64", "fe80::11/64"), link="other"),
    ),
    (default("192.0.2.1"), default("2001:db8::1")),
)
# It has no loopback address and takes the laptop for its router, so 127.0.0.1 and ::1 from outside arrive there, too.
NEAR = Host(
    "near",
    (Interface("lo"), Interface("eth0", ("192.0.2.20/24", "2001:db8::20/64", "fe80::20/64"), link="lan")),
    (default("192.0.2.10"), default("2001:db8::10")),
)
# It takes everything, 127/8 included, for its own link: it asks with ARP who has it.
ASKING = Host(
    "asking",
    (
        Interface("lo"),
        Interface("eth0", ("192.0.2.30/24", "2001:db8::30/64", "fe80::30/64"), link="lan"),
    ),
    (StaticRoute("0.0.0.0/0", interface="eth0"), StaticRoute("2000::/3", interface="eth0")),
)
# It sends from addresses that it should not: its own 127.0.0.1, one that is the laptop's, too, one of another link.
FORGING = Host(
    "forging",
    (
        replace(
            LO, addresses=(*LO.addresses, "127.0.0.9/32", "198.51.100.10/32", "198.51.100.77/32", "2001:db8:1::10/128")
        ),
        Interface("eth0", ("192.0.2.40/24", "2001:db8::40/64", "fe80::40/64"), link="lan"),
    ),
    route_localnet=True,
    arp_ignore=True,
)
ROUTER = Host(
    "router",
    (
        LO,
        Interface("eth0", ("192.0.2.1/24", "2001:db8::1/64", "fe80::1/64"), link="lan"),
        Interface("eth1", ("198.18.0.1/24", "2001:db8:f::1/64", "fe80::2/64"), link="far"),
    ),
    (
        *(StaticRoute(each, "192.0.2.10") for each in ("198.51.100.0/24", "203.0.113.10/32", "198.18.1.0/24")),
        *(StaticRoute(each, "2001:db8::10") for each in ("2001:db8:1::/64", "2001:db8:2::/64")),
    ),
    forwards=True,
)
BEYOND = Host(
    "beyond",
    (LO, Interface("eth0", ("198.18.0.50/24", "2001:db8:f::50/64", "fe80::50/64"), link="far")),
    (default("198.18.0.1"), default("fe80::2", "eth0")),
)
OTHERS = (NEAR, ASKING, FORGING, ROUTER, BEYOND)

BOUND: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("127.0.0.1", {}), ("127.0.0.5", {}), ("0.0.0.0", {}), ("192.0.2.10", {}), ("198.51.100.10", {})),
    *(("203.0.113.10", {}), ("198.18.1.77", {}), ("0.0.0.0", {"device": "lo"}), ("0.0.0.0", {"device": "eth0"})),
    *(("::1", {}), ("::", {}), ("::", {"v6only": True}), ("2001:db8::10", {}), ("2001:db8:1::10", {})),
    *(("2001:db8:2::10", {}), ("fe80::10%eth0", {}), ("::", {"device": "lo"}), ("::", {"device": "eth0"})),
    *(("::ffff:127.0.0.1", {}), ("::ffff:192.0.2.10", {})),
)
NOWHERE = (
    *("127.255.255.255", "192.0.2.99", "192.0.2.255", "198.51.100.99", "198.18.0.50", "198.18.0.99", "203.0.113.99"),
    *("2001:db8::99", "2001:db8:1::99", "2001:db8:2::99", "2001:db8:f::50", "2001:db8:f::99", "2001:db8:e::1"),
)
DIALLED = (
    *("127.0.0.1", "127.0.0.5", "0.0.0.0", "192.0.2.10", "198.51.100.10", "203.0.113.10", "198.18.1.77"),
    *("::1", "::", "2001:db8::10", "2001:db8:1::10", "2001:db8:2::10", "fe80::10%eth0", *NOWHERE),
)
PROTOCOLS = ("tcp", "udp")
FEW = (0, 2, 3, 6, 8, 10, 12, 14, 15)  # of BOUND, for conditions that are about the way and not about the sockets


# What the laptop may bind itself to before it dials.
SOURCES = ("127.0.0.1", "127.0.0.5", "203.0.113.10", "198.51.100.10", "::1", "2001:db8:1::10")
# From ::1 to an own address of a NIC, the kernel's resets get lost, and its SYN-ACKs do not: not modelled.
ODD = (("::1", "2001:db8::10"), ("::1", "2001:db8:1::10"))


def bindings(chosen):
    """A server on each of these addresses for both protocols, each with a port of its own."""
    return [
        Binding(f"server{number}", protocol, BOUND[number][0], 20_000 + number, **BOUND[number][1])
        for number, protocol in product(chosen, PROTOCOLS)
    ]


def serving(host, chosen=FEW):
    """The host with the servers that it can have: what it has no address for stays out."""
    for each in bindings(chosen):
        try:
            host = bind(host, each)
        except CannotBind:
            continue
    return host


def without(host, name, *addresses):
    return host.with_interface(name, addresses=addresses)


def condition(host=None, after=None, chosen=FEW, others=OTHERS):
    """A laptop as it was when its servers started, and what it became."""
    before = serving(host or LAPTOP, chosen)
    return World((before, *others)), World(((after or (lambda same: same))(before), *others))


def interface(name, **changes):
    return lambda host: host.with_interface(name, **changes)


CONDITIONS = {
    "as it is": condition(chosen=range(len(BOUND))),
    "lo down": condition(after=interface("lo", up=False)),
    "lo never up": condition(LAPTOP.with_interface("lo", up=False, addresses=())),
    "lo without 127.0.0.1": condition(without(LAPTOP, "lo", "::1/128", *ON_LO)),
    "eth0 down": condition(after=interface("eth0", up=False)),
    "eth0 without carrier": condition(after=interface("eth0", carrier=False)),
    "eth1 down": condition(after=interface("eth1", up=False)),
    "eth1 without carrier": condition(after=interface("eth1", carrier=False)),
    "eth0 without carrier, ignored": condition(
        replace(LAPTOP, ignores_linkdown=True), interface("eth0", carrier=False)
    ),
    "strong": condition(replace(LAPTOP, strong=True)),
    "arp_ignore": condition(replace(LAPTOP, arp_ignore=True)),
    "route_localnet": condition(replace(LAPTOP, route_localnet=True)),
    "rp_filter strict": condition(replace(LAPTOP, rp_filter=1)),
    "rp_filter loose": condition(replace(LAPTOP, rp_filter=2)),
    "rp_filter loose, no default route": condition(replace(LAPTOP, rp_filter=2, routes=())),
    "no default route": condition(replace(LAPTOP, routes=())),
    "a router": condition(replace(LAPTOP, forwards=True)),
    "ip_nonlocal_bind": condition(replace(LAPTOP, nonlocal_bind=True, nonlocal_bind6=True)),
    "everything down": condition(
        after=lambda host: host.with_interface("lo", up=False).with_interface("eth0", up=False)
    ),
}


def dials(world):
    """Everybody dials every address, at each server's port and at one where nobody waits."""
    ports = sorted({(each.protocol, each.port) for each in world.host("laptop").bindings})
    ports += [(protocol, 29_999) for protocol in PROTOCOLS]
    clients = [host.name for host in world.hosts if host.name != "router"]
    for client, to, (protocol, port) in product(clients, DIALLED, ports):
        # Linux complains only five times at once to one address that it has no route (`net.ipv4.route.error_burst`).
        if to not in NOWHERE or port == 29_999:
            yield client, to, port, protocol, None
    for to, (protocol, port) in product(("192.0.2.10", "2001:db8::10"), ports):
        for source in ("127.0.0.1", "127.0.0.9", "198.51.100.10", "198.51.100.77", "::1", "2001:db8:1::10"):
            if (":" in source) == (":" in to):
                yield "forging", to, port, protocol, source
    for source, to, protocol in product(SOURCES, DIALLED, PROTOCOLS):
        if (":" in source) == (":" in to) and not to.startswith("fe80") and (source, to) not in ODD:
            yield "laptop", to, 20_010, protocol, source


# What may be bound in each condition, beside the servers that run: the same, and what is nobody's, or needs a zone.
HOW: tuple[dict[str, Any], ...] = ({}, {"freebind": True}, {"device": "eth0"})
TRIED = [
    *(Binding("tried", protocol, at, 25_000, **more) for protocol, (at, more) in product(PROTOCOLS, BOUND)),
    *(
        Binding("tried", protocol, at, 25_000, **more)
        for protocol, at, more in product(
            PROTOCOLS,
            (
                "192.0.2.99",
                "192.0.2.255",
                "127.255.255.255",
                "2001:db8::99",
                "fe80::10",
                "fe80::10%eth1",
                "fe80::99%eth0",
            ),
            HOW,
        )
    ),
    Binding("tried", "tcp", "::ffff:127.0.0.1", 25_000, v6only=True),
    Binding("tried", "tcp", "2001:db8:1::10", 25_000, device="eth0"),
]


# ---- Two more worlds: a container on a machine, and servers that share their port

MACHINE = bind(
    Host(
        "machine",
        (
            LO,
            Interface("eth0", ("192.0.2.10/24", "2001:db8::10/64", "fe80::10/64"), link="lan"),
            Interface("veth0", ("198.18.9.1/24", "2001:db8:9::1/64", "fe80::91/64"), link="veth"),
        ),
        forwards=True,
    ),
    Binding("database", "tcp", "127.0.0.1", 5432),
    Binding("web", "tcp", "::", 8080),
    Binding("names", "udp", "0.0.0.0", 5353),
    Binding("inner", "tcp", "198.18.9.1", 5433),
    Binding("tied", "tcp", "198.18.9.1", 5434, device="veth0"),
)
CONTAINER = bind(
    Host(
        "container",
        (LO, Interface("eth0", ("198.18.9.2/24", "2001:db8:9::2/64", "fe80::92/64"), link="veth")),
        (default("198.18.9.1"), default("2001:db8:9::1")),
    ),
    Binding("app", "tcp", "127.0.0.1", 5432),
    Binding("shop", "tcp", "::", 8080),
    Binding("clock", "udp", "127.0.0.1", 5353),
)
GUEST = Host(
    "guest",
    (LO, Interface("eth0", ("192.0.2.20/24", "2001:db8::20/64", "fe80::20/64"), link="lan")),
    (StaticRoute("198.18.9.0/24", "192.0.2.10"), StaticRoute("2001:db8:9::/64", "2001:db8::10")),
)
CONTAINERS = World((MACHINE, CONTAINER, GUEST))
ITS_ADDRESSES = (
    *("127.0.0.1", "0.0.0.0", "192.0.2.10", "198.18.9.1", "198.18.9.2"),
    *("::1", "2001:db8::10", "2001:db8:9::1", "2001:db8:9::2"),
)
INTO_CONTAINERS = [
    (client, to, port, protocol, None)
    for client, to, (port, protocol) in product(
        ("machine", "container", "guest"),
        ITS_ADDRESSES,
        ((5432, "tcp"), (5433, "tcp"), (5434, "tcp"), (8080, "tcp"), (5353, "udp")),
    )
]

TOGETHER = (("0.0.0.0", None), ("127.0.0.1", None), ("::", None), ("0.0.0.0", None))
TIED = (("0.0.0.0", "eth0"), ("::", "eth0"))
SHARED = World(
    (
        bind(
            replace(LAPTOP, routes=()),
            *(
                Binding(f"{protocol}{port}-{number}", protocol, at, port, device, **{option: True})
                for port, protocol, option, group in (
                    (21_000, "udp", "reuse_address", TOGETHER + TIED),
                    (21_001, "udp", "reuse_port", TOGETHER),  # the kernel takes the first group, tied or not
                    (21_002, "tcp", "reuse_port", TOGETHER),
                )
                for number, (at, device) in enumerate((*group, *group))
            ),
        ),
        NEAR,
    )
)
INTO_SHARED = [
    (client, to, port, "tcp" if port == 21_002 else "udp", None)
    for client, to, port, _ in product(
        ("laptop", "near"),
        ("127.0.0.1", "192.0.2.10", "198.51.100.10", "::1", "2001:db8::10"),
        (21_000, 21_001, 21_002),
        range(12),
    )
    if (client, to) not in (("near", "127.0.0.1"), ("near", "::1"))
]


# Two routers that each take the other for the way, and a host that has a route but no address.
LEFT = Host(
    "left",
    (LO, Interface("eth0", ("192.0.2.1/24", "2001:db8::1/64"), link="lan")),
    (default("192.0.2.2"), default("2001:db8::2")),
    forwards=True,
)
RIGHT = Host(
    "right",
    (LO, Interface("eth0", ("192.0.2.2/24", "2001:db8::2/64"), link="lan")),
    (default("192.0.2.1"), default("2001:db8::1")),
    forwards=True,
)
LOST = Host("lost", (LO, Interface("eth0", ("192.0.2.30/24", "2001:db8::30/64"), link="lan")), LEFT.routes)
BARE = Host(
    "bare",
    (Interface("lo"), Interface("eth0", link="lan")),
    (StaticRoute("192.0.2.0/24", interface="eth0"), StaticRoute("2001:db8::/64", interface="eth0")),
)
ASTRAY = World((LEFT, RIGHT, LOST, BARE))
INTO_NOWHERE = [
    *(("lost", to, 80, protocol, None) for to, protocol in product(("203.0.113.9", "2001:db8:e::9"), PROTOCOLS)),
    *(("bare", to, 80, protocol, None) for to, protocol in product(("192.0.2.30", "2001:db8::30"), PROTOCOLS)),
    *(("lost", "fe80::1", 80, protocol, None) for protocol in PROTOCOLS),
]


# Hosts that have a choice of source addresses.
MANY = Host(
    "many",
    (
        replace(LO, addresses=(*LO.addresses, "203.0.113.30/32", "2001:db8:c::30/128")),
        Interface(
            "eth0",
            (
                *("192.0.2.30/24", "192.0.2.31/24", "198.51.100.30/24"),
                *("2001:db8:a::30/64", "2001:db8:b::30/64", "fe80::30/64"),
            ),
            link="lan",
        ),
        Interface("eth1", ("198.18.5.30/24", "2001:db8:d::30/64"), link="other"),
    ),
    (
        default("198.51.100.1"),
        default("2001:db8:a::1"),
        StaticRoute("198.18.6.0/24", interface="eth1"),
        StaticRoute("198.18.7.0/24", via="192.0.2.1"),
        StaticRoute("198.18.8.0/24", via="192.0.2.1", metric=5),
        StaticRoute("198.18.8.0/24", via="198.18.5.1", metric=3),
    ),
)
UNNUMBERED = Host(
    "unnumbered",
    (
        replace(LO, addresses=(*LO.addresses, "203.0.113.31/32", "2001:db8:c::31/128")),
        Interface("eth0", ("fe80::31/64",), link="lan"),
        Interface("eth1", ("198.18.5.31/24", "2001:db8:d::31/64"), link="other"),
    ),
    (StaticRoute("192.0.2.0/24", interface="eth0"), StaticRoute("2001:db8:a::/64", interface="eth0")),
)
CHOOSING = World((MANY, UNNUMBERED))
CHOICES = (
    *("192.0.2.99", "192.0.2.31", "198.51.100.99", "198.18.5.99", "198.18.6.99", "198.18.7.99", "198.18.8.99"),
    *("203.0.113.30", "203.0.113.99", "2001:db8:a::99", "2001:db8:b::99", "2001:db8:c::30", "2001:db8:d::99"),
    *("2001:db8:b:1::1", "2001:db8:c::99", "2001:db8:d:1::1", "fe80::99%eth0"),
)


@pytest.fixture(scope="module")
def judge():
    """What the kernel showed in every condition, all of them at the same time."""
    scenarios: list[dict[str, Any]] = [
        {
            "before": before.hosts,
            "after": after.hosts,
            "dials": list(dials(after)),
            "tables": {"laptop": [to for to in DIALLED if to not in ("0.0.0.0", "::")]},
            "binds": [("laptop", each) for each in TRIED],
        }
        for before, after in CONDITIONS.values()
    ]
    more: list[dict[str, Any]] = [
        {"before": world.hosts, "after": world.hosts, "dials": calls}
        for world, calls in ((CONTAINERS, INTO_CONTAINERS), (SHARED, INTO_SHARED), (ASTRAY, INTO_NOWHERE))
    ]
    tables = {"many": CHOICES, "unnumbered": CHOICES}
    more.append({"before": CHOOSING.hosts, "after": CHOOSING.hosts, "dials": [], "tables": tables})
    with kernel.Kernel() as asked:
        shown = asked.ask(op="matrix", scenarios=scenarios + more)
    return dict(zip((*CONDITIONS, "containers", "shared", "astray", "choosing"), shown, strict=True))


# ---- Who is reached


def servers(world):
    return [each for host in world.hosts for each in host.bindings]


@cache
def answers(name):
    """What the model says of every dial in a condition; the error's name where the caller could not bind itself."""

    def answer(client, to, port, protocol, source):
        try:
            return dial(world, client, to, port, protocol, source=source)
        except CannotBind as refused:
            return refused.error

    world = CONDITIONS[name][1]
    return [answer(*each) for each in dials(world)]


def modelled(world, answer):
    """The same in what programs can see: what the caller is told, who got it, who answered, from where."""
    if isinstance(answer, str):
        return {"told": answer, "answered": None, "received": None, "half": None, "source": None}
    got = None if answer.listener is None else servers(world).index(answer.listener)
    answered = got if answer.outcome is DialOutcome.ANSWERED else None
    return {
        "told": None if answer.error == "ETIMEDOUT" else answer.error,
        "answered": answered,
        "received": got if answer.protocol == "udp" else answered,
        "half": _half(answer),
        "source": answer.source and str(answer.source).partition("%")[0],
    }


def _half(answer):
    """Which host keeps half of a TCP connection: the one whose SYN-ACK left and got lost without a word.

    `...` where that depends on the moment: a complaint ends it, and the client's next SYN begins it anew.
    """
    if answer.protocol != "tcp" or answer.listener is None or answer.outcome is not DialOutcome.ANSWER_LOST:
        return None
    if answer.end.end in (End.NO_ROUTE, End.NO_LISTENER, *REFUSED_BY.values()):
        return None  # it never left, or a reset came back
    return ... if answer.end.end in (End.NO_NEIGHBOUR, End.NO_CARRIER) else answer.reached


def judged(result, expected):
    """What the kernel showed of one dial. Of one that was refused at once it does not tell the source."""
    source = result["source"] and str(kernel.plain(result["source"]))
    half = ... if expected["half"] is ... else result.get("half")
    known = {name: result[name] for name in ("told", "answered", "received")}
    return {**known, "half": half, "source": source or expected["source"]}


def complaint(each, expected, shown):
    client, to, port, protocol, source = each
    bound = "nothing" if port == 29_999 else "{} {}".format(*BOUND[port - 20_000])
    return f"{client}{f' from {source}' if source else ''} to {protocol} {to}, bound {bound}: {expected}, but {shown}"


@pytest.mark.parametrize("name", CONDITIONS)
def test_whoever_dials_whatever_the_kernel_and_the_model_say_the_same(judge, name):
    world = CONDITIONS[name][1]
    wrong = []
    for each, answer, result in zip(dials(world), answers(name), judge[name]["dials"], strict=True):
        expected = modelled(world, answer)
        if (shown := judged(result, expected)) != expected:
            wrong.append(complaint(each, expected, shown))
    assert wrong == []


def test_the_matrix_meets_every_way_to_end():
    """So that no rule of the model stands there without the kernel's word."""
    given = [each for name in CONDITIONS for each in answers(name) if not isinstance(each, str)]
    assert len(given) > 25_000
    assert {each.outcome for each in given} == set(DialOutcome)
    elsewhere = {End.NO_ZONE, End.NO_SOURCE, End.LOOP}  # `ASTRAY` below, and `test_kernel_addresses.py` for the rest
    elsewhere |= {End.NOT_OWN, *REFUSED_BY.values()}
    assert {each.end.end for each in given if each.end} == set(End) - elsewhere


@pytest.mark.parametrize("name", CONDITIONS)
def test_what_the_reverse_path_filter_drops_the_kernel_counts_as_that(judge, name):
    ends = [each.end for each in answers(name) if not isinstance(each, str) and each.end]
    model = {step.host for step in ends if step.end is End.REVERSE_PATH}
    assert model == {host for host, count in judge[name]["dropped"].items() if count}


def test_localhost_in_a_container_is_not_the_machine(judge):
    for each, result in zip(INTO_CONTAINERS, judge["containers"]["dials"], strict=True):
        expected = modelled(CONTAINERS, dial(CONTAINERS, *each[:4]))
        assert judged(result, expected) == expected, each
    assert dial(CONTAINERS, "machine", "127.0.0.1", 5432).listener.process == "database"
    assert dial(CONTAINERS, "container", "127.0.0.1", 5432).listener.process == "app"


def test_the_inner_address_of_a_machine_is_open_to_whoever_has_a_route_unless_the_door_is_tied(judge):
    """Whatever the model says of it, the test before this one has held against the kernel."""
    closed = CONTAINERS.with_host(replace(MACHINE, forwards=False))
    for world in (CONTAINERS, closed):
        assert dial(world, "guest", "198.18.9.1", 5433).listener.process == "inner"
        assert dial(world, "guest", "198.18.9.1", 5434).outcome is DialOutcome.REFUSED
        assert dial(world, "container", "198.18.9.1", 5434).listener.process == "tied"


def test_what_goes_round_what_has_no_source_and_what_has_no_zone_end_as_in_the_kernel(judge):
    for each, result in zip(INTO_NOWHERE, judge["astray"]["dials"], strict=True):
        expected = modelled(ASTRAY, dial(ASTRAY, *each[:4]))
        assert judged(result, expected) == expected, each
    ends = {dial(ASTRAY, *each[:4]).end.end for each in INTO_NOWHERE}
    assert ends == {End.LOOP, End.NO_SOURCE, End.MARTIAN_SOURCE, End.NO_ZONE}


def test_of_servers_that_share_their_port_one_of_the_modelled_gets_each_packet(judge):
    got = {}
    for each, result in zip(INTO_SHARED, judge["shared"]["dials"], strict=True):
        answer = dial(SHARED, *each[:4])
        possible = [servers(SHARED).index(one) for one in (answer.listener, *answer.sharing)]
        if each[2] == 21_000:
            possible = possible[:1]  # the last to be bound
        assert result["received"] in possible, each
        got.setdefault(each, set()).add(result["received"])
    assert max(map(len, got.values())) > 1  # a hash did choose


# ---- VRFs, where the kernel has them


@cache
def without_vrfs():
    """Why VRFs cannot be judged here; nothing if they can."""
    made = subprocess.run(
        alone("ip", "link", "add", "blue", "type", "vrf", "table", "10"), capture_output=True, text=True
    )
    return made.stderr.strip() if made.returncode else ""


SERVERS = [
    Binding("anywhere", "tcp", "0.0.0.0", 24_000),
    Binding("anywhere", "udp", "0.0.0.0", 24_000),
    Binding("blue", "tcp", "0.0.0.0", 24_001, device="blue"),
    Binding("blue", "udp", "198.51.100.10", 24_001, device="blue"),
    Binding("eth1", "tcp", "0.0.0.0", 24_002, device="eth1"),
    Binding("::", "tcp", "::", 24_003),
]
TENANT = Host(
    "tenant",
    (
        LO,
        Interface("eth0", ("192.0.2.10/24",), link="lan"),
        Interface("blue", ("203.0.113.1/32",)),
        Interface("eth1", ("192.0.2.10/24", "198.51.100.10/24"), link="bluelan", vrf="blue"),
    ),
    (default("192.0.2.1"), default("198.51.100.1", "eth1")),
    tuple(SERVERS),
)
BLUE_WAY = (StaticRoute("203.0.113.0/24", via="198.51.100.10"),)
BESIDE = [
    Host(name, (LO, Interface("eth0", ("192.0.2.20/24", "198.51.100.20/24"), link=link)), BLUE_WAY)
    for name, link in (("near", "lan"), ("near in blue", "bluelan"))
]


@pytest.mark.parametrize("accept", [False, True])
def test_vrfs_keep_apart_what_the_kernel_keeps_apart(accept):
    if reason := without_vrfs():
        pytest.skip(f"this kernel has no VRFs, for which the model follows its documentation: {reason}")
    world = World((*BESIDE, replace(TENANT, l3mdev_accept=accept)))
    calls = [
        (client, to, port, protocol, None)
        for client, to in product(("near", "near in blue", "tenant"), ("192.0.2.10", "198.51.100.10", "203.0.113.1"))
        for port, protocol in product((24_000, 24_001, 24_002, 24_003, 24_009), PROTOCOLS)
    ]
    tried = [Binding("tried", "tcp", to, 24_001, device=at) for to in AT[1:3] for at in (None, "eth0", "eth1", "blue")]
    scenario = {
        "before": world.hosts,
        "after": world.hosts,
        "dials": calls,
        "binds": [("tenant", one) for one in tried],
    }
    with kernel.Kernel() as asked:
        (shown,) = asked.ask(op="matrix", scenarios=[scenario])
    for each, result in zip(calls, shown["dials"], strict=True):
        expected = modelled(world, dial(world, *each[:4]))
        assert judged(result, expected) == expected, each
    assert [refusal(world.host("tenant"), one) for one in tried] == shown["binds"]


# ---- What `ip` says


def says_the_same(host, gets):
    """Whether the kernel's answers to `ip route get` are the model's."""
    for to, said in gets.items():
        found = route_get(host, to)
        if "unreachable" in said:
            assert found is None, to
            continue
        pattern = r"(?:(local|broadcast) )?(\S+)(?: from ::)?(?: via (\S+))? dev (\S+).*? src (\S+)"
        kind, destination, via, device, source = re.match(pattern, said).groups()
        shown = (found.route.kind, str(found.destination), found.interface, str(found.source))
        assert shown == (kind or "unicast", to if "%" in to else destination, device, source), to
        assert via == (str(found.next_hop) if found.route.via else None), to


@pytest.mark.parametrize("name", CONDITIONS)
def test_ip_route_get_answers_the_same(judge, name):
    says_the_same(CONDITIONS[name][1].host("laptop"), judge[name]["tables"]["laptop"]["gets"])


@pytest.mark.parametrize("host", CHOOSING.hosts, ids=lambda host: host.name)
def test_of_several_source_addresses_the_same_one_is_chosen(judge, host):
    says_the_same(host, judge["choosing"]["tables"][host.name]["gets"])


@pytest.mark.parametrize("name", [name for name in CONDITIONS if name != "strong"])  # which has other tables
def test_the_local_table_is_the_kernels(judge, name):
    laptop = CONDITIONS[name][1].host("laptop")
    said = judge[name]["tables"]["laptop"]["local4"].splitlines()
    if laptop.ignores_linkdown:
        said = [line for line in said if "linkdown" not in line]
    known = {re.sub(r" (proto kernel|scope \w+|linkdown|dead)\b", "", line).strip() for line in said}
    model = {str(each) for each in local_table(laptop) if each.prefix.version == 4}
    assert model == known


# ---- Who may bind


def refusal(host, binding):
    """The error that the model gives, or `None`."""
    try:
        check(host, binding)
    except CannotBind as refused:
        return refused.error
    return None


@pytest.mark.parametrize("name", CONDITIONS)
def test_what_may_be_bound_is_what_the_kernel_lets_be_bound(judge, name):
    laptop = CONDITIONS[name][1].host("laptop")
    shown = dict(zip(TRIED, judge[name]["binds"], strict=True))
    assert [each for each in TRIED if refusal(laptop, each) != shown[each]] == []


@pytest.fixture(scope="module")
def binder():
    """The laptop alone, on which sockets are bound for a moment: what the kernel says to each of several."""
    alone = replace(LAPTOP, routes=())
    with kernel.Kernel() as asked:
        asked.ask(op="host", host=alone)
        yield alone, lambda *bindings: asked.ask(op="bind", bindings=bindings)


def errors(host, bindings):
    """What the model says to each in turn; those that it refuses are not there for the next."""
    for each in bindings:
        error = refusal(host, each)
        if error is None:
            host = bind(host, each)
        yield error


AT = ("127.0.0.1", "0.0.0.0", "192.0.2.10", "::", "::1", "2001:db8::10", "::ffff:127.0.0.1", "fe80::10%eth0")
somewhere = st.builds(
    Binding,
    process=st.just("tried"),
    protocol=st.sampled_from(PROTOCOLS),
    address=st.sampled_from(AT),
    port=st.sampled_from((25_000, 25_001)),
    device=st.sampled_from((None, None, "lo", "eth0")),
    v6only=st.booleans(),
    reuse_address=st.booleans(),
    reuse_port=st.booleans(),
)


@settings(max_examples=500)
@given(pair=st.tuples(somewhere, somewhere))
def test_any_two_sockets_conflict_in_the_model_where_they_do_in_the_kernel(binder, pair):
    host, ask = binder
    assert list(errors(host, pair)) == ask(*pair)
