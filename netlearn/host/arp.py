"""What an ARP cache keeps when several machines say that an address is theirs (RFC 826, and Linux)."""

from dataclasses import dataclass

KEEPS_MS = 1_000  # so long Linux keeps an entry against another answer: arp(7), locktime


@dataclass(frozen=True, slots=True)
class Entry:
    """What an ARP cache says of one address: at whose card it is, and when that was learned."""

    holder: str
    learned_ms: int


def hear(entry: Entry | None, speaker: str, now_ms: int) -> Entry:
    """The entry after `speaker` has said in an ARP message that the address is its own.

    An entry younger than `KEEPS_MS` stays, so of two answers that come together the first counts; an older one is
    overwritten, whether anybody asked or not (RFC 826; Linux).
    """
    if entry and entry.holder != speaker and now_ms - entry.learned_ms < KEEPS_MS:
        return entry
    return Entry(speaker, now_ms)
