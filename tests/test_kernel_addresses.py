"""Addresses of every kind in any order, and routes that lead nowhere: the model of a host beside the kernel.

`test_kernel.py` asks who is reached in one world under many conditions. Here the hosts are many: drawn by number
(`NETLEARN_HOSTS` says how many), and a few small worlds for what a drawn host does not meet.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import kernel
import pytest
import test_kernel
from random_hosts import destinations, drawn
from test_kernel import PROTOCOLS

from netlearn.host.bind import CannotBind, bind, check
from netlearn.host.dial import DialOutcome, dial
from netlearn.host.host import LO, Binding, Host, Interface, StaticRoute, World, default
from netlearn.host.travel import End
from netlearn.lab import why_not

WHY_NOT = why_not()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))

# Its functions have no annotations.
modelled: Any = test_kernel.modelled
judged: Any = test_kernel.judged

Call = tuple[str, str, int, str, str | None]  # who dials which address and port, by what, from where
HOSTS = [drawn(number) for number in range(int(os.environ.get("NETLEARN_HOSTS", "15")))]
PAIRS = {host.name: destinations(host, 12) for host in HOSTS}


def pairs(host: Host) -> Iterator[Call]:
    """Each destination by both protocols; one of IPv4 also as an IPv6 socket names it."""
    for to, protocol in product(PAIRS[host.name], PROTOCOLS):
        yield host.name, to, 80, protocol, None
    for to in PAIRS[host.name]:
        if ":" not in to:
            yield host.name, f"::ffff:{to}", 80, "tcp", None


def sockets(host: Host) -> list[Binding]:
    """A socket on each destination, whether it is the host's own or not."""
    return [Binding("tried", "tcp", to, 25_000) for to in PAIRS[host.name]]


# ---- Routes that lead nowhere: on the way, at the program, and on the way back

KINDS = ("blackhole", "unreachable", "prohibit")
NOWHERE = tuple(
    StaticRoute(prefix.format(number), kind=kind)
    for number, kind in enumerate(KINDS, 1)
    for prefix in ("198.18.{}.0/24", "2001:db8:{}::/48")
)
CLIENT = Host(
    "client",
    (LO, Interface("eth0", ("192.0.2.20/24", "2001:db8::20/64", "fe80::20/64"), link="lan")),
    (default("192.0.2.1"), default("2001:db8::1")),
)
REFUSING = World(
    (
        CLIENT,
        Host(
            "router",
            (LO, Interface("eth0", ("192.0.2.1/24", "2001:db8::1/64", "fe80::1/64"), link="lan")),
            NOWHERE,
            forwards=True,
        ),
        *(
            bind(
                Host(
                    kind,
                    (LO, Interface("eth0", (f"192.0.2.{number}/24", f"2001:db8::{number}/64"), link="lan")),
                    (StaticRoute("192.0.2.20/32", kind=kind), StaticRoute("2001:db8::20/128", kind=kind)),
                ),
                *(Binding(kind, protocol, "::", 8080) for protocol in PROTOCOLS),
            )
            for number, kind in enumerate(KINDS, 31)
        ),
    )
)
INTO_REFUSING: list[Call] = [
    *(
        (client, to.format(number), 80, protocol, None)
        for client, to, number, protocol in product(
            ("client", "router"), ("198.18.{}.1", "2001:db8:{}::1"), (1, 2, 3), PROTOCOLS
        )
    ),
    *(
        ("client", to.format(number), port, protocol, None)
        for to, number, protocol, port in product(
            ("192.0.2.{}", "2001:db8::{}"), (31, 32, 33), PROTOCOLS, (8080, 29_999)
        )
    ),
]

# ---- A machine, two containers that are macvlans on its NIC, one macvlan of its own, and a neighbour


def on_lan(name: str, number: int, card: str = "eth0", **more: Any) -> Host:
    """A host of the LAN whose server waits on all its addresses."""
    given = (f"192.0.2.{number}/24", f"2001:db8::{number}/64", f"fe80::{number}/64")
    host = Host(name, (LO, Interface(card, given, link="lan", **more)))
    return bind(host, *(Binding(name, protocol, "::", 8080) for protocol in PROTOCOLS))


UPON: dict[str, Any] = {"macvlan_on": ("machine", "eth0")}
MACVLAN = World(
    (on_lan("machine", 10), on_lan("blue", 11, "mv0", **UPON), on_lan("red", 12, "mv0", **UPON), on_lan("near", 20))
)
INTO_MACVLAN: list[Call] = [
    (client.name, to.format(number), 8080, protocol, None)
    for client, to, number, protocol in product(
        MACVLAN.hosts, ("192.0.2.{}", "2001:db8::{}"), (10, 11, 12, 20), PROTOCOLS
    )
]

# ---- Addresses that are nobody's, bound all the same; an IPv6 socket that speaks IPv4; no IPv6 address at all

CARD = Interface("eth0", ("192.0.2.10/24", "2001:db8::10/64", "fe80::10/64"), link="lan")
EACH = [
    Host(f"binds{four:d}{six:d}", (LO, CARD), nonlocal_bind=four, nonlocal_bind6=six)
    for four, six in product((False, True), repeat=2)
]
FOREIGN = ("192.0.2.99", "::ffff:192.0.2.99", "2001:db8::99")
SERVER = on_lan("server", 20)
MAPPED = World((bind(Host("me", (LO, CARD)), Binding("own", "tcp", "127.0.0.1", 8080)), SERVER))
INTO_MAPPED: list[Call] = [
    ("me", to, port, protocol, source)
    for to, port, protocol, source in product(
        ("::ffff:127.0.0.1", "::ffff:192.0.2.20", "::ffff:0.0.0.0", "::ffff:203.0.113.9"),
        (8080, 29_999),
        PROTOCOLS,
        (None, "::ffff:127.0.0.1", "::ffff:192.0.2.10"),
    )
] + [("me", "::", 8080, "tcp", "::ffff:127.0.0.1")]

NONE6 = Host("none6", (Interface("lo", ("127.0.0.1/8",)), Interface("eth0", ("192.0.2.30/24",), link="lan")))
ROUTED6 = replace(NONE6, name="routed6", routes=(StaticRoute("::/0", interface="eth0"),))
REFUSED6 = replace(NONE6, name="refused6", routes=(StaticRoute("::/0", kind="unreachable"),))
ONLY_LO = Host("only lo", (LO, Interface("eth0", link="lan")))
BARE = World((NONE6, ROUTED6, REFUSED6, ONLY_LO))
INTO_BARE: list[Call] = [
    (host.name, to, 80, protocol, None)
    for host, to, protocol in product(BARE.hosts, ("::1", "::", "2001:db8::1", "fe80::1%eth0"), PROTOCOLS)
]


@pytest.fixture(scope="module")
def judge() -> dict[str, Any]:
    """What the kernel showed of every world, all of them at the same time."""
    small: tuple[Any, ...] = (
        *((host.name, World((host,)), [*pairs(host)], sockets(host)) for host in HOSTS),
        *(
            (
                host.name,
                World((host, SERVER)),
                [
                    (host.name, "192.0.2.20" if "." in source else "2001:db8::20", 8080, protocol, source)
                    for source, protocol in product(FOREIGN[::2], PROTOCOLS)
                ],
                [Binding("tried", "tcp", each, 25_000, freebind=free) for each in FOREIGN for free in (False, True)],
            )
            for host in EACH
        ),
        ("refusing", REFUSING, INTO_REFUSING, []),
        ("macvlan", MACVLAN, INTO_MACVLAN, []),
        ("mapped", MAPPED, INTO_MAPPED, []),
        ("bare", BARE, INTO_BARE, []),
    )
    scenarios: list[dict[str, Any]] = [
        {
            "before": world.hosts,
            "after": world.hosts,
            "dials": dials,
            "binds": [(world.hosts[0].name, one) for one in binds],
        }
        for _, world, dials, binds in small
    ]
    with kernel.Kernel() as asked:
        shown = asked.ask(op="matrix", scenarios=scenarios)
    return {
        name: (world, dials, binds, result) for (name, world, dials, binds), result in zip(small, shown, strict=True)
    }


def complaints(shown: Any) -> Iterator[str]:
    """Each dial and each socket of which the kernel showed something else than the model says."""
    world, dials, binds, result = shown
    for each, got in zip(dials, result["dials"], strict=True):
        expected = modelled(world, answer(world, each))
        if (told := judged(got, expected)) != expected:
            yield f"{each}: {expected}, but {told}"
    for each, got in zip(binds, result["binds"], strict=True):
        if (expected := refusal(world.hosts[0], each)) != got:
            yield f"{each}: {expected}, but {got}"


def answer(world: World, each: Call) -> Any:
    """What the model says of a dial; the error's name where the caller could not bind itself."""
    client, to, port, protocol, source = each
    try:
        return dial(world, client, to, port, protocol, source=source)
    except CannotBind as refused:
        return refused.error


def refusal(host: Host, binding: Binding) -> str | None:
    """The error that the model gives, or `None`."""
    try:
        check(host, binding)
    except CannotBind as refused:
        return refused.error
    return None


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.name)
def test_whatever_addresses_a_host_has_it_chooses_refuses_and_sends_as_the_kernel_does(
    judge: dict[str, Any], host: Host
) -> None:
    assert [*complaints(judge[host.name])] == []


@pytest.mark.parametrize("world", ["refusing", "macvlan", "mapped", "bare", *(host.name for host in EACH)])
def test_in_these_small_worlds_the_kernel_and_the_model_say_the_same(judge: dict[str, Any], world: str) -> None:
    assert [*complaints(judge[world])] == []


def test_the_small_worlds_show_what_they_are_for() -> None:
    """Whatever the model says of them, the tests before have held against the kernel."""
    ends = {answer(REFUSING, each).end.end for each in INTO_REFUSING}
    assert ends == {End.BLACKHOLE, End.UNREACHABLE, End.PROHIBITED, End.NO_LISTENER}
    reached = {(each[0], answer(MACVLAN, each).reached) for each in INTO_MACVLAN}
    assert not {("machine", "blue"), ("blue", "machine"), ("machine", "red"), ("red", "machine")} & reached
    assert {("blue", "red"), ("near", "blue"), ("blue", "near"), ("near", "machine")} <= reached
    assert answer(MAPPED, ("me", "::ffff:127.0.0.1", 8080, "tcp", None)).outcome is DialOutcome.ANSWERED
    assert {answer(BARE, each).error for each in INTO_BARE if each[0] != "only lo"} == {"EADDRNOTAVAIL"}
    assert answer(BARE, ("only lo", "2001:db8::1", 80, "tcp", None)).error == "ENETUNREACH"
