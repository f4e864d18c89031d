"""The three cases beside the real routers: how long flows were out, held against bands.

The bands are what FRRouting did in network namespaces of one Linux kernel (`netlearn.recorded.measured`): outages of
flows from Source to End. Nothing here is fitted. `Timers.frr()` has FRRouting's values: SPF at once, then 50 ms more
each time; MinLSInterval 5 s; carrier events in batches a second apart. Of this model's own, all in `Timers`, are 5 ms
from the cable to the router, 1 ms for each hop, 1 ms for SPF and 0.1 ms for an entry. The phases of hellos and BFD are
drawn from the seed.
What a lab cuts "at once" it cuts by commands one after the other: here 20 ms apart.
"""

from dataclasses import replace

import pytest

from netlearn import CASE_1, CASE_2, CASE_3, Outcome, flow_between, forum
from netlearn.convergence.event import At, Maintenance
from netlearn.convergence.simulation import simulate
from netlearn.convergence.timers import Fixed, Timers
from netlearn.convergence.traffic import Traffic
from netlearn.network.parts import NodeDown
from netlearn.recorded.measured import measured
from netlearn.units import MS, SECOND

CASES = {"case 1": CASE_1, "case 2": CASE_2, "case 3": CASE_3}
FRR = Timers.frr()
FAST_HELLOS = replace(FRR, hello_us=1 * SECOND, dead_us=4 * SECOND)
BEGIN = 100 * SECOND
STAGGER = 20 * MS
FLOWS, SEEDS = 16, range(6)


def outages(case, source="Source", destination="End", seed=0, **options):
    """For how long each flow was out, in milliseconds; none where nothing was lost."""
    changes = [At(BEGIN + STAGGER * number, failure) for number, failure in enumerate(CASES[case])]
    trace = simulate(forum(), changes, seed=seed, **options)
    until = trace.converged_us + 100 * MS
    for number in range(1, FLOWS + 1):
        flow = flow_between(forum(), source, destination, number)
        fates = list(Traffic(trace, flow.destination).fates(flow, source, BEGIN - 10 * MS, until, 1 * MS))
        lost = [fate for fate in fates if fate.walk.outcome != Outcome.DELIVERED]
        yield (lost[-1].to_us - lost[0].from_us) / 1000 if lost else 0.0


@pytest.mark.parametrize("case", CASES)
def test_when_the_carrier_goes_the_outage_lies_in_the_band_of_the_real_routers(case):
    band = measured(case.replace(" ", "-"), "carrier")
    for seed in SEEDS:
        found = list(outages(case, timers=FRR, seed=seed))
        assert all(each in band for each in found), found


def test_the_second_that_case_3_can_take_is_the_batch_of_carrier_events_of_the_labs_one_kernel():
    """Batches of each router's own give 60 ms: R1 hears of R3's death from R4 before its own carrier event comes.

    In the lab one kernel serves all routers, and what is cut after R2-End waits for its next batch, a second later,
    wherever it is. Said in this model: every router but those of the first cut notices a second late.
    """
    assert all(40 <= each <= 100 for each in outages("case 3", timers=FRR))
    late = replace(FRR, carrier_us=1 * SECOND - STAGGER)
    shared = {node.name: late for node in forum().nodes if node.name not in ("R2", "End")}
    found = list(outages("case 3", timers=FRR, router_timers=shared))
    assert all(980 <= each <= 1_060 for each in found), found


@pytest.mark.parametrize("case", CASES)
def test_a_silent_failure_with_hello_10_and_dead_40_takes_30_to_40_s(case):
    """As measured; SPF and its hold time come on top of the dead timer's 30 to 40 s."""
    assert all(30_000 < each < 40_500 for each in measured(case.replace(" ", "-"), "hello"))
    for seed in SEEDS:
        found = list(outages(case, timers=FRR, silent=True, seed=seed))
        assert all(30_000 < each < 40_500 for each in found), found


@pytest.mark.parametrize("case", CASES)
def test_a_silent_failure_with_hello_1_and_dead_4_takes_3_to_4_s(case):
    """As measured."""
    assert all(3_000 < each < 4_300 for each in measured(case.replace(" ", "-"), "fast-hello"))
    for seed in SEEDS:
        found = list(outages(case, timers=FAST_HELLOS, silent=True, seed=seed))
        assert all(3_000 < each < 4_300 for each in found), found


@pytest.mark.parametrize(("case", "most"), [("case 1", 950), ("case 2", 950), ("case 3", 1_150)])
def test_a_silent_failure_with_bfd_takes_two_to_three_of_its_intervals(case, most):
    """As measured; it is longest in case 3, where SPF has to run again after the hold time."""
    assert all(600 < each < most for each in measured(case.replace(" ", "-"), "bfd"))
    for seed in SEEDS:
        found = list(outages(case, timers=FRR, detect="bfd", silent=True, seed=seed))
        assert all(600 < each < most for each in found), found


def test_hellos_are_slower_than_fast_hellos_and_those_are_slower_than_bfd_and_bfd_is_slower_than_the_carrier():
    for case in ("case 1", "case 2"):
        ways = (
            {"timers": FRR},
            {"timers": FRR, "detect": "bfd", "silent": True},
            {"timers": FAST_HELLOS, "silent": True},
            {"timers": FRR, "silent": True},
        )
        longest = [max(outages(case, **way)) for way in ways]
        assert longest == sorted(longest)


def test_with_r5s_spf_held_for_a_second_the_micro_loop_of_case_3_lasts_about_a_second():
    """Measured 1.02 s, with the failures seen at once; "time exceeded" came from R5, and does so here."""
    held = {"R5": replace(Timers.rfc(), spf_delay=Fixed(1 * SECOND))}
    trace = simulate(forum(), CASE_3, timers=replace(FRR, carrier_batch_us=0), router_timers=held)
    flows = [flow_between(forum(), "Source", "End", number) for number in range(1, 65)]
    traffic = Traffic(trace, flows[0].destination)
    (loop,) = traffic.micro_loops()
    assert loop.cycle == ("R1", "R5")
    assert 950 * MS <= loop.to_us - loop.from_us <= 1_050 * MS
    walks = [fate.walk for flow in flows for fate in traffic.fates(flow, "Source", 0, 1_200 * MS, 10 * MS)]
    expired = [walk for walk in walks if walk.outcome == Outcome.TTL_EXPIRED]
    assert {walk.end for walk in expired} == {"R5"}
    in_loop = {walk.nodes[2] for walk in walks if walk.outcome == Outcome.TTL_EXPIRED}
    assert in_loop == {"R5"}


def test_in_the_micro_loop_of_case_3_are_about_half_of_the_flows_those_that_r5_hashes_to_r1():
    held = {"R5": replace(Timers.rfc(), spf_delay=Fixed(1 * SECOND))}
    trace = simulate(forum(), CASE_3, timers=replace(FRR, carrier_batch_us=0), router_timers=held)
    looping = 0
    for number in range(1, 257):
        flow = flow_between(forum(), "Source", "End", number)
        fates = Traffic(trace, flow.destination).fates(flow, "Source", 0, 1_200 * MS, 10 * MS)
        looping += any(fate.walk.outcome == Outcome.TTL_EXPIRED for fate in fates)
    assert 100 <= looping <= 156


def test_case_2_as_planned_maintenance_loses_nothing():
    trace = simulate(forum(), [Maintenance("R2"), At(10 * SECOND, NodeDown("R2"))], timers=FRR)
    for number in range(1, FLOWS + 1):
        flow = flow_between(forum(), "Source", "End", number)
        fates = Traffic(trace, flow.destination).fates(flow, "Source", 0, 12 * SECOND, 1 * MS)
        assert {fate.walk.outcome for fate in fates} == {Outcome.DELIVERED}
