"""What becomes of a dial, as a student would ask it. That the kernel says the same is in `test_kernel.py`."""

from dataclasses import replace

import pytest

from netlearn.bind import bind
from netlearn.dial import Outcome, dial
from netlearn.hoststack import LO, BadHost, Binding, Host, Interface, World
from netlearn.travel import End, Where

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
    assert dial(WORLD, "laptop", "127.0.0.1", 631).outcome is Outcome.ANSWERED
    outside = dial(WORLD, "neighbour", "192.0.2.10", 631)
    assert (outside.outcome, outside.error, outside.reached) == (Outcome.REFUSED, "ECONNREFUSED", "laptop")


def test_127_0_0_1_of_the_neighbour_is_the_neighbours_own():
    answer = dial(WORLD, "neighbour", "127.0.0.1", 631)
    assert (answer.outcome, answer.reached) == (Outcome.REFUSED, "neighbour")


def test_to_its_own_lan_address_a_packet_goes_through_lo_and_not_out():
    answer = dial(WORLD, "laptop", "192.0.2.10", 80)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.interfaces == (("laptop", "lo"),)
    assert [step.where for step in answer.there][:3] == [Where.PROCESS, Where.LOCAL_TABLE, Where.LO]


def test_with_lo_down_the_lan_address_answers_the_neighbour_but_not_the_machine_itself():
    world = WORLD.with_host(LAPTOP.with_interface("lo", up=False))
    inside = dial(world, "laptop", "192.0.2.10", 80)
    assert (inside.outcome, inside.end.end) == (Outcome.LOST, End.LO_DOWN)
    assert dial(world, "neighbour", "192.0.2.10", 80).outcome is Outcome.ANSWERED


def test_in_a_new_namespace_lo_is_down_and_has_no_address():
    answer = dial(World((Host("new", (Interface("lo", up=False),)),)), "new", "127.0.0.1", 80)
    assert (answer.outcome, answer.error) == (Outcome.UNREACHABLE, "ENETUNREACH")


def test_connecting_to_0_0_0_0_reaches_127_0_0_1():
    answer = dial(WORLD, "laptop", "0.0.0.0", 631)
    assert (str(answer.destination), answer.listener.process) == ("127.0.0.1", "cupsd")


def test_a_udp_server_on_0_0_0_0_answers_from_the_address_that_its_route_picks():
    answer = dial(WORLD, "laptop", "127.0.0.5", 53, "udp")
    assert (answer.outcome, answer.end.end) == (Outcome.ANSWER_LOST, End.OTHER_SOURCE)
    assert dial(WORLD, "laptop", "127.0.0.1", 53, "udp").outcome is Outcome.ANSWERED


def test_an_answer_without_a_way_back_is_lost():
    far = replace(NEIGHBOUR.with_interface("lo", addresses=(*LO.addresses, "203.0.113.7/32")))
    answer = dial(WORLD.with_host(far), "neighbour", "192.0.2.10", 80, source="203.0.113.7")
    assert (answer.outcome, answer.listener.process) == (Outcome.ANSWER_LOST, "web")
    assert (answer.end.host, answer.end.end) == ("laptop", End.NO_ROUTE)


def test_a_host_without_lo_is_none():
    with pytest.raises(BadHost, match="x has 0 loopback interfaces; every host has one, named lo"):
        Host("x", ())
