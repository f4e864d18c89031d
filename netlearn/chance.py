"""What stands in for chance: numbers that follow from words alone, the same in every run and on every machine."""

from hashlib import blake2b


def drawn(words: str, below: int = 1 << 64) -> int:
    """A number from 0 on and less than `below` that depends on these words and on nothing else."""
    # Python's own `hash` of a text is another one in each process.
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "big") % below
