"""What real routers and kernels did, and that what the library simulates keeps to it in the order of things."""

from itertools import pairwise

import pytest

from netlearn import CASE_1, CASE_2, NetlearnError, Timers, UnknownName, forum, send, simulate
from netlearn.recorded.measured import Measurement, measured, measurements

CASES = ("case-1", "case-2", "case-3")
UNITS = {
    "router LSAs",
    "of 2 LANs",
    "next hops",
    "of 10 pings",
    "of 20 connections",
    "ms",
    "packets",
    "of 64 connections",
}


def seen(low, high):
    return Measurement("case-1", "carrier", low, high, "ms", "outage", "two routers")


def test_a_measurement_unpacks_into_the_least_and_the_greatest_that_was_seen():
    low_ms, high_ms = measured("case-1", "carrier")
    assert (low_ms, high_ms) == (0, 50)


def test_both_ends_of_the_band_lie_in_it():
    band = measured("case-3", "carrier")
    assert band.low in band
    assert band.high in band
    assert band.high + 0.1 not in band


def test_it_shows_itself_with_its_unit_and_what_it_was_measured_on():
    shown = repr(measured("case-1", "hello"))
    assert shown.startswith(
        "31,613 to 32,424 ms (outage of a flow from Source to End, silent failure, hello 10 s and dead"
    )
    assert "measured on Linux 6.18.44 with FRRouting 8.4.4, nine network namespaces of one kernel" in shown
    assert "by tools/record/cases.py, on 20" in shown


def test_what_was_seen_once_is_written_once():
    assert str(seen(701, 701)) == "701 ms"


def test_a_band_that_ends_before_it_begins_is_refused():
    with pytest.raises(NetlearnError, match="35 to 0"):
        seen(35, 0)


def test_what_was_not_measured_is_named_with_what_was():
    with pytest.raises(UnknownName, match=r"of 'case-4' nothing was measured; of .*case-1.* was; did you mean case-"):
        measured("case-4", "carrier")
    with pytest.raises(UnknownName, match=r"case-1 was not measured by 'carier'; .* did you mean carrier\?"):
        measured("case-1", "carier")


def test_nothing_is_there_twice_and_each_row_has_a_known_unit_and_a_source():
    assert len({(each.of, each.how) for each in measurements()}) == len(measurements())
    assert {each.unit for each in measurements()} == UNITS
    assert all("Linux 6.18" in each.source for each in measurements())


@pytest.mark.parametrize("case", CASES)
def test_each_case_was_measured_with_each_way_of_detecting(case):
    assert {each.how for each in measurements() if each.of == case} >= {"carrier", "bfd", "fast-hello", "hello"}


@pytest.mark.parametrize(("case", "failures"), [("case-1", CASE_1), ("case-2", CASE_2)])
def test_the_outage_of_a_flow_in_the_simulation_lies_in_the_band_of_the_real_routers(case, failures):
    lost = send(simulate(forum(), failures, timers=Timers.frr()), "Source", "End", flows=1, rate=1000).lost
    assert lost in measured(case, "carrier")  # one packet each millisecond


def test_each_of_tcps_tries_comes_about_twice_as_late_as_the_one_before():
    tries = [measured("tcp", f"resend-{number}") for number in range(1, 7)]
    for sooner, later in pairwise(tries):
        assert 1.85 <= later.low / sooner.high <= later.high / sooner.low <= 2.15
