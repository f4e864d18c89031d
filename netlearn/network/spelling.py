"""How a network is spelt: names, addresses, prefixes and numbers in text, and keys that were nearly meant."""

import json
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from math import isfinite
from typing import Any

from netlearn.errors import BadNetwork, listed, shown
from netlearn.network.parts import Address, Prefix, check_name, check_no_zone

Data = Mapping[str, Any]
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
LONGEST_NUMBER = 400  # letters; longer than any number that a tool writes
LARGEST_NUMBER = 10**40


def number(value: object) -> int | float | None:
    """The finite number that the value is, or spells in ASCII digits; `None` for anything else."""
    if isinstance(value, str):
        word = value.strip()
        if len(word) > LONGEST_NUMBER or not _NUMBER.fullmatch(word):
            return None
        value = int(word) if word.lstrip("+-").isdecimal() else float(word)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < LARGEST_NUMBER and isfinite(value) else None


def parse_address(text: object, where: str) -> Address:
    """The address that the text spells, alone or as the prefix of one address, or `BadNetwork`."""
    try:
        address = _read(_alone(text)) if isinstance(text, str) else None
    except ValueError:
        address = None
    if address is None:
        raise BadNetwork(f"{where}: {shown(text)} is not an IP address such as 192.0.2.1 or 2001:db8::1")
    check_no_zone(address, where)
    return address


def _read(text: str) -> Address:
    """As `ip_address`, which tries IPv4 first, at half the cost for IPv6."""
    return IPv6Address(text) if ":" in text else ip_address(text)


def _alone(text: str) -> str:
    """`192.0.2.1` of `192.0.2.1/32`, as a router's configuration writes it; any other length stays."""
    address, slash, length = text.partition("/")
    return address if slash and length == ("128" if ":" in address else "32") else text


def parse_prefix(text: object, where: str) -> Prefix:
    """The prefix that the text spells (an address alone is a host prefix), or `BadNetwork`."""
    if isinstance(text, str):
        try:
            prefix = ip_network(text)
        except ValueError as reason:
            if "host bits set" in str(reason):
                proper = ip_network(text, strict=False)
                raise BadNetwork(f"{where}: {text} has bits beyond its length; the prefix is {proper}") from None
        else:
            check_no_zone(prefix, where)
            return prefix
    raise BadNetwork(f"{where}: {shown(text)} is not a prefix such as 203.0.113.0/24 or 2001:db8::/64")


def name_under(given: Data, key: str, where: str) -> str:
    """The name under `key`; other tools number their nodes, and a number names one too."""
    value = given.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**40:  # beyond, it is no name
        return str(value)
    if isinstance(value, str):
        check_name(value, f"{where}: {key}")
        return value
    if value is None:
        refuse_near_misses(given, (key,), where)
        raise BadNetwork(f"{where} has no {key}; its keys are {listed(map(shown, given))}")
    raise BadNetwork(f"{where}: {key} is a name, not {shown(value)}")


def refuse_near_misses(given: Data, known: tuple[str, ...], where: str) -> None:
    """Stop at `metrics` where `metric` was meant: ignored, it would silently mean the default."""
    for key in given:
        near = _near_miss(key, known) if isinstance(key, str) and key not in known else None
        if near:
            raise BadNetwork(f"{where} has the key {key!r}; did you mean {near!r}?")


@lru_cache(maxsize=1 << 12)  # a file of many edges has the same few keys in each
def _near_miss(key: str, known: tuple[str, ...]) -> str | None:
    # 0.82 takes one slip in a word of four letters and more, and leaves other tools' own words (target_id) alone.
    return next(iter(get_close_matches(key.casefold(), known, n=1, cutoff=0.82)), None) if len(key) < 100 else None


def without_none(row: Data) -> dict[str, Any]:
    """The row without what is `null`, which is the same as left out."""
    return {key: value for key, value in row.items() if value is not None}


def with_announces(row: dict[str, Any]) -> dict[str, Any]:
    """The row with a list of what it announces, for a form in which that is a text: JSON, or one prefix."""
    text = row.get("announces")
    if not isinstance(text, str):
        return row
    try:
        return {**row, "announces": json.loads(text)}
    except (ValueError, RecursionError):
        return {**row, "announces": [text]}


def rows_under(data: Data, key: str, whole: str = "the network") -> list[Data]:
    """The objects under `key`; a `null` in one is the same as leaving it out."""
    if key not in data:
        raise BadNetwork(f"{whole} has no {key!r}; its keys are {listed(map(shown, data))}")
    rows = data[key]
    if not isinstance(rows, list | tuple):
        raise BadNetwork(f"{key} is a list of objects, not {shown(rows)}")
    for place, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            raise BadNetwork(f"{key}, number {place}: an object is expected, not {shown(row)}")
    return [without_none(row) if None in row.values() else row for row in rows]


def said_of(many: Iterable[str], one: str, several: str) -> str:
    """A note about one or several: `{first}` and `{count}` stand for the first of them and how many there are."""
    words = list(many)
    return (one if len(words) == 1 else several).format(first=words[0], count=f"{len(words):,}")
