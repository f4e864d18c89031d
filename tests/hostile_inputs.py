"""What somebody who means harm might give: names, values, network files and arguments, each from a seeded generator.

`random.Random(seed)` decides, so that a number is enough to see an input again.
"""

import ipaddress
import json
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
    kinds = (name, lambda random: random.choice(NUMBERS), lambda random: None)
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
    """The data of a network file: mostly right, with a few mistakes in it."""
    mistakes = random.choice((0, 0, 1, 2, 5))
    named = good_name if random.random() < 0.7 else name
    names = [named(random) for _ in range(random.randrange(6))]
    if random.random() < 0.8:
        names = list(dict.fromkeys(names))
    nodes = [_node(random, each) for each in names]
    edges = [_edge(random, names or ["A"]) for _ in range(random.randrange(2 * len(names) + 1))]
    if random.random() < 0.8:
        edges = [edge for edge in edges if edge["source"] != edge["target"]]
    data: dict[str, Any] = {"nodes": nodes, "edges": edges}
    if random.random() < 0.1:
        data["directed"] = True
    for _ in range(mistakes):
        _spoil(random, random.choice([data, *nodes, *edges]))
    return value(random) if random.random() < 0.03 else data


def _node(random: Random, named: str) -> dict[str, Any]:
    node: dict[str, Any] = {"id": named}
    if random.random() < 0.3:
        node["kind"] = random.choice(("router", "host", "lan"))
    if random.random() < 0.4:
        address = "loopback" if node.get("kind", "router") == "router" else "address"
        few = ADDRESSES if random.random() < 0.2 else ADDRESSES[:8]
        node[address] = random.choice(few)
    if random.random() < 0.3:
        few = PREFIXES if random.random() < 0.2 else PREFIXES[:5]
        node["announces"] = [random.choice((random.choice(few), {"prefix": random.choice(few), "metric": 3}))]
    if random.random() < 0.2:
        node["x"] = random.choice(NUMBERS)
    return node


def _edge(random: Random, names: list[str]) -> dict[str, Any]:
    edge: dict[str, Any] = {"source": random.choice(names), "target": random.choice(names)}
    if random.random() < 0.3:
        edge["metric"] = random.choice((0, 1, 2, 65535, random.choice(NUMBERS)))
    if random.random() < 0.2:
        edge["metric_back"] = random.choice((0, 1, 65535))
    if random.random() < 0.2:
        edge["name"] = random.choice((good_name, name))(random)
    return edge


def _spoil(random: Random, given: dict[str, Any]) -> None:
    """One mistake: a key that is gone, one more, or another value."""
    key = random.choice((*given, "id", "Metric", "metrics", "lopback", name(random)))
    if random.random() < 0.3:
        given.pop(key, None)
    else:
        given[key] = value(random)


def json_file(random: Random) -> bytes:
    """A network file of JSON, at times torn."""
    text = json.dumps(network(random), ensure_ascii=random.random() < 0.5)
    return _torn(random, text.encode("utf-8", "surrogatepass"))


def graphml_file(random: Random) -> bytes:
    """A network file of GraphML, at times torn."""
    data = network(random)
    rows = data if isinstance(data, dict) else {}
    nodes, edges = (rows.get(key) if isinstance(rows.get(key), list) else [] for key in ("nodes", "edges"))
    keys = {key for row in (*nodes, *edges) if isinstance(row, dict) for key in row} - {"id", "source", "target"}
    typed = {key: random.choice(("string", "int", "double", "boolean", "long", "\x9b31m")) for key in sorted(keys)}
    lines = ['<graphml xmlns="http://graphml.graphdrawing.org/xmlns">']
    lines += [
        f'<key id={_attribute(key)} for="all" attr.name={_attribute(key)} attr.type={_attribute(typed[key])}/>'
        for key in sorted(keys)
        if random.random() < 0.95
    ]
    lines.append(f'<graph edgedefault="{random.choice(("undirected", "undirected", "directed"))}">')
    for tag, rows_of in (("node", nodes), ("edge", edges)):
        for row in filter(lambda row: isinstance(row, dict), rows_of):
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


def arguments(random: Random, networks: list[str], names: list[str]) -> list[str]:
    """A command line: a command with a network, names that may be in it, and options."""

    def named() -> str:
        return random.choice(names) if names and random.random() < 0.8 else name(random)

    command = random.choice(("paths", "paths", "routes", "routes", "converge", name(random)))
    given = [command, random.choice(networks) if random.random() < 0.95 else name(random)]
    if command == "paths":
        given += [named(), named()]
    if command == "converge":
        given += ["--from", named(), "--to", named(), "--flows", "2", "--rate", random.choice(("0", "1", "10"))]
    for _ in range(random.randrange(4)):
        given += random.choice(_options(random, named))
    if random.random() < 0.1:
        given.insert(random.randrange(len(given) + 1), random.choice(("--", "-h", "", name(random))))
    if random.random() < 0.05:
        del given[random.randrange(len(given))]
    # The system hands over no NUL, and what is no UTF-8 as half of a pair.
    return [word.replace("\0", "").encode("utf-8", "replace").decode() + random.choice(("", "", "", "\udc9b"))
            if random.random() < 0.02 else word.replace("\0", "") for word in given]  # fmt: skip


def _options(random: Random, named: Any) -> list[list[str]]:
    number = random.choice(("0", "1", "5", "-1", "1e3", "9" * 30, "٣", name(random)))
    return [
        *(["--cut", f"{named()}-{named()}"], ["--cut", named()], ["--down", named()], ["--json"], ["--at", named()]),
        *([f"--at={random.choice(('--', named()))}"], [f"--cut={random.choice(('--', ''))}"], ["--limit", number]),
        *(["--limit=--"], ["--spf-delay", f"{named()}={number}"], ["--silent"], ["--lfa"], ["--timers", "frr"]),
        *(["--detect", random.choice(("bfd", "hello", name(random)))], ["--seed", number]),
    ]
