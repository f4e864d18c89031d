"""What becomes of a dial, as a student would ask it. That the kernel says the same is in `test_kernel.py`."""

from dataclasses import replace

import pytest

from netlearn.errors import NetlearnError
from netlearn.host import FAR, ME, world
from netlearn.host import NEIGHBOUR as NEXT_TO_ME
from netlearn.host.bind import CannotBind, bind
from netlearn.host.dial import DialOutcome, dial
from netlearn.host.given import BadHost
from netlearn.host.host import LO, Binding, Host, Interface, World, default
from netlearn.host.travel import End, Where

ETH0 = Interface("eth0", ("192.0.2.10/24", "2001:db8::10/64", "fe80::10/64"), link="lan")
LAPTOP = bind(
    Host("laptop", (LO, ETH0)),
    Binding("cupsd", "tcp", "127.0.0.1", 631),
    Binding("sshd", "tcp", "::", 22),
    Binding("web", "tcp", "192.0.2.10", 80),
    Binding("dns", "udp", "0.0.0.0", 53),
)
NEIGHBOUR = Host("neighbour", (LO, Interface("eth0", ("192.0.2.20/24", "2001:db8::20/64", "fe80::20/64"), link="lan")))
WORLD = World((LAPTOP, NEIGHBOUR))


def test_cupsd_on_lo_answers_inside_and_the_neighbour_is_refused_at_the_lan_address():
    assert dial(WORLD, "laptop", "127.0.0.1", 631).outcome is DialOutcome.ANSWERED
    outside = dial(WORLD, "neighbour", "192.0.2.10", 631)
    assert (outside.outcome, outside.error, outside.reached) == (DialOutcome.REFUSED, "ECONNREFUSED", "laptop")


def test_a_server_for_all_on_the_laptop_is_reached_from_inside_from_the_lan_and_from_beyond_the_router():
    small = world((Binding("server", "tcp", "0.0.0.0", 8080),))
    answers = {name: dial(small, name, "192.0.2.10", 8080) for name in (ME, NEXT_TO_ME, FAR)}
    assert {answer.outcome for answer in answers.values()} == {DialOutcome.ANSWERED}
    passed = {name: [interface for _, interface in answer.interfaces] for name, answer in answers.items()}
    assert passed == {ME: ["lo"], NEXT_TO_ME: ["eth0", "eth0"], FAR: ["eth0", "eth1", "eth0", "eth0"]}


def test_127_0_0_1_of_the_neighbour_is_the_neighbours_own():
    answer = dial(WORLD, "neighbour", "127.0.0.1", 631)
    assert (answer.outcome, answer.reached) == (DialOutcome.REFUSED, "neighbour")


def test_to_its_own_lan_address_a_packet_goes_through_lo_and_not_out():
    answer = dial(WORLD, "laptop", "192.0.2.10", 80)
    assert answer.outcome is DialOutcome.ANSWERED
    assert answer.interfaces == (("laptop", "lo"),)
    assert [step.where for step in answer.there][:3] == [Where.PROCESS, Where.LOCAL_TABLE, Where.LO]


def test_with_lo_down_the_lan_address_answers_the_neighbour_but_not_the_machine_itself():
    world = WORLD.with_host(LAPTOP.with_interface("lo", up=False))
    inside = dial(world, "laptop", "192.0.2.10", 80)
    assert (inside.outcome, inside.end.end) == (DialOutcome.LOST, End.LO_DOWN)
    assert dial(world, "neighbour", "192.0.2.10", 80).outcome is DialOutcome.ANSWERED


def test_two_interfaces_without_a_link_do_not_hear_each_other():
    apart = World((LAPTOP.with_interface("eth0", link=None), NEIGHBOUR.with_interface("eth0", link=None)))
    answer = dial(apart, "neighbour", "192.0.2.10", 22)
    assert (answer.outcome, answer.end.end) == (DialOutcome.UNREACHABLE, End.NO_NEIGHBOUR)


def test_in_a_new_namespace_lo_is_down_and_has_no_address():
    answer = dial(World((Host("new", (Interface("lo", up=False),)),)), "new", "127.0.0.1", 80)
    assert (answer.outcome, answer.error) == (DialOutcome.UNREACHABLE, "ENETUNREACH")


def test_connecting_to_0_0_0_0_reaches_127_0_0_1():
    answer = dial(WORLD, "laptop", "0.0.0.0", 631)
    assert (str(answer.destination), answer.listener.process) == ("127.0.0.1", "cupsd")
    assert str(answer.there[0]).endswith("dials 127.0.0.1:631 (0.0.0.0 means 127.0.0.1 here).")


def test_a_udp_server_on_0_0_0_0_answers_from_the_address_that_its_route_picks():
    answer = dial(WORLD, "laptop", "127.0.0.5", 53, "udp")
    assert (answer.outcome, answer.end.end) == (DialOutcome.ANSWER_LOST, End.OTHER_SOURCE)
    assert dial(WORLD, "laptop", "127.0.0.1", 53, "udp").outcome is DialOutcome.ANSWERED


def test_only_a_program_whose_answer_arrives_has_the_connection():
    asked = dial(WORLD, "neighbour", "192.0.2.10", 22)
    assert [str(step) for step in asked.there][-2:] == [
        "laptop, socket sshd on tcp [::]:22: it listens for what is for 192.0.2.10:22, and the kernel answers with"
        " SYN-ACK.",
        "laptop, process sshd: sshd gets the connection, once the client has the SYN-ACK.",
    ]


def test_an_answer_without_a_way_back_is_lost():
    far = replace(NEIGHBOUR.with_interface("lo", addresses=(*LO.addresses, "203.0.113.7/32")))
    answer = dial(WORLD.with_host(far), "neighbour", "192.0.2.10", 80, source="203.0.113.7")
    assert (answer.outcome, answer.listener.process) == (DialOutcome.ANSWER_LOST, "web")
    assert (answer.end.host, answer.end.end) == ("laptop", End.NO_ROUTE)


def test_a_weak_host_answers_for_all_its_addresses_on_any_nic_and_a_strong_one_does_not():
    two = Interface("eth1", ("198.51.100.10/24",), link="other")
    asking = replace(NEIGHBOUR, routes=(default("192.0.2.10"),))
    weak = bind(Host("laptop", (LO, ETH0, two)), Binding("sshd", "tcp", "0.0.0.0", 22))
    assert dial(World((weak, asking)), "neighbour", "198.51.100.10", 22).outcome is DialOutcome.ANSWERED
    lost = dial(World((replace(weak, strong=True), asking)), "neighbour", "198.51.100.10", 22)
    assert (lost.outcome, lost.end.end) == (DialOutcome.LOST, End.NOT_MINE)
    assert lost.end.reason.endswith("on eth1, but came in by eth0: a strong host drops it.")


def test_127_0_0_1_from_outside_is_a_martian_whatever_listens():
    sneaky = Host("neighbour", (Interface("lo"), NEIGHBOUR.interface("eth0")), (default("192.0.2.10"),))
    lost = dial(World((LAPTOP, sneaky)), "neighbour", "127.0.0.1", 631)
    assert (lost.outcome, lost.end.host, lost.end.end) == (DialOutcome.LOST, "laptop", End.MARTIAN_DESTINATION)
    opened = replace(LAPTOP, route_localnet=True)
    assert dial(World((opened, sneaky)), "neighbour", "127.0.0.1", 631).listener.process == "cupsd"


def test_a_link_local_address_needs_its_zone():
    assert dial(WORLD, "neighbour", "fe80::10", 22).error == "EINVAL"
    assert dial(WORLD, "neighbour", "fe80::10%eth0", 22).listener.process == "sshd"


def test_each_namespace_has_its_own_lo():
    container = Host("container", (LO, Interface("eth0", ("198.18.9.2/24",), link="veth")), (default("198.18.9.1"),))
    machine = replace(LAPTOP, interfaces=(*LAPTOP.interfaces, Interface("veth0", ("198.18.9.1/24",), link="veth")))
    world = World((machine, container))
    assert dial(world, "container", "127.0.0.1", 631).reached == "container"
    assert dial(world, "container", "198.18.9.1", 22).listener.process == "sshd"
    assert dial(world, "container", "198.18.9.1", 631).outcome is DialOutcome.REFUSED


def test_a_host_without_lo_is_none():
    with pytest.raises(BadHost, match="x has 0 loopback interfaces; every host has one, named lo"):
        Host("x", ())


def test_an_answer_can_be_read():
    answer = dial(WORLD, "laptop", "127.0.0.1", 631)
    assert repr(answer) == "<Answer: tcp to 127.0.0.1:631: answered by cupsd on tcp 127.0.0.1:631>"
    lines = str(answer).splitlines()
    assert lines[1] == "   1  laptop, process: a program on laptop dials 127.0.0.1:631."
    assert lines[-1] == "   8  laptop, process: the program that dialled has its answer."
    assert len(lines) == len(answer.steps) + 2


def test_who_is_refused_is_told_so_and_nobody_took_the_packet():
    answer = dial(WORLD, "laptop", "127.0.0.1", 80)
    assert str(answer).splitlines()[-1].endswith("the program that dialled is told that it was refused.")
    assert (answer.listener, answer.reached) == (None, "laptop")


@pytest.mark.parametrize(
    ("protocol", "port", "name"),
    [("tcp", 22, "SYN-ACK"), ("tcp", 99, "RST"), ("udp", 53, "answer"), ("udp", 99, "ICMP port unreachable")],
)
def test_what_the_kernel_or_the_program_sends_back_is_called_by_its_name(protocol, port, name):
    back = dial(WORLD, "neighbour", "192.0.2.10", port, protocol).back
    assert f"the {name} is sent from 192.0.2.10." in [step.reason for step in back]


def test_who_dials_from_afar_what_nobody_has_reads_every_step_there_and_what_the_router_says_back():
    assert str(dial(world(), FAR, "192.0.2.99", 80)).splitlines() == [
        "tcp to 192.0.2.99:80: unreachable (EHOSTUNREACH)",
        "   1  the far host, process: a program on the far host dials 192.0.2.99:80.",
        "   2  the far host, main table: 192.0.2.99 is reached by eth0, via 198.51.100.1.",
        "   3  the far host, NIC eth0: the SYN is sent from 198.51.100.99.",
        "   4  the far host, neighbour table: it asks by ARP who has 198.51.100.1; the router answers, by eth1.",
        "   5  the far host, link beyond: the frame goes to the router alone.",
        "   6  the router, NIC eth1: eth1 takes the SYN in.",
        "   7  the router, main table: 192.0.2.99 is reached by eth0, on its own link.",
        "   8  the router, NIC eth0: the SYN is sent from 198.51.100.99.",
        "   9  the router, neighbour table: it asks by ARP on LAN who has 192.0.2.99, and nobody answers.",
        "  back:",
        "  10  the router, main table: 198.51.100.99 is reached by eth1, on its own link.",
        "  11  the router, NIC eth1: the ICMP host unreachable is sent from 198.51.100.1.",
        "  12  the router, neighbour table: it asks by ARP who has 198.51.100.99; the far host answers, by eth0.",
        "  13  the router, link beyond: the frame goes to the far host alone.",
        "  14  the far host, NIC eth0: eth0 takes the ICMP host unreachable in.",
        "  15  the far host, local table: 198.51.100.99 is the far host's own address, on eth0, "
        "so it is for the far host.",
        "  16  the far host, process: the program that dialled is told: host unreachable.",
    ]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (("desk", "127.0.0.1", 80), "there is no host 'desk'; there are laptop, neighbour"),
        (("laptop", "localhost", 80), "'localhost' is no address: it takes one like 127.0.0.1, ::1 or fe80::1%eth0"),
        (("laptop", "127.0.0.1", 0), "0 is no port; ports are 1 to 65535"),
        (("laptop", "127.0.0.1", 80, "icmp"), "'icmp' is no protocol that is modelled; there are tcp and udp"),
        (("laptop", "224.0.0.1", 80), "224.0.0.1 is a multicast group, which is not modelled"),
        (("laptop", "fe80::20%eth9", 80), "laptop has no interface 'eth9'; it has eth0, lo; did you mean eth0?"),
    ],
)
def test_a_dial_that_makes_no_sense_says_why(wrong, message):
    with pytest.raises(NetlearnError) as told:
        dial(WORLD, *wrong)
    assert str(told.value) == message


def test_a_source_that_is_not_ones_own_cannot_be_bound():
    with pytest.raises(CannotBind, match=r"laptop has no address 192.0.2.99; it has 127.0.0.1, 192.0.2.10"):
        dial(WORLD, "laptop", "192.0.2.20", 80, source="192.0.2.99")
