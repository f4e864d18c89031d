"""A host as a value, its tables, and who may bind what. That the kernel says the same is in `test_kernel.py`."""

from dataclasses import replace

import pytest

from netlearn.errors import NetlearnError
from netlearn.host.bind import CannotBind, bind, conflict, listeners_for
from netlearn.host.dial import dial
from netlearn.host.given import BadHost, address
from netlearn.host.host import LO, Binding, Host, Interface, StaticRoute, World, default
from netlearn.host.laptop import world
from netlearn.host.tables import local_table, main_table, route_get

ETH0 = Interface("eth0", ("192.0.2.10/24", "2001:db8::10/64"), link="lan")
LAPTOP = Host("laptop", (LO, ETH0), (default("192.0.2.1"),))


def lines(table):
    return [str(each) for each in table]


# ---- VRFs, as in Documentation/networking/vrf.rst

TENANT = Host(
    "tenant",
    (
        LO,
        Interface("eth0", ("192.0.2.10/24",), link="lan"),
        Interface("blue", ("203.0.113.1/32",)),
        Interface("eth1", ("192.0.2.10/24", "198.51.100.10/24"), link="blue lan", vrf="blue"),
    ),
    (default("192.0.2.1"), default("198.51.100.1", "eth1")),
)
ANYWHERE, ALL_OF_BLUE = (Binding("web", "tcp", "0.0.0.0", 80, device=each) for each in (None, "blue"))


def who_answers(host, client_link, to):
    """The listener that a neighbour on this link reaches, and whether it has its answer."""
    near = Host("near", (LO, Interface("eth0", ("192.0.2.20/24", "198.51.100.20/24"), link=client_link)))
    near = replace(near, routes=(StaticRoute("203.0.113.0/24", via="198.51.100.10"),))
    answer = dial(World((near, host)), "near", to, 80)
    return answer.listener, answer.outcome.value


def test_a_vrf_has_tables_of_its_own_and_the_rest_of_the_host_does_not_see_them():
    assert lines(main_table(TENANT.part())) == [
        "192.0.2.0/24 dev eth0 src 192.0.2.10",
        "default via 192.0.2.1 dev eth0",
    ]
    assert lines(main_table(TENANT.part("blue"))) == [
        "192.0.2.0/24 dev eth1 src 192.0.2.10",
        "198.51.100.0/24 dev eth1 src 198.51.100.10",
        "default via 198.51.100.1 dev eth1",
    ]
    assert route_get(TENANT.part("blue"), "203.0.113.1").local
    assert not route_get(TENANT.part(), "203.0.113.1").local
    assert LAPTOP.part() is LAPTOP


def test_a_socket_that_is_tied_to_nothing_takes_what_comes_through_a_vrf_only_where_that_is_allowed():
    host = bind(TENANT, ANYWHERE)
    assert who_answers(host, "lan", "192.0.2.10") == (ANYWHERE, "answered")
    assert who_answers(host, "blue lan", "192.0.2.10") == (None, "refused")
    assert who_answers(replace(host, l3mdev_accept=True), "blue lan", "192.0.2.10") == (ANYWHERE, "answered")


def test_a_socket_that_is_tied_to_a_vrf_takes_what_comes_through_its_ports_and_answers_by_its_tables():
    host = bind(TENANT, ALL_OF_BLUE)
    for address_of_blue in ("198.51.100.10", "203.0.113.1"):
        assert who_answers(host, "blue lan", address_of_blue) == (ALL_OF_BLUE, "answered")
    assert who_answers(host, "lan", "192.0.2.10") == (None, "refused")
    tied = Binding("web", "tcp", "0.0.0.0", 80, device="eth1")
    assert who_answers(bind(TENANT, tied), "blue lan", "198.51.100.10") == (tied, "answered")


def test_two_sockets_have_one_port_if_they_are_of_different_vrfs_and_none_takes_it_for_all():
    assert len(bind(TENANT, ANYWHERE, ALL_OF_BLUE).bindings) == 2
    with pytest.raises(CannotBind, match="in use by web"):
        bind(replace(TENANT, l3mdev_accept=True), ANYWHERE, ALL_OF_BLUE)


def test_an_address_of_a_vrf_is_bound_to_by_who_is_tied_to_it():
    bind(TENANT, Binding("web", "tcp", "198.51.100.10", 80, device="blue"))
    with pytest.raises(CannotBind, match="tenant has no address 198"):
        bind(TENANT, Binding("web", "tcp", "198.51.100.10", 80))


def test_an_answer_that_comes_back_through_a_vrf_is_not_for_who_asked_from_outside_of_it():
    client = replace(TENANT, name="client", routes=(StaticRoute("198.51.100.20/32", interface="eth0"),))
    both = Interface("both", ("192.0.2.20/24", "198.51.100.20/24"), link="lan")
    back = Interface("back", ("192.0.2.21/24",), link="blue lan")
    server = Host("server", (LO, both, back), (StaticRoute("192.0.2.10/32", interface="back"),), (ANYWHERE,))
    answer = dial(World((client, server)), "client", "198.51.100.20", 80)
    assert (answer.outcome.value, answer.back[-1].reason) == (
        "the answer is lost",
        "nobody here waits for the SYN-ACK.",
    )


def test_what_answers_a_datagram_without_a_tie_goes_by_the_tables_of_no_vrf():
    host = replace(bind(TENANT, replace(ANYWHERE, protocol="udp")), l3mdev_accept=True)
    near = Host("near", (LO, Interface("eth0", ("192.0.2.20/24",), link="blue lan")))
    answer = dial(World((near, host)), "near", "192.0.2.10", 80, "udp")
    assert (answer.listener.process, answer.outcome.value) == ("web", "the answer is lost")
    assert answer.back[-1].reason == "it asks by ARP on lan who has 192.0.2.20, and nobody answers."


@pytest.mark.parametrize("device", ["lo", "eth1"])
def test_a_vrf_is_an_interface_of_its_own(device):
    with pytest.raises(BadHost, match=f"eth2 is a port of {device}, which is no VRF's device"):
        Host("tenant", (*TENANT.interfaces, Interface("eth2", vrf=device)))


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
        (
            lambda: StaticRoute("::/0", kind="throw"),
            "'throw' is no kind of route that is modelled; there are unicast, bl",
        ),
        (
            lambda: StaticRoute("::/0", "::1", kind="prohibit"),
            "the prohibit route to ::/0 leads nowhere: no gateway and no",
        ),
        (lambda: Interface("eth0", ("192.0.2.1/24",) * 2), "eth0 has 192.0.2.1/24 twice"),
        (
            lambda: Interface("eth0", ("192.0.2.1/24",), deprecated=("192.0.2.1/24",)),
            "eth0 has no IPv6 address 192.0.2.1/24 that could be deprecated",
        ),
        (
            lambda: Interface("eth0", deprecated=("::2/64",)),
            "eth0 has no IPv6 address ::2/64 that could be deprecated",
        ),
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


# ---- Addresses in any order, and which of them speaks


def source(host, destination):
    found = route_get(host, destination)
    return found and str(found.source)


def test_of_ipv4_addresses_the_first_of_each_prefix_speaks_and_a_more_specific_link_beats_a_wide_prefix_on_lo():
    wide = replace(LO, addresses=(*LO.addresses, "198.18.0.1/16"))
    eth0 = Interface("eth0", ("192.0.2.12/24", "192.0.2.11/24", "198.18.7.1/24", "192.0.2.13/0"), link="lan")
    host = Host("x", (wide, eth0))
    assert source(host, "192.0.2.99") == "192.0.2.12"
    assert str(route_get(host, "198.18.7.9")) == "198.18.7.9 dev eth0 src 198.18.7.1"
    assert route_get(host, "198.18.8.9").local
    assert route_get(replace(host, strong=True), "198.18.7.9").local  # `ip rule` takes the two tables apart
    assert route_get(host, "203.0.113.9") is None  # nothing follows from a prefix of length 0


@pytest.mark.parametrize(
    ("addresses", "destination", "chosen"),
    [
        (("2001:db8::1/64", "fd00::1/64"), "fd00:1::9", "fd00::1"),  # the label, RFC 6724 rule 6
        (("2001:db8::1/64", "2002:c000:201::1/48"), "2002:c633:6401::1", "2002:c000:201::1"),
        (
            ("2001:db8:a::1/32", "2001:db8:ff::1/64"),
            "2001:db8:a::9",
            "2001:db8:ff::1",
        ),  # no further than its own prefix
        (("2001:db8:a::1/64", "2001:db8:ff::1/64"), "2001:db8:a::9", "2001:db8:a::1"),
        (("2001:db8:a::1/64", "2001:db8:b::1/64"), "2001:db8:8000::9", "2001:db8:b::1"),  # of equals the last
        (("fec0::1/64", "2001:db8::1/64"), "fec0::9", "fec0::1"),  # the scope, rule 2
        (("2001:10::1/48", "3ffe::1/64"), "2001:10:1::9", "2001:10::1"),  # an ORCHID for an ORCHID
    ],
)
def test_of_ipv6_addresses_the_one_that_fits_the_destination_speaks(addresses, destination, chosen):
    host = Host("x", (LO, Interface("eth0", addresses, link="lan")), (StaticRoute("::/0", interface="eth0"),))
    assert source(host, destination) == chosen


def test_a_deprecated_address_speaks_only_for_want_of_another_and_for_itself():
    old, new = "2001:db8:a::1/64", "2001:db8:b::1/64"
    eth0 = Interface("eth0", (old, new), link="lan", deprecated=(old,))
    host = Host("x", (LO, eth0))
    assert source(host, "2001:db8:a::9") == "2001:db8:b::1"
    assert source(host, "2001:db8:a::1") == "2001:db8:a::1"
    assert source(host.with_interface("eth0", addresses=(old,)), "2001:db8:a::9") == "2001:db8:a::1"


# ---- Routes that lead nowhere


@pytest.mark.parametrize(
    ("kind", "at_once", "by_ipv4", "by_ipv6"),
    [
        ("blackhole", "EINVAL", ("ETIMEDOUT", None), ("ETIMEDOUT", None)),
        ("unreachable", "EHOSTUNREACH", ("EHOSTUNREACH", None), ("ENETUNREACH", None)),
        ("prohibit", "EACCES", ("EHOSTUNREACH", "EHOSTUNREACH"), ("EACCES", "EACCES")),
    ],
)
def test_what_leads_nowhere_tells_its_own_programs_and_others_by_icmp_or_not(kind, at_once, by_ipv4, by_ipv6):
    refusing = (StaticRoute("203.0.113.0/24", kind=kind), StaticRoute("2001:db8:1::/48", kind=kind))
    card = Interface("eth0", ("192.0.2.1/24", "2001:db8::1/64"), link="lan")
    router = Host("router", (LO, card), refusing, forwards=True)
    home = World((replace(LAPTOP, routes=(*LAPTOP.routes, default("2001:db8::1"))), router))
    for to, told in (("203.0.113.9", by_ipv4), ("2001:db8:1::9", by_ipv6)):
        assert dial(home, "router", to, 80).error == at_once
        assert tuple(dial(home, "laptop", to, 80, protocol).error for protocol in ("tcp", "udp")) == told
    assert str(main_table(router)[-2]) == f"{kind} 203.0.113.0/24"
    assert str(route_get(router, "2001:db8:1::9")) == f"{kind} 2001:db8:1::9"


def test_a_route_of_ipv6_that_was_set_without_a_metric_counts_less_than_the_links_own():
    eth1 = Interface("eth1", link="other")
    host = Host("x", (LO, ETH0, eth1), (StaticRoute("2001:db8::/64", interface="eth1"),))
    assert route_get(host, "2001:db8::99").interface == "eth0"
    first = replace(host, routes=(StaticRoute("2001:db8::/64", interface="eth1", metric=1),))
    assert route_get(first, "2001:db8::99").interface == "eth1"


# ---- Who has no address, or another's


def test_who_has_no_ipv6_address_at_all_is_told_so_before_that_there_is_no_way():
    bare = Host("bare", (Interface("lo", ("127.0.0.1/8",)), Interface("eth0", ("192.0.2.30/24",), link="lan")))
    assert dial(World((bare,)), "bare", "2001:db8::1", 80).error == "EADDRNOTAVAIL"
    assert dial(World((Host("lo alone"),)), "lo alone", "2001:db8::1", 80).error == "ENETUNREACH"


def test_who_has_no_ipv4_address_hears_its_own_complaint_all_the_same():
    bare = Host("bare", (LO, Interface("eth0", link="lan")), (StaticRoute("192.0.2.0/24", interface="eth0"),))
    answer = dial(World((bare,)), "bare", "192.0.2.9", 80)
    assert (str(answer.source), answer.error) == ("0.0.0.0", "EHOSTUNREACH")


def test_a_link_local_address_of_ipv4_is_one_like_others():
    host = Host("x", (LO, Interface("eth0", ("169.254.1.1/16",), link="lan")))
    assert dial(World((host,)), "x", "169.254.1.9", 80).error == "EHOSTUNREACH"


def test_each_family_has_its_own_switch_for_addresses_that_are_nobodys_and_ipv4_sends_nothing_from_them():
    four, six = Binding("x", "tcp", "192.0.2.99", 80), Binding("x", "tcp", "2001:db8::99", 80)
    bind(replace(LAPTOP, nonlocal_bind=True), four)
    bind(replace(LAPTOP, nonlocal_bind6=True), six)
    for host, binding in ((replace(LAPTOP, nonlocal_bind6=True), four), (replace(LAPTOP, nonlocal_bind=True), six)):
        with pytest.raises(CannotBind, match="has no address"):
            bind(host, binding)
    free = World((replace(LAPTOP, nonlocal_bind=True, nonlocal_bind6=True),))
    assert dial(free, "laptop", "192.0.2.20", 80, source="192.0.2.99").error == "ENETUNREACH"
    assert str(dial(free, "laptop", "2001:db8::20", 80, source="2001:db8::99").source) == "2001:db8::99"


def test_an_ipv4_mapped_destination_is_reached_by_ipv4():
    host = bind(LAPTOP, Binding("server", "tcp", "127.0.0.1", 80))
    for to in ("::ffff:127.0.0.1", "::ffff:0.0.0.0"):
        answer = dial(World((host,)), "laptop", to, 80)
        assert (str(answer.destination), answer.listener.process) == ("127.0.0.1", "server")
        assert f"({to} means 127.0.0.1 here)" in str(answer)
    both = dial(World((host,)), "laptop", "::", 80, source="::ffff:127.0.0.1")
    assert str(both.destination) == "127.0.0.1"
    with pytest.raises(NetlearnError, match="of two families"):
        dial(World((host,)), "laptop", "192.0.2.20", 80, source="::1")


def test_a_macvlan_reaches_everybody_on_its_link_but_the_nic_that_it_rides_on():
    def on_lan(name, number, **more):
        return Host(name, (LO, Interface("eth0", (f"192.0.2.{number}/24",), link="lan", **more)))

    upon = {"macvlan_on": ("machine", "eth0")}
    home = World((on_lan("machine", 10), on_lan("blue", 11, **upon), on_lan("red", 12, **upon), on_lan("near", 20)))
    reached = {
        (client, to)
        for client in ("machine", "blue", "near")
        for to in range(10, 21)
        if dial(home, client, f"192.0.2.{to}", 80).reached
    }
    assert reached == {
        *(("machine", 10), ("machine", 20)),
        *(("blue", 11), ("blue", 12), ("blue", 20)),
        *(("near", 10), ("near", 11), ("near", 12), ("near", 20)),
    }
