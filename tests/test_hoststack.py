"""A host as a value, its tables, and who may bind what. That the kernel says the same is in `test_kernel.py`."""

import pytest

from netlearn.errors import NetlearnError
from netlearn.host.bind import CannotBind, bind, conflict, listeners_for
from netlearn.host.given import address
from netlearn.host.host import LO, Binding, Host, Interface, StaticRoute, World, default
from netlearn.host.laptop import world
from netlearn.host.tables import local_table, main_table, route_get

ETH0 = Interface("eth0", ("192.0.2.10/24", "2001:db8::10/64"), link="lan")
LAPTOP = Host("laptop", (LO, ETH0), (default("192.0.2.1"),))


def lines(table):
    return [str(each) for each in table]


# ---- Tables


def test_the_local_table_holds_every_own_address_whatever_interface_has_it():
    assert lines(local_table(LAPTOP)) == [
        "local 127.0.0.1 dev lo src 127.0.0.1",
        "local 127.0.0.0/8 dev lo src 127.0.0.1",
        "broadcast 127.255.255.255 dev lo src 127.0.0.1",
        "local ::1 dev lo",
        "local 192.0.2.10 dev eth0 src 192.0.2.10",
        "broadcast 192.0.2.255 dev eth0 src 192.0.2.10",
        "local 2001:db8::10 dev eth0",
    ]


def test_the_main_table_holds_the_links_and_what_was_set():
    assert lines(main_table(LAPTOP)) == [
        "192.0.2.0/24 dev eth0 src 192.0.2.10",
        "2001:db8::/64 dev eth0",
        "default via 192.0.2.1 dev eth0",
    ]


def test_two_addresses_of_one_prefix_are_one_line_of_the_main_table_and_the_first_speaks_for_both():
    host = LAPTOP.with_interface(
        "eth0", addresses=("192.0.2.10/24", "192.0.2.11/24", "2001:db8::10/64", "2001:db8::11/64")
    )
    assert lines(main_table(host)) == lines(main_table(LAPTOP))


@pytest.mark.parametrize(
    ("destination", "found"),
    [
        ("127.0.0.53", "local 127.0.0.53 dev lo src 127.0.0.1"),
        ("192.0.2.10", "local 192.0.2.10 dev lo src 192.0.2.10"),
        ("192.0.2.20", "192.0.2.20 dev eth0 src 192.0.2.10"),
        ("203.0.113.9", "203.0.113.9 via 192.0.2.1 dev eth0 src 192.0.2.10"),
        ("2001:db8::10", "local 2001:db8::10 dev lo src 2001:db8::10"),
    ],
)
def test_the_way_to_an_own_address_is_lo_and_to_others_the_nic(destination, found):
    assert str(route_get(LAPTOP, destination)) == found
    assert route_get(LAPTOP, destination).local == found.startswith("local")


def test_a_whole_ipv4_prefix_on_lo_is_local_an_ipv6_one_is_not():
    host = LAPTOP.with_interface("lo", addresses=(*LO.addresses, "198.18.1.1/24", "2001:db8:2::1/64"))
    assert route_get(host, "198.18.1.77").local
    assert not route_get(host, "2001:db8:2::77").local
    assert not route_get(host, "192.0.2.77").local  # nor is a prefix on a NIC


def test_when_eth0_is_set_down_its_ipv4_address_stays_its_ipv6_address_and_its_routes_go():
    down = LAPTOP.with_interface("eth0", up=False)
    assert route_get(down, "192.0.2.10").local
    assert route_get(down, "2001:db8::10") is None
    assert route_get(down, "192.0.2.20") is None
    assert route_get(down, "203.0.113.9") is None
    assert LAPTOP.interface("eth0").up  # a value does not change


# ---- Who may bind what


def test_127_0_0_1_and_0_0_0_0_cannot_both_have_the_port():
    with pytest.raises(CannotBind) as told:
        bind(LAPTOP, Binding("cupsd", "tcp", "127.0.0.1", 80), Binding("nginx", "tcp", "0.0.0.0", 80))
    assert told.value.error == "EADDRINUSE"
    assert str(told.value) == "nginx on tcp 0.0.0.0:80: the address is in use by cupsd on tcp 127.0.0.1:80"


def test_two_specific_addresses_have_the_port_each_for_itself():
    host = bind(LAPTOP, Binding("one", "tcp", "127.0.0.1", 80), Binding("two", "tcp", "192.0.2.10", 80))
    assert [each.process for each in listeners_for(host, "tcp", address("192.0.2.10"), 80, "eth0")] == ["two"]


def test_two_colons_take_ipv4_too_unless_they_are_v6only():
    four = Binding("four", "tcp", "0.0.0.0", 80)
    assert conflict(four, Binding("both", "tcp", "::", 80))
    assert not conflict(four, Binding("six", "tcp", "::", 80, v6only=True))


def test_sharing_takes_both_and_for_tcp_reuse_address_is_no_sharing():
    def two(protocol, first, second):
        return [Binding("one", protocol, "127.0.0.1", 80, **first), Binding("two", protocol, "0.0.0.0", 80, **second)]

    port, by_address = {"reuse_port": True}, {"reuse_address": True}
    assert not conflict(*two("tcp", port, port))
    assert conflict(*two("tcp", port, {}))
    assert conflict(*two("tcp", by_address, by_address))
    assert not conflict(*two("udp", by_address, by_address))


def test_an_address_that_is_not_ones_own_cannot_be_bound():
    with pytest.raises(CannotBind, match=r"has no address 192\.0\.2\.99; it has 127\.0\.0\.1, 192") as told:
        bind(LAPTOP, Binding("x", "tcp", "192.0.2.99", 80))
    assert told.value.error == "EADDRNOTAVAIL"
    bind(LAPTOP, Binding("x", "tcp", "192.0.2.99", 80, freebind=True))


def test_a_socket_tied_to_a_device_takes_nothing_from_another():
    host = bind(LAPTOP, Binding("dhcp", "udp", "0.0.0.0", 68, device="eth0"))
    assert listeners_for(host, "udp", address("127.0.0.1"), 68, "lo") == ()
    assert listeners_for(host, "udp", address("192.0.2.10"), 68, "eth0") == host.bindings


def test_two_sockets_that_are_tied_to_two_devices_have_the_port_each_for_itself():
    eth0, eth1, any_device = (Binding("dhcp", "udp", "0.0.0.0", 68, device=name) for name in ("eth0", "eth1", None))
    assert not conflict(eth0, eth1)
    assert conflict(eth0, eth0)
    assert conflict(eth0, any_device)


# ---- What cannot be


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Host("x", (ETH0,)), "x has 0 loopback interfaces; every host has one, named lo"),
        (lambda: Host("x", (LO, ETH0, ETH0)), "x has eth0 twice; its interfaces are eth0, eth0, lo"),
        (lambda: World((LAPTOP, LAPTOP)), "laptop is there twice; the hosts are laptop, laptop"),
        (lambda: Interface("eth0", ("192.0.2.300/24",)), "'192.0.2.300/24' is no interface's address: it takes one"),
        (lambda: Interface("eth\x1b0"), "'eth\\x1b0' is no word that can be printed"),
        (lambda: Interface("eth0", "192.0.2.1/24"), "addresses is '192.0.2.1/24'; it takes several, as in"),  # type: ignore[arg-type]
        (lambda: StaticRoute("192.0.2.1/24", "192.0.2.1"), "'192.0.2.1/24' is no prefix: 192.0.2.1/24 has host bits"),
        (lambda: StaticRoute("0.0.0.0/0"), "the route to 0.0.0.0/0 needs a gateway (via) or an interface"),
        (lambda: StaticRoute("::/0", "192.0.2.1"), "the route to ::/0 is via 192.0.2.1, which is of the other family"),
        (lambda: Host("x", (LO,), (default("192.0.2.1", "eth0"),)), "x has no interface 'eth0'; it has lo"),
        (lambda: Binding("x", "icmp", "::", 1), "'icmp' is no protocol that is modelled; there are tcp and udp"),
        (lambda: Binding("x", "tcp", "::", 70_000), "70000 is no port; ports are 1 to 65535"),
        (lambda: LAPTOP.interface("eht0"), "laptop has no interface 'eht0'; it has eth0, lo; did you mean eth0?"),
        (lambda: route_get(LAPTOP, "ff02::1"), "ff02::1 is a multicast group, which is not modelled"),
    ],
)
def test_what_cannot_be_says_why(make, message):
    with pytest.raises(NetlearnError) as told:
        make()
    assert str(told.value).startswith(message)


def test_lists_become_tuples():
    host = Host("x", (LO, Interface("eth0", ("192.0.2.10/24",))), (default("192.0.2.1"),))
    assert hash(host) == hash(Host("x", (LO, Interface("eth0", ("192.0.2.10/24",))), (default("192.0.2.1"),)))


def test_what_is_on_no_link_has_no_neighbours():
    assert [*world().on_link(None)] == []
    assert len([*world().on_link("LAN")]) == 3
