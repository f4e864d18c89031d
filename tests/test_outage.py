"""The outage between two nodes, in one call: when it begins and ends, and for how many flows."""

import pytest

from netlearn import CASE_3, At, DaemonDown, LinkDown, NetlearnError, NodeDown, Timers, forum, outages_between, simulate
from netlearn.convergence import Fixed, Outage, Traffic
from netlearn.routing import as_address, place


def test_a_cut_cable_is_an_outage_from_the_cut_to_the_new_entry() -> None:
    for at_us in (0, 5_000, 1_000_000):
        (found,) = outages_between(simulate(forum(), [At(at_us, LinkDown("R2-End"))]), "Source", "End", flows=64)
        assert found == Outage(at_us, at_us + 56_100, 64)
        assert found.lasts_us == 56_100


def test_it_ends_where_the_black_hole_ends() -> None:
    trace = simulate(forum(), [NodeDown("R2")])
    holes = Traffic(trace, forum().node("End").address).black_holes()  # type: ignore[arg-type]
    (hole,) = (hole for hole in holes if hole.node == "R1")
    (found,) = outages_between(trace, "Source", "End")
    assert (found.from_us, found.to_us) == (0, hole.to_us)


def test_what_never_ends_has_no_end() -> None:
    (found,) = outages_between(simulate(forum(), [NodeDown("End")]), "Source", "End")
    assert (found.to_us, found.lasts_us) == (None, None)


def test_without_a_loss_there_is_none() -> None:
    assert outages_between(simulate(forum(), [DaemonDown("R2")]), "Source", "End", flows=9) == ()


def test_two_outages_are_told_in_order_and_a_micro_loop_belongs_to_its_own() -> None:
    slow = {"R5": Timers(spf_delay=Fixed(1_000_000))}
    trace = simulate(forum(), [*CASE_3, At(3_000_000, LinkDown("R5-R6"))], router_timers=slow)
    first, second = outages_between(trace, "Source", "End")
    assert first.from_us == 0
    assert first.to_us is not None
    assert 900_000 < first.to_us < 1_010_000  # what is in the loop when R5 computes at last gets out, if its TTL lasts
    assert (second.from_us, second.to_us) == (3_000_000, None)


def test_an_address_of_several_nodes_is_asked_alike() -> None:
    address = as_address("192.0.2.150")
    trace = simulate(place(forum(), address, ["R2", "R7"]), [NodeDown("R2")])
    (found,) = outages_between(trace, "Source", address, flows=3)
    assert found.flows == 3
    assert found.to_us is not None


def test_there_is_one_flow_at_least() -> None:
    with pytest.raises(NetlearnError, match="there is 1 flow and more, not 0"):
        outages_between(simulate(forum(), []), "Source", "End", flows=0)
