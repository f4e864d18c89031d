"""The same address twice on one link: who answers, who notices, who gives up; and the same across links."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlearn import NetlearnError, forum
from netlearn.host.address_conflict import CHECKS, DEFENCES, Machine, share_link
from netlearn.routing.anycast import catchments, place
from netlearn.units import MS, SECOND

LATER = 60 * SECOND
BOTH = pytest.mark.parametrize("version", [4, 6])


def careless(name, **options):
    return Machine(name, check=False, **options)


# ---- One machine, as it should be


@BOTH
def test_a_machine_that_is_alone_has_the_address_when_nobody_objected(version):
    alone = share_link([Machine("A")], version=version)
    (held,) = [each for each in alone.told if each.kind == "holds"]
    least, most = {4: (4 * SECOND, 7 * SECOND), 6: (1 * SECOND, 2 * SECOND)}[version]
    assert least <= held.time_us <= most
    assert alone.holders(held.time_us - 1) == ()
    assert alone.holders(LATER) == ("A",)


def test_it_asks_three_times_one_to_two_seconds_apart_and_then_says_so_twice():
    for seed in range(10):
        frames = share_link([Machine("A")], seed=seed).frames
        assert [each.kind for each in frames] == ["probe"] * 3 + ["announcement"] * 2
        first, second, third, said, again = (each.time_us for each in frames)
        assert 0 <= first <= 1 * SECOND
        assert all(1 * SECOND <= wait <= 2 * SECOND for wait in (second - first, third - second))
        assert (said - third, again - said) == (2 * SECOND, 2 * SECOND)


def test_in_ipv6_it_asks_once_and_takes_a_second_of_silence_for_consent():
    runs = [share_link([Machine("A")], version=6, seed=seed) for seed in range(10)]
    assert {tuple(each.kind for each in run.frames) for run in runs} == {("probe",)}
    asked = {run.frames[0].time_us for run in runs}
    assert len(asked) == 10  # so that machines that start together do not ask together
    assert max(asked) <= 1 * SECOND
    assert all(run.told[0].time_us - run.frames[0].time_us == 1 * SECOND for run in runs)


def test_a_question_has_one_answer():
    (answers,) = share_link(
        [
            Machine("A"),
        ],
        [LATER],
    ).answers
    assert (answers.first, answers.conflict) == ("A", False)
    assert 100 <= answers.replies[0][0] - LATER <= 300


def test_an_answer_takes_the_machines_own_time_up_to_as_much_again_and_two_frames():
    quick = careless("A", answer_us=1)
    answers = share_link([quick], [LATER + number * SECOND for number in range(20)]).answers
    assert {each.replies[0][0] - each.asked_us for each in answers} == {10 + 1 + 10, 10 + 2 + 10}


# ---- Two, and nobody checks


@BOTH
def test_two_that_do_not_check_both_answer(version):
    machines = [careless("A", defence="always"), careless("B", defence="always")]
    (answers,) = share_link(machines, [LATER], version=version).answers
    assert answers.conflict
    assert {name for _, name in answers.replies} == {"A", "B"}


def test_who_answers_first_is_a_race_from_one_question_to_the_next():
    machines = [careless("A", defence="always"), careless("B", defence="always")]
    answers = share_link(machines, [LATER + number * SECOND for number in range(20)]).answers
    assert {each.first for each in answers} == {"A", "B"}


def test_the_quicker_machine_always_wins_the_race():
    machines = [careless("A", defence="always", answer_us=50), careless("B", defence="always", answer_us=400)]
    answers = share_link(machines, [LATER + number * SECOND for number in range(20)]).answers
    assert {tuple(name for _, name in each.replies) for each in answers} == {("A", "B")}


# ---- Who notices


@BOTH
def test_who_checks_finds_the_one_that_has_the_address_and_does_without(version):
    found = share_link([careless("A"), Machine("B", comes_us=10 * SECOND)], [LATER], version=version)
    assert found.holders(LATER) == ("A",)
    assert [each.kind for each in found.told if each.machine == "B"] == ["conflict", "gives up"]
    assert not any(each.kind in ("conflict", "gives up") for each in found.told if each.machine == "A")
    assert not found.answers[0].conflict


@BOTH
def test_two_that_check_at_the_same_time_hear_each_other(version):
    for seed in range(10):
        found = share_link([Machine("A"), Machine("B")], version=version, seed=seed)
        assert len(found.holders(LATER)) <= 1


def test_one_that_does_not_check_is_noticed_by_the_one_that_has_the_address():
    """B's announcement is a claim: A defends once. B hears that, and defends once; A gives up at the second claim."""
    found = share_link([Machine("A"), careless("B", comes_us=20 * SECOND)])
    told = [(each.machine, each.kind) for each in found.told if each.time_us > 20 * SECOND]
    assert told == [
        *(("A", "conflict"), ("A", "defends"), ("B", "conflict"), ("B", "defends")),
        *(("A", "conflict"), ("A", "gives up")),
    ]


@pytest.mark.parametrize(
    ("mine", "theirs", "left"),
    [
        ("yield", "once", ("B",)),
        ("once", "yield", ("A",)),
        ("once", "once", ("B",)),  # the second claim within 10 s is B's, and A had the address first
        ("always", "once", ("A", "B")),  # A keeps silent at the second, so B never hears one
        ("once", "always", ("B",)),
        ("always", "always", ("A", "B")),
    ],
)
def test_who_keeps_the_address_is_who_defends_it_longer(mine, theirs, left):
    found = share_link([Machine("A", defence=mine), careless("B", comes_us=20 * SECOND, defence=theirs)])
    assert found.holders(LATER) == left


def test_in_ipv6_nobody_listens_for_a_claim_once_the_address_is_held():
    found = share_link([Machine("A"), careless("B", comes_us=20 * SECOND)], [LATER], version=6)
    assert found.holders(LATER) == ("A", "B")
    assert found.answers[0].conflict


def test_who_never_yields_says_so_once_in_ten_seconds_at_the_most():
    machines = [Machine("A", defence="always"), *(careless(f"B{n}", comes_us=(20 + n) * SECOND) for n in range(5))]
    defended = [each.time_us for each in share_link(machines).told if (each.machine, each.kind) == ("A", "defends")]
    assert defended
    assert all(later - earlier >= 10 * SECOND for earlier, later in pairwise(defended))


# ---- Whatever the machines are


machines = st.lists(
    st.tuples(
        st.integers(0, 30 * SECOND),
        st.booleans(),
        st.sampled_from(DEFENCES),
        st.integers(1, 500),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=200)
@given(machines, st.integers(0, 3), st.sampled_from([4, 6]))
def test_whatever_they_are_the_holders_answer_and_no_other(given_, seed, version):
    those = [Machine(f"M{number}", *row) for number, row in enumerate(given_)]
    quiet = 200 * SECOND
    found = share_link(those, [quiet], version=version, seed=seed)
    holders = found.holders(quiet)
    (answers,) = found.answers
    assert {name for _, name in answers.replies} == set(holders)
    assert answers.conflict == (len(holders) > 1)
    if all(each.check for each in those):
        assert len(holders) <= 1 or version == 6
    if len(holders) > 1 and version == 4:
        # Of two that yield, be it to the second claim, one has done so; or both have.
        assert any(each.name in holders and each.defence == "always" for each in those)


@settings(max_examples=60)
@given(machines, st.integers(0, 3))
def test_the_same_is_the_same_and_times_go_forward(given_, seed):
    those = [Machine(f"M{number}", *row) for number, row in enumerate(given_)]
    found = share_link(those, [1 * SECOND, 40 * SECOND], seed=seed)
    assert found == share_link(those, [1 * SECOND, 40 * SECOND], seed=seed)
    assert [each.time_us for each in found.frames] == sorted(each.time_us for each in found.frames)


# ---- The same across links


def test_across_links_nobody_asks_and_every_router_knows_which_it_reaches():
    """Each flow goes to one instance, always the same: what on one link is a race, is a choice by metric."""
    found = catchments(place(forum(), "203.0.113.1", ["R3", "R7"]), "203.0.113.1")
    assert found.reached("R1") == ("R3",)
    assert all(len(found.reached(name)) == 1 for name in ("R1", "R3", "R4", "R6", "R7"))
    machines = [careless("R3", defence="always"), careless("R7", defence="always")]
    answers = share_link(machines, [LATER + number * SECOND for number in range(20)]).answers
    assert len({each.first for each in answers}) == 2


# ---- What cannot be is refused


def test_what_cannot_be_is_refused_and_named():
    with pytest.raises(NetlearnError, match="one name"):
        share_link([Machine("A"), Machine("A")])
    with pytest.raises(NetlearnError, match="A defends 'sometimes'; possible are yield, once, always"):
        Machine("A", defence="sometimes")  # type: ignore[arg-type]
    with pytest.raises(NetlearnError, match="A comes from 0 on"):
        Machine("A", comes_us=-1)
    assert set(CHECKS) == {4, 6}
    assert CHECKS[4].defend_us == 10_000 * MS
