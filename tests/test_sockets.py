"""Doors as values: who can reach them, what changed between two looks, the recorded snapshot, netlink's bytes."""

import json
import os
import random
import sys
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any

import hostile_inputs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlearn import Listener, Scope, Snapshot, Socket
from netlearn.errors import NetlearnError
from netlearn.host.scope import TITLES, BadAddress, InterfaceAddresses, Place, place, reach
from netlearn.host.sockets import MOST, Holder, State, difference
from netlearn.probe import sockdiag
from netlearn.recorded.snapshot import BadSnapshot, from_json, recorded, to_json

LO = InterfaceAddresses("lo", ("127.0.0.1/8", "::1/128", "192.0.2.1/32"), loopback=True)
ETH0 = InterfaceAddresses("eth0", ("198.51.100.10/24", "2001:db8::10/64", "fe80::10%eth0/64"))
ETH1 = InterfaceAddresses("eth1", ("203.0.113.0/31", "fe80::11%eth1/64"))
MACHINE = (LO, ETH0, ETH1)


def door(address: str = "127.0.0.1", port: int = 631, process: str | None = "cupsd", **more: Any) -> Listener:
    holders = (Holder(process, 812, 7),) if process else ()
    where = place(MACHINE, address, more.get("device"), more.get("v6only", False))
    return Listener("tcp", address, port, where, holders, "root", **more)


# ---- Who can reach which address

PLACES = {
    "127.0.0.1": (Scope.LOOPBACK, "lo"),
    "127.0.0.53": (Scope.LOOPBACK, "lo"),
    "127.255.255.255": (Scope.LOOPBACK, "lo"),
    "::1": (Scope.LOOPBACK, "lo"),
    "::ffff:127.0.0.1": (Scope.LOOPBACK, "lo"),
    "192.0.2.1": (Scope.ADDRESS, "lo"),  # a router's loopback address is no 127 address
    "198.51.100.10": (Scope.ADDRESS, "eth0"),
    "::ffff:198.51.100.10": (Scope.ADDRESS, "eth0"),
    "198.51.100.99": (Scope.ADDRESS, None),
    "2001:db8::10": (Scope.ADDRESS, "eth0"),
    "fe80::10%eth0": (Scope.ADDRESS, "eth0"),
    "fe80::11": (Scope.ADDRESS, "eth1"),
    "203.0.113.1": (Scope.ADDRESS, None),  # a /31 has no broadcast address
    "224.0.0.251": (Scope.MULTICAST, None),
    "ff02::fb": (Scope.MULTICAST, None),
    "255.255.255.255": (Scope.MULTICAST, None),
    "198.51.100.255": (Scope.MULTICAST, "eth0"),
    "0.0.0.0": (Scope.EVERY_IPV4, None),
    "::ffff:0.0.0.0": (Scope.EVERY_IPV4, None),
    "::": (Scope.EVERY, None),
}


@pytest.mark.parametrize("address", PLACES)
def test_the_address_says_who_can_reach_a_listener(address):
    found = place(MACHINE, address)
    assert (found.scope, found.interface) == PLACES[address]


def test_every_ipv6_address_alone_is_another_scope_than_every_address():
    assert place(MACHINE, "::", v6only=True).scope is Scope.EVERY_IPV6


def test_a_device_narrows_every_address_but_not_what_is_narrower_already():
    assert place(MACHINE, "0.0.0.0", "eth0") == Place(Scope.DEVICE, "eth0")
    assert place(MACHINE, "::", "eth0") == Place(Scope.DEVICE, "eth0")
    assert place(MACHINE, "198.51.100.10", "eth0") == Place(Scope.DEVICE, "eth0")
    assert place(MACHINE, "127.0.0.53", "lo").scope is Scope.LOOPBACK
    assert place(MACHINE, "fe80::10", "eth0") == Place(Scope.ADDRESS, "eth0")


@given(st.integers(0, 2**24 - 1))
def test_all_of_127_0_0_0_slash_8_is_loopback_mapped_into_ipv6_as_well(low):
    ip = IPv4Address((127 << 24) + low)
    assert place((), str(ip)).scope is Scope.LOOPBACK
    assert place((), f"::ffff:{ip}").scope is Scope.LOOPBACK


@given(st.ip_addresses())
def test_every_address_there_is_has_a_scope_and_a_sentence(ip):
    assert reach(place(MACHINE, str(ip)), str(ip)).endswith(".")


@given(st.integers(2, 2**128 - 1).map(IPv6Address).filter(lambda ip: ip.ipv4_mapped is None))
def test_in_ipv6_only_one_address_is_loopback(ip):
    assert place((), str(ip)).scope is not Scope.LOOPBACK


def test_every_prefix_on_a_loopback_interface_is_this_machines_own():
    lo = InterfaceAddresses("lo", ("192.0.2.0/24", "2001:db8::/64"), loopback=True)
    assert place([lo], "192.0.2.77").interface == "lo"
    assert place([lo], "2001:db8::77").interface is None
    assert place([replace(lo, loopback=False)], "192.0.2.77").interface is None


def test_a_link_local_address_on_two_interfaces_names_neither():
    both = [InterfaceAddresses("eth0", ("fe80::1%eth0/64",)), InterfaceAddresses("eth1", ("fe80::1%eth1/64",))]
    assert place(both, "fe80::1").interface is None
    assert place(both, "fe80::1", "eth1").interface == "eth1"


# What a machine can say of itself beside its addresses, and who then reaches what is bound to this address and device.
UNUSUAL = (
    InterfaceAddresses("lo", ("127.0.0.1/8", "fe80::7%lo/64"), loopback=True, local=("203.0.113.0/24",)),
    InterfaceAddresses("eth0", ("192.0.2.10/24",), route_localnet=True),
    InterfaceAddresses("eth1", route_localnet=True),
    InterfaceAddresses("port", ("fe80::9%port/64",), bridge="br0"),
)
NOW = {
    ("127.0.0.1", None): (Scope.ADDRESS, "to eth0 or eth1: there route_localnet is 1, which lets in what is for 127."),
    ("::ffff:127.0.0.1", "eth1"): (Scope.ADDRESS, "sends what is for ::ffff:127.0.0.1 to eth1: there route_localnet"),
    ("127.0.0.1", "lo"): (Scope.LOOPBACK, "Only programs on this machine: every other has a 127.0.0.1"),
    ("::1", None): (Scope.LOOPBACK, "Only programs on this machine: every other has a ::1"),
    ("203.0.113.9", None): (Scope.ADDRESS, "no interface has it, but a local route on lo makes it this machine's own"),
    ("198.51.100.9", None): (Scope.ADDRESS, "at the moment no interface of this machine has that address"),
    ("fe80::7", None): (Scope.LOOPBACK, "Only programs on this machine: fe80::7 is for the link of lo"),
    ("0.0.0.0", "port"): (Scope.DEVICE, "if it has one: port is a port of the bridge br0, and what comes in there"),
    ("fe80::9", None): (Scope.ADDRESS, "port is a port of the bridge br0"),
}


@pytest.mark.parametrize(("address", "device"), NOW)
def test_scope_and_sentence_are_what_the_machine_says_now(address: str, device: str | None) -> None:
    found = place(UNUSUAL, address, device)
    scope, words = NOW[address, device]
    assert found.scope is scope
    assert words in reach(found, address)


def test_a_door_as_data_names_the_switch_that_opens_it_and_why_its_process_is_hidden() -> None:
    listener = Listener("tcp", "127.0.0.1", 80, place(UNUSUAL, "127.0.0.1"), hidden_because="it is so")
    assert listener.data()["route_localnet"] == ["eth0", "eth1"]
    assert listener.data()["hidden_because"] == "it is so"
    whole = Snapshot((listener,), (), UNUSUAL, 1, "it is so", notes=("Something cannot be asked for.",))
    assert from_json(to_json(whole)) == whole
    assert whole.data()["notes"] == [*whole.notes]


@pytest.mark.parametrize("text", ["", "localhost", "127.0.0.1:80", "1" * 5000])
def test_what_is_no_address_is_refused_on_one_short_line(text):
    with pytest.raises(BadAddress) as refused:
        place(MACHINE, text)
    assert len(str(refused.value)) < 150
    assert isinstance(refused.value, NetlearnError)
    with pytest.raises(BadAddress, match="is no interface's address"):
        place([InterfaceAddresses("eth0", (text,))], "192.0.2.1")


SENTENCES = {
    ("127.0.0.1", None): "Only programs on this machine: every other has a 127.0.0.1 of its own.",
    ("198.51.100.10", None): "Whoever can reach 198.51.100.10, an address of eth0; programs on this machine can, too.",
    ("fe80::10%eth0", None): "Only machines on the link of eth0: no router forwards to fe80::10%eth0.",
    (
        "0.0.0.0",
        "lo",
    ): "Only programs on this machine: it takes what comes in through lo, and from outside nothing does.",
    ("0.0.0.0", "eth0"): "Whoever comes in through eth0; programs on this machine, too, by an address of eth0.",
    ("224.0.0.251", None): "Whoever sends to the group 224.0.0.251, which belongs to no machine alone.",
    ("198.51.100.255", None): ("Every machine on the same link that sends to 198.51.100.255, which means all of them."),
    ("198.51.100.9", None): (
        "Whoever can reach 198.51.100.9; at the moment no interface of this machine has that address."
    ),
}


@pytest.mark.parametrize("what", SENTENCES)
def test_a_sentence_says_who_can_reach_a_listener(what):
    address, device = what
    assert door(address, device=device).reach == SENTENCES[what]


def test_every_scope_has_a_title_and_a_stable_name():
    assert set(TITLES) == set(Scope)
    assert [scope.value for scope in Scope] == [
        *("loopback", "device", "multicast", "address", "every-ipv4", "every-ipv6", "every", "unix"),
    ]


# ---- What ss would say

ENDPOINTS = {
    "127.0.0.1:631": door(),
    "[::1]:631": door("::1"),
    "*:22": door("::", 22),
    "[::]:22": door("::", 22, v6only=True),
    "0.0.0.0%eth0:68": door("0.0.0.0", 68, device="eth0"),
    "*%eth0:546": door("::", 546, device="eth0"),
    "[fe80::10]%eth0:546": door("fe80::10%eth0", 546, device="eth0", v6only=True),
    "[::ffff:127.0.0.1]:80": door("::ffff:127.0.0.1", 80),
}


@pytest.mark.parametrize("text", ENDPOINTS)
def test_an_endpoint_is_written_as_ss_writes_it(text):
    assert ENDPOINTS[text].endpoint == text


def test_the_columns_are_those_of_ss():
    shared = replace(door(), holders=(Holder("nginx", 7, 6), Holder("nginx", 8, 6)))
    assert shared.columns() == (
        *("tcp", "LISTEN", "127.0.0.1:631"),
        'users:(("nginx",pid=7,fd=6),("nginx",pid=8,fd=6))',
    )
    assert (shared.process, shared.pid) == ("nginx", 7)
    assert door(process=None).columns() == ("tcp", "LISTEN", "127.0.0.1:631", "")


def test_what_waits_for_no_connections_is_unconnected_and_does_not_listen():
    states = {netid: replace(door(), netid=netid).state for netid in ("tcp", "udp", "u_str", "u_dgr", "u_seq")}
    assert states == {"tcp": "LISTEN", "udp": "UNCONN", "u_str": "LISTEN", "u_dgr": "UNCONN", "u_seq": "LISTEN"}


# ---- Snapshots


def test_a_snapshot_as_data_has_the_form_of_the_architecture_page():
    (found,) = Snapshot((door(),)).data()["listeners"]
    assert list(found.items())[:6] == [
        *(("protocol", "tcp"), ("address", "127.0.0.1"), ("port", 631)),
        *(("scope", "loopback"), ("process", "cupsd"), ("pid", 812)),
    ]
    assert Snapshot(()).data() == {"listeners": [], "hidden": 0}
    assert json.dumps(Snapshot((door(process=None),), hidden=1, hidden_because="it is so").data())


def test_a_snapshot_is_shown_by_scope_the_narrowest_first():
    shown = Snapshot((door("::", 3000), door("0.0.0.0", 22), door(), door("127.0.0.1", 53)))
    groups = {scope: [each.port for each in doors] for scope, doors in shown.by_scope().items()}
    assert groups == {Scope.LOOPBACK: [53, 631], Scope.EVERY_IPV4: [22], Scope.EVERY: [3000]}
    assert list(groups) == [Scope.LOOPBACK, Scope.EVERY_IPV4, Scope.EVERY]
    assert repr(shown) == "<Snapshot: 4 listeners (2 loopback, 1 every-ipv4, 1 every), 0 connections>"
    assert str(shown).splitlines()[:3] == [
        "Only programs on this machine, by a loopback address (loopback)",
        "  Netid  State   Local Address:Port  Process                         User  Who can reach it",
        '  tcp    LISTEN  127.0.0.1:53        users:(("cupsd",pid=812,fd=7))  root  '
        "Only programs on this machine: every other has a 127.0.0.1 of its own.",
    ]


def test_a_page_shows_the_same_and_no_name_can_be_markup():
    page = Snapshot((door(process="<b>"),), hidden=1, hidden_because="that's so")._repr_html_()
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "Only programs on this machine: every other has a 127.0.0.1 of its own." in page
    assert "The process is hidden for 1 of 1: that&#x27;s so." in page
    assert Snapshot(())._repr_html_().count("Nothing listens") == 1


def test_a_page_shows_no_more_than_a_reader_can_read():
    page = Snapshot(tuple(door(port=port) for port in range(1, MOST + 51)))._repr_html_()
    assert page.count("of its own") == MOST
    assert "… and 50 more." in page


def test_without_doors_a_snapshot_says_so():
    assert str(Snapshot(())) == "Nothing listens."


# ---- What changed


def test_a_difference_names_what_opened_and_what_closed():
    before, after = Snapshot((door(), door("0.0.0.0", 22))), Snapshot((door(), door("::1")))
    found = difference(before, after)
    assert found.opened == (door("::1"),)
    assert found.closed == (door("0.0.0.0", 22),)
    assert str(found).splitlines() == [
        'opened  tcp LISTEN [::1]:631 users:(("cupsd",pid=812,fd=7)) root  '
        "Only programs on this machine: every other has a ::1 of its own.",
        'closed  tcp LISTEN 0.0.0.0:22 users:(("cupsd",pid=812,fd=7)) root  '
        "Whoever can reach any IPv4 address of this machine, from outside or from inside by 127.0.0.1.",
    ]
    assert found.data()["opened"] == [door("::1").data()]


def test_nothing_changed_is_a_difference_that_is_false():
    assert not difference(Snapshot((door(),)), Snapshot((door(),)))
    assert difference(Snapshot(()), Snapshot((door(),)))
    assert difference(Snapshot((door(),)), Snapshot(()))


def test_a_door_that_another_process_serves_now_was_closed_and_opened():
    restarted = replace(door(), holders=(Holder("cupsd", 900, 7),))
    found = difference(Snapshot((door(),)), Snapshot((restarted,)))
    assert (found.opened, found.closed) == ((restarted,), (door(),))


def test_a_worker_that_joins_changes_no_door_and_equal_doors_are_counted():
    joined = replace(door(), holders=(*door().holders, Holder("cupsd", 900, 7)))
    assert not difference(Snapshot((door(),)), Snapshot((joined,)))
    assert difference(Snapshot((door(), door())), Snapshot((door(),))).closed == (door(),)


ports = st.lists(st.integers(1, 9), max_size=6).map(lambda few: Snapshot(tuple(door(port=port) for port in few)))


@given(ports, ports)
def test_a_difference_turned_round_swaps_opened_and_closed_and_leads_from_one_to_the_other(before, after):
    there, back = difference(before, after), difference(after, before)
    assert (there.opened, there.closed) == (back.closed, back.opened)
    led = sorted(each.port for each in before.listeners + there.opened)
    for each in there.closed:
        led.remove(each.port)
    assert led == sorted(each.port for each in after.listeners)


# ---- In a file


def test_a_snapshot_survives_the_way_through_a_file():
    whole = Snapshot(
        (door(), door("fe80::10%eth0", device="eth0"), Listener("u_str", "/run/x", None, Place(Scope.UNIX))),
        (Socket("tcp", State.ESTABLISHED, "127.0.0.1", 631, "127.0.0.1", 40000, (Holder(None, 5, None),), "root"),),
        MACHINE,
        *(1, "it is so", "2026-01-01T00:00:00Z", "Linux 6.1.0", True),
    )
    assert from_json(to_json(whole)) == whole


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"interfaces": 3}', "[" * 100_000, to_json(Snapshot(()))[:-9]]
)
def test_what_is_no_snapshot_is_refused_on_one_line(text):
    with pytest.raises(BadSnapshot, match=r"^this is no snapshot of sockets: .{1,120}$"):
        from_json(text)


def test_what_a_snapshot_is_made_of_is_checked_as_it_is_read_and_not_as_it_is_shown():
    refused, whole = [], to_json(recorded())
    for number in range(int(os.environ.get("NETLEARN_HOSTILE", "40"))):
        generator, given = random.Random(f"snapshot {number}"), json.loads(whole)
        row = generator.choice(
            [given, *(each for key in ("listeners", "connections", "interfaces") for each in given[key])]
        )
        row[generator.choice(sorted(row))] = hostile_inputs.value(generator)
        try:
            seen = from_json(json.dumps(given))
        except BadSnapshot as reason:
            refused.append(str(reason))
            continue
        texts = str(seen), repr(seen), seen._repr_html_(), seen.when, seen.recording_note, seen.hidden_note
        assert all(line.isprintable() for text in texts for line in text.split("\n")), number
        assert from_json(to_json(seen)) == seen, number
    assert refused
    assert all(reason.isprintable() for reason in refused)


@pytest.mark.parametrize(
    ("rows", "field", "value"),
    [
        ("listeners", "port", True),
        ("listeners", "holders", [[1, 2, 3]]),
        ("connections", "user", 5),
        ("interfaces", "up", 1),
    ],
)
def test_a_value_of_another_type_is_named(rows, field, value):
    given = json.loads(to_json(recorded()))
    given[rows][0][field] = value
    with pytest.raises(BadSnapshot, match=f"{field}|process"):
        from_json(json.dumps(given))


def test_the_time_of_a_recording_is_said_as_a_reader_would_and_foreign_words_stay():
    assert Snapshot((), taken="2026-11-23T11:17:21Z").when == "23 November 2026, 11:17 UTC"
    for foreign in ("2026-03-01T00:30:00+01:00", "2026-13-01T00:30:00Z", "last Monday"):
        assert Snapshot((), taken=foreign).when == foreign
    assert Snapshot((), taken="last\u2028Monday\x1b").when == r"last\u2028Monday\x1b"


def test_the_recorded_snapshot_says_that_it_is_one_and_when_and_where_it_was_made():
    assert recorded().recorded
    assert recorded().system.startswith("Linux ")
    data = json.dumps(recorded().data())
    assert recorded().taken in data
    for text in (str(recorded()), repr(recorded()), recorded()._repr_html_(), data):
        assert "recorded" in text.casefold()
        assert text == data or recorded().when in text
        assert recorded().system in text


def test_the_recorded_snapshot_has_a_door_of_every_scope():
    assert set(recorded().by_scope()) == set(Scope)


def test_the_recorded_doors_are_where_the_real_programs_open_them():
    found = {(each.process, each.protocol, each.endpoint): each.scope for each in recorded().listeners}
    assert found["cupsd", "tcp", "127.0.0.1:631"] is found["cupsd", "tcp", "[::1]:631"] is Scope.LOOPBACK
    assert found["sshd", "tcp", "0.0.0.0:22"] is Scope.EVERY_IPV4
    assert found["sshd", "tcp", "[::]:22"] is Scope.EVERY_IPV6
    assert found["avahi-daemon", "udp", "0.0.0.0:5353"] is Scope.EVERY_IPV4
    assert found["systemd-resolve", "udp", "127.0.0.53%lo:53"] is Scope.LOOPBACK
    assert found["postgres", "tcp", "127.0.0.1:5432"] is Scope.LOOPBACK
    assert found["postgres", "unix", "/run/postgresql/.s.PGSQL.5432"] is Scope.UNIX
    assert found["nginx", "tcp", "192.0.2.10:8080"] is Scope.ADDRESS
    assert found["systemd-network", "udp", "192.0.2.10%eth0:68"] is Scope.DEVICE
    assert {each.process for each in recorded().connections} == {"sshd", "postgres", "psql", "firefox"}


def test_the_recorded_snapshot_shows_documentation_addresses_only():
    nets = ("192.0.2.", "2001:db8:", "127.", "::1/", "fe80:")
    addresses = [address for each in recorded().interfaces for address in each.addresses]
    assert [address for address in addresses if not address.startswith(nets)] == []


# ---- Netlink's bytes

ANSWERS = json.loads((Path(__file__).parent / "data" / "sockdiag.json").read_text(encoding="utf-8"))


def answer(name):
    return sockdiag.messages(bytes.fromhex(datagram) for datagram in ANSWERS[name])


def test_recorded_answers_of_a_kernel_are_read_as_the_sockets_that_were_open():
    tcp4, client, server = [sockdiag.inet_row("tcp", *message) for message in answer("tcp4")]
    assert tcp4 == ("tcp", sockdiag.LISTENING, "127.0.0.1", 631, "0.0.0.0", 0, 0, False, 0, 731138)
    assert server[1:6] == (sockdiag.ESTABLISHED, "127.0.0.1", 631, "127.0.0.1", 40184)
    assert client[1:6] == (sockdiag.ESTABLISHED, "127.0.0.1", 40184, "127.0.0.1", 631)
    mapped, v6only = [sockdiag.inet_row("tcp", *message) for message in answer("tcp6")]
    assert (mapped.address, mapped.port, mapped.v6only) == ("::ffff:127.0.0.1", 8082, False)
    assert (v6only.address, v6only.port, v6only.v6only) == ("::", 8081, True)
    (udp,) = [sockdiag.inet_row("udp", *message) for message in answer("udp4")]
    assert (udp.state, udp.address, udp.port, udp.device) == (sockdiag.UNCONNECTED, "0.0.0.0", 68, 1)
    unix = [sockdiag.unix_row(*message) for message in answer("unix")]
    assert [(row.netid, row.address) for row in unix] == [("u_dgr", "/tmp/y.sock"), ("u_str", "@door")]


def test_an_answer_may_end_in_the_datagram_of_its_last_socket():
    joined = bytes.fromhex("".join(ANSWERS["tcp4"]))
    assert len([*sockdiag.messages([joined])]) == 3


def test_every_answer_that_is_broken_has_an_end():
    whole = [bytes.fromhex("".join(datagrams)) for datagrams in map(ANSWERS.get, ("tcp4", "tcp6", "udp4", "unix"))]
    read = broken = 0
    for number in range(int(os.environ.get("NETLEARN_HOSTILE", "200"))):
        generator = random.Random(f"netlink {number}")
        spoilt = bytearray(generator.choice(whole))
        for _ in range(generator.randrange(1, 4)):
            spoilt[generator.randrange(len(spoilt))] = generator.choice((0, 1, 2, 3, 16, 255, generator.randrange(256)))
        data = bytes(spoilt[: generator.choice((len(spoilt), generator.randrange(len(spoilt) + 1)))])
        try:
            for _, start, end in sockdiag.messages([data]):
                assert start <= end <= len(data), number
                assert len(sockdiag.attributes(data, start, end)) <= len(data) / 4
                read += 1
        except OSError:
            broken += 1
    assert read
    assert broken


def test_an_answer_that_is_an_error_is_raised():
    refused = (
        sockdiag._HEADER.pack(36, sockdiag.NLMSG_ERROR, 0, 1, 0)
        + (-2).to_bytes(4, sys.byteorder, signed=True)
        + bytes(16)
    )
    with pytest.raises(FileNotFoundError):
        [*sockdiag.messages([refused])]
