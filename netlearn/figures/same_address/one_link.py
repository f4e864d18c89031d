"""The story on one link: a conflict."""

from netlearn.figures.same_address.story import ADDRESS, SERVERS, StoryMoment
from netlearn.host.address_conflict import CHECKS, Machine, Shared, share_link
from netlearn.host.arp import hear
from netlearn.units import SECOND

SLOW_US = 400  # after which the slower server answers: a choice; the other takes 100 to 200 microseconds


def one_link(first: str, checks: bool) -> tuple[StoryMoment, ...]:
    """The story of two servers with the same address on Desk's link, of which `first` answers sooner.

    With `checks` the second server looks first whether anybody has the address (RFC 5227).
    """
    second = SERVERS[1 - SERVERS.index(first)]
    return _checked(first, second) if checks else _unchecked(*_race(first, second))


def _race(quick: str, slow: str) -> tuple[str, ...]:
    """The servers in the order in which their answers come to Desk, if both keep to the address whatever they hear."""
    servers = (
        Machine(quick, check=False, defence="always"),
        Machine(slow, check=False, defence="always", answer_us=SLOW_US),
    )
    (answers,) = share_link(servers, [1 * SECOND]).answers
    assert answers.conflict, answers
    return tuple(name for _, name in answers.replies)


def latecomer(first: str, second: str) -> Shared:
    """What happens on the link when `second` comes, and checks, while `first` has the address; then Desk asks."""
    return share_link((Machine(first, check=False), Machine(second, comes_us=10 * SECOND)), [20 * SECOND])


def _unchecked(first: str, second: str) -> tuple[StoryMoment, ...]:
    both = f"Server {first} and server {second}"
    told = [
        StoryMoment(
            f"Two machines on one link, and both say: {ADDRESS} is mine",
            f"{both} were given the same address. Nothing has complained so far.",
        ),
        StoryMoment(
            "Desk asks everybody on the link at once",
            f"To send to {ADDRESS}, Desk has to know which card it is at. It asks everyone; that is called ARP.",
            "asks",
            "Desk",
            SERVERS,
            f"Who has {ADDRESS}?",
        ),
    ]
    entry = hear(None, first, 1)
    told.append(
        StoryMoment(
            f"Server {first} answers first, and Desk believes it",
            f"“I have it.” Desk writes into its cache: {ADDRESS} is at server {first}'s card.",
            "answers",
            first,
            ("Desk",),
            "I have it!",
            entry.holder,
        )
    )
    entry = hear(entry, second, 2)
    told.append(
        StoryMoment(
            "The second answer comes too late, and nobody is warned",
            f"Server {second} says the same. Desk's entry is not a second old, so Linux keeps it. Nothing looks wrong.",
            "answers",
            second,
            ("Desk",),
            "I have it!",
            entry.holder,
        )
    )
    connected = entry.holder
    told.append(
        StoryMoment(
            f"Who answered first gets the traffic: server {connected}",
            f"Desk opens a connection. It goes to server {connected}'s card alone; server {second} gets nothing.",
            "data",
            "Desk",
            (connected,),
            "Hello!",
            entry.holder,
        )
    )
    entry = hear(entry, second, 5_000)
    told.append(
        StoryMoment(
            f"Server {second} speaks, and Desk's cache flips",
            f"Server {second} asks for something else. Its question also says “{ADDRESS} is at my card”, and Desk, "
            "which has an entry for that address, overwrites it.",
            "speaks",
            second,
            ("Desk", first),
            "Who has the printer?",
            entry.holder,
        )
    )
    if entry.holder != connected:
        told.append(
            StoryMoment(
                f"The connection breaks: server {entry.holder} knows nothing of it",
                f"Desk's next message goes to server {entry.holder}, which was never called. It answers with a reset.",
                "lost",
                "Desk",
                (entry.holder,),
                "Go on …",
                entry.holder,
            )
        )
    entry = hear(entry, first, 9_000)
    told.append(
        StoryMoment(
            "And back again: whoever spoke last has the address",
            f"Server {first} speaks, and the cache flips back. It will go on like this; no end is in sight, and each "
            "machine by itself seems to work.",
            "speaks",
            first,
            ("Desk", second),
            "Who has the printer?",
            entry.holder,
        )
    )
    return tuple(told)


def _checked(first: str, second: str) -> tuple[StoryMoment, ...]:
    happened = latecomer(first, second)
    (conflict,) = (told for told in happened.told if told.kind == "gives up")
    (answers,) = happened.answers
    assert (conflict.machine, happened.holders(answers.asked_us), answers.conflict) == (second, (first,), False)
    return (
        StoryMoment(
            f"Server {first} has the address; server {second} is being started",
            f"Server {second} was given {ADDRESS}, but does not use it yet: it looks first whether somebody has it.",
            silent=second,
        ),
        StoryMoment(
            f"Server {second} asks before it speaks",
            f"“Who has {ADDRESS}?” In the place of its own address it writes 0.0.0.0, so nobody's cache changes. "
            f"It would ask {CHECKS[4].probes} times (an ARP probe, RFC 5227).",
            "asks",
            second,
            ("Desk", first),
            f"Who has {ADDRESS}?",
            silent=second,
        ),
        StoryMoment(
            f"Server {first} answers: a conflict, before any harm is done",
            f"“I have it.” One answer is enough: server {second} must not use the address, and says so to its owner.",
            "answers",
            first,
            (second,),
            "I have it!",
            silent=second,
        ),
        StoryMoment(
            "Desk asks, and one answers",
            f"Only server {first} says “I have it”, and Desk's cache names its card.",
            "answers",
            first,
            ("Desk",),
            "I have it!",
            first,
            silent=second,
        ),
        StoryMoment(
            "One address, one card: the message arrives, and nothing flips",
            f"What Desk sends goes to server {first}, and stays there. Server {second} needs another address.",
            "data",
            "Desk",
            (first,),
            "Hello!",
            first,
            silent=second,
        ),
    )
