"""What somebody who means harm might give: names, values, network files and arguments, each from a seeded generator.

`random.Random(seed)` decides, so that a number is enough to see an input again.
"""

import ipaddress
import json
from collections.abc import Callable
from random import Random
from typing import Any
from xml.sax.saxutils import escape, quoteattr

# What a terminal obeys or does not show: C0, DEL, C1, line ends of all kinds, what turns the direction of writing
# round, what has no width, half of a pair.
UNPRINTABLE = (
    *("\0", "\a", "\b", "\t", "\n", "\v", "\f", "\r", "\x1b", "\x7f", "\x85", "\x90", "\x9b", "\x9d", "\xad"),
    *("\u061c", "\u200b", "\u200d", "\u200e", "\u2028", "\u2029", "\u202a", "\u202e", "\u2066", "\u2069", "\ufeff"),
    *("\ud800", "\udc9b", "\U000e0041"),
)
COMMANDS = ("\x1b[2J", "\x1b[31m", "\x1b]0;title\a", "\x9b31m", "\r\x1b[K", "\nnetlearn: all is well", "\u202egnp.exe")
PLAIN = ("A", "B", "C", "R1", "R10", "A-B", "R1-R2", "R1#2", "Zürich", "東京", "عمان", "👍", "e\u0301", "a b", "a  b")
TRICKY = (
    *("", " ", "-", "--", "-h", "--json", "/", ".", "..", "%", "%s", "{0}", "=", ":", "::", "#", "None", "null", "1"),
    *("constructor", "__proto__", "state", "title", "\\x1b[2J", "[red]", "[/]", "<b>", "&amp;", '"', "'", "]]>"),
)
ADDRESSES = (
    *("192.0.2.1", "192.0.2.2", "2001:db8::1", "::", "0.0.0.0", "fe80::1", "::ffff:192.0.2.1", "255.255.255.255"),
    *("fe80::1%a", "fe80::1%\x1b[2J", "fe80::1%x\nnetlearn: all is well", "fe80::1%", "192.0.2.1%a", "192.0.2.01"),
)
PREFIXES = (
    *("192.0.2.1", "192.0.2.0/24", "0.0.0.0/0", "::/0", "2001:db8::/32", "192.0.2.1/24", "192.0.2.0/33"),
    *("fe80::%a/64", "fe80::2%\x1b[31m/128", "fe80::2%x\n/128", "192.0.2.0/255.255.255.0", "/", "2001:db8::/\u0663"),
)
NUMBERS = (0, 1, -1, 2, 65535, 65536, 10**30, -(10**60), 0.5, 1.0, 1e308, float("nan"), float("inf"), True, False)


def name(random: Random) -> str:
    """A name as networks and arguments have them, mostly a hostile one."""
    match random.randrange(8):
        case 0 | 1 | 2:
            return random.choice(PLAIN)
        case 3:
            return random.choice(TRICKY)
        case 4:
            return random.choice(PLAIN) + random.choice(COMMANDS)
        case 5:
            return random.choice(PLAIN) + random.choice(UNPRINTABLE) + random.choice(("", "x"))
        case 6:
            return random.choice(("x", "R1-", "東", "\x1b", "\u202e")) * random.choice((200, 256, 5_000))
        case _:
            return "".join(chr(random.choice((*range(256), *range(0x2000, 0x2070)))) for _ in range(5))


def good_name(random: Random) -> str:
    """A name that can be one."""
    return random.choice((*PLAIN, *filter(str.strip, TRICKY), "x" * 200))


def value(random: Random, depth: int = 0) -> Any:
    """Any value that JSON can hold, and what Python's `json` reads beside it."""
    kinds: list[Callable[[Random], Any]] = [name, lambda random: random.choice(NUMBERS), lambda random: None]
    kinds += (lambda random: random.choice(ADDRESSES), lambda random: random.choice(PREFIXES))
    if depth < 3:
        kinds += (
            lambda random: [value(random, depth + 1) for _ in range(random.randrange(4))],
            lambda random: {name(random): value(random, depth + 1) for _ in range(random.randrange(4))},
        )
    return random.choice(kinds)(random)


class Unspeakable:
    """An object that cannot be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")

    __str__ = __repr__


def python_value(random: Random) -> Any:
    """Any value, also of those that only Python has."""
    return random.choice(
        (
            lambda: value(random),
            lambda: 10**5000,
            lambda: [10**5000],
            lambda: {1, "a"},
            lambda: b"\x1b[2J",
            lambda: object(),
            Unspeakable,
            lambda: ipaddress.ip_address(random.choice(("192.0.2.1", "fe80::1", "fe80::1%\x1b[2J", "fe80::1%a"))),
            lambda: ipaddress.ip_interface(random.choice(("192.0.2.1/24", "fe80::1%\x1b[2J/64"))),
            lambda: ipaddress.ip_network(random.choice(("192.0.2.0/24", "fe80::2%\x1b[31m/128", "::/0"))),
        )
    )()


def network(random: Random) -> Any:
    """The data of a network file: right every other time, else with mistakes in it."""
    if random.random() < 0.03:
        return value(random)
    right = random.random() < 0.5
    named = good_name if right or random.random() < 0.7 else name
    names = [named(random) for _ in range(random.choice((0, 1, 2, 3, 5, 8)))]
    if right or random.random() < 0.8:
        names = list(dict.fromkeys(names))
    addresses = random.sample(ADDRESSES[:8] if right else ADDRESSES, 8)
    nodes = [_node(random, each, addresses.pop()) for each in names]
    lans = {node["id"] for node in nodes if node.get("kind") == "lan"}
    pairs = [(a, b) for a in names for b in names if not right or (a != b and not {a, b} <= lans)]
    ends = [random.choice(pairs) for _ in range(random.randrange(2 * len(names) + 1))] if pairs else []
    edges = [_edge(random, *pair, lans if right else {}) for pair in ends]
    data: dict[str, Any] = {"nodes": nodes, "edges": edges}
    if not right:
        data["directed"] = random.random() < 0.1
        for _ in range(random.choice((0, 1, 2, 5))):
            _spoil(random, random.choice([data, *nodes, *edges]))
    return data


def _node(random: Random, named: str, address: str) -> dict[str, Any]:
    kind = random.choice(("router", "router", "router", "host", "lan"))
    node: dict[str, Any] = {"id": named, "kind": kind}
    if kind != "lan" and random.random() < 0.5:
        node["loopback" if kind == "router" else "address"] = address
    if kind != "lan" and random.random() < 0.3:
        few = PREFIXES if random.random() < 0.1 else PREFIXES[:5]
        node["announces"] = [random.choice((random.choice(few), {"prefix": random.choice(few), "metric": 3}))]
    if random.random() < 0.2:
        node["x"] = random.choice((1, 0.5, -(10**6), *(NUMBERS if random.random() < 0.1 else ())))
    return node


def _edge(random: Random, source: str, target: str, lans: Any) -> dict[str, Any]:
    edge: dict[str, Any] = {"source": source, "target": target}
    if source not in lans and random.random() < 0.3:
        edge["metric"] = random.choice((1, 2, 65535, *(NUMBERS if random.random() < 0.1 else ())))
    if target not in lans and random.random() < 0.2:
        edge["metric_back"] = random.choice((1, 65535))
    if random.random() < 0.1:
        edge["name"] = good_name(random) + str(random.randrange(100))
    return edge


def _spoil(random: Random, given: dict[str, Any]) -> None:
    """One mistake: a key that is gone, one more, or another value."""
    key = random.choice((*given, "id", "Metric", "metrics", "lopback", name(random)))
    if random.random() < 0.3:
        given.pop(key, None)
    else:
        given[key] = value(random)


def spoilt(random: Random, whole: Any) -> None:
    """One thing in plain data is gone, another, or one more: anywhere in it."""
    inside, within = [whole], [whole]
    while inside:
        one = inside.pop()
        some = one.values() if isinstance(one, dict) else one
        inside += [each for each in some if isinstance(each, dict | list) and each]
        within += [each for each in some if isinstance(each, dict | list) and each]
    one = random.choice(within)
    key = random.choice(sorted(one)) if isinstance(one, dict) else random.randrange(len(one))
    match random.randrange(3):
        case 0:
            del one[key]
        case 1 if isinstance(one, dict):
            one[name(random)] = value(random)
        case _:
            one[key] = value(random)


def garbled(random: Random, text: str) -> str:
    """The text, cut short or with a letter that is another."""
    at = random.randrange(len(text) + 1)
    return text[:at] if random.random() < 0.5 else text[:at] + random.choice('"\\{}[],:0\0\x1b\ud800') + text[at + 1 :]


def json_file(random: Random) -> bytes:
    """A network file of JSON, at times torn."""
    text = json.dumps(network(random), ensure_ascii=random.random() < 0.5)
    return _torn(random, text.encode("utf-8", "surrogatepass"))


def graphml_file(random: Random) -> bytes:
    """A network file of GraphML, at times torn."""
    data = network(random)
    rows = data if isinstance(data, dict) else {}
    given = (rows.get(key) for key in ("nodes", "edges"))
    nodes, edges = ([row for row in some if isinstance(row, dict)] if isinstance(some, list) else [] for some in given)
    keys = {key for row in (*nodes, *edges) for key in row} - {"id", "source", "target"}
    typed = {key: {"metric": "int", "metric_back": "int", "x": "double"}.get(key, "string") for key in sorted(keys)}
    if keys and random.random() < 0.2:
        typed[random.choice(sorted(keys))] = random.choice(("string", "int", "double", "boolean", "long", "\x9b31m"))
    lines = ['<graphml xmlns="http://graphml.graphdrawing.org/xmlns">']
    lines += [
        f'<key id={_attribute(key)} for="all" attr.name={_attribute(key)} attr.type={_attribute(typed[key])}/>'
        for key in sorted(keys)
        if random.random() < 0.99
    ]
    lines.append(f'<graph edgedefault="{random.choice(("undirected", "undirected", "directed"))}">')
    for tag, rows_of in (("node", nodes), ("edge", edges)):
        for row in rows_of:
            ends = "".join(f" {key}={_attribute(row[key])}" for key in ("id", "source", "target") if key in row)
            inner = "".join(
                f"<data key={_attribute(key)}>{_text(each)}</data>" for key, each in row.items() if key in keys
            )
            lines.append(f"<{tag}{ends}>{inner}</{tag}>")
    return _torn(random, "\n".join([*lines, "</graph></graphml>"]).encode("utf-8", "surrogatepass"))


def _text(given: Any) -> str:
    return escape(given if isinstance(given, str) else json.dumps(given), {"\x9b": "&#x9b;", "\u202e": "&#x202e;"})


def _attribute(given: Any) -> str:
    return quoteattr(given if isinstance(given, str) else json.dumps(given), {"\x9b": "&#x9b;"})


def _torn(random: Random, content: bytes) -> bytes:
    if random.random() < 0.9:
        return content
    at = random.randrange(len(content) + 1)
    return content[:at] + random.choice((b"", b"\0", b"\xff", b"\x1b[2J", b'"', b"<", content[at + 1 :]))


def arguments(random: Random, networks: list[str], names: list[str], links: list[str]) -> list[str]:
    """A command line: a command with a network, names that may be in it, and options of that command or another."""

    def one_of(few: list[str]) -> str:
        return random.choice(few) if few and random.random() < 0.95 else name(random)

    command = random.choice(("paths", "routes", "converge"))
    given = [command, random.choice(networks)]
    if command == "paths":
        given += [one_of(names), one_of(names)]
    if command == "converge":
        given += ["--from", one_of(names), "--to", one_of(names), "--flows", "2", "--rate", "10"]
    number = random.choice(("0", "1", "5", "9" * 30)) if random.random() < 0.8 else random.choice(("-1", "1e3", "٣"))
    options = {
        "paths": [["--limit", number]],
        "routes": [["--at", one_of(names)]],
        "converge": [
            *(["--spf-delay", f"{one_of(names)}={number}"], ["--silent"], ["--lfa"], ["--timers", "frr"]),
            *(["--detect", "bfd"], ["--detect", "hello"], ["--seed", number]),
        ],
    }
    options["all"] = [["--json"], ["--cut", one_of(links)], ["--cut", f"{one_of(names)}-{one_of(names)}"]]
    options["all"] += [["--down", one_of(names)]]
    for _ in range(random.randrange(4)):
        few = random.choice(("all", command)) if random.random() < 0.98 else random.choice(tuple(options))
        given += random.choice(options[few])
    if random.random() < 0.2:
        _garble(random, given)
    return [word.replace("\0", "") for word in given]  # the system hands over none


def _garble(random: Random, given: list[str]) -> None:
    """One word that is wrong: gone, one more, or another one."""
    wrong = random.choice(("--", "-h", "", "--at=--", "--cut=--", "--limit=--", "\udc9b", name(random), name(random)))
    at = random.randrange(len(given))
    match random.randrange(3):
        case 0:
            del given[at]
        case 1:
            given.insert(at, wrong)
        case _:
            given[at] = wrong
