"""The judge of the host model: this machine's own kernel, in network namespaces that nobody else sees.

`Kernel()` starts one process. For each world it makes a network namespace per host and one for the switches, from the
plain fields of the hosts alone, binds real sockets, and dials all at once: sockets stay in the namespace in which they
were opened, so one selector waits for all of them, and what is dropped costs the same second for all. The namespaces
have no name and no process but this one, so whatever way it ends, the kernel removes them. `netlearn.lab.why_not()`
says what is missing where that cannot be.
"""

import contextlib
import errno
import json
import resource
import selectors
import socket
import subprocess
import sys
import time
from array import array
from dataclasses import asdict
from ipaddress import ip_address
from itertools import product
from pathlib import Path

from netlearn import NetlearnError
from netlearn.lab import Namespaces, alone

IP_FREEBIND = 15
PATIENCE_S = 1.0  # silence for so long means that nothing more will come
GREETING = 16  # bytes: the number of a listener, padded
KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}

FRESH = {
    **dict.fromkeys(("ipv4/icmp_ratelimit", "ipv4/icmp_ratemask", "ipv6/icmp/ratelimit", "ipv6/icmp/ratemask"), 0),
    "ipv4/tcp_max_syn_backlog": 4096,
    "ipv4/ip_forward": 0,
    **{
        f"{family}/conf/{every}/{setting}": value
        for every in ("all", "default")
        for family, settings in {
            "ipv4": {"rp_filter": 0, "arp_announce": 2, "accept_redirects": 0, "send_redirects": 0},
            "ipv6": dict.fromkeys(
                ("forwarding", "accept_dad", "accept_ra", "router_solicitations", "accept_redirects"), 0
            ),
        }.items()
        for setting, value in settings.items()
    },
    "ipv6/conf/default/addr_gen_mode": 1,
}


class Kernel:
    """The process with the namespaces, to be used as a context."""

    def __enter__(self):
        apart = alone(sys.executable, __file__)
        self.process = subprocess.Popen(apart, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def ask(self, **question):
        """What the process answers. Raises `RuntimeError` with its words if it could not."""
        self.process.stdin.write(json.dumps(question, default=asdict) + "\n")
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the judge ended with status {self.process.wait()}")
        answer = json.loads(line)
        if "failed" in answer:
            raise RuntimeError(answer["failed"])
        return answer["answer"]


# ---- Inside the process


def read(space, file):
    """The lines of a file of /proc/net, of that namespace."""
    with space.inside():
        return (Path("/proc/thread-self/net") / file).read_text().splitlines()


def end(text):
    """Address and port of a socket, which /proc/net writes in hexadecimal: each 32 bits in the machine's own order."""
    address, port = text.split(":")
    words = array("I", bytes.fromhex(address))
    if sys.byteorder == "little":
        words.byteswap()
    return plain(str(ip_address(words.tobytes()))), int(port, 16)


def plain(address):
    """The address without its zone; of an IPv4-mapped one the IPv4 address, as a server of both families writes it."""
    ip = ip_address(address.partition("%")[0])
    return getattr(ip, "ipv4_mapped", None) or ip


class World:
    """The namespaces of one world, built from the plain fields of its hosts."""

    def __init__(self, spaces, hosts):
        self.hosts = {host["name"]: host for host in hosts}
        self.switch, *others = [spaces.new(name) for name in ("switch", *self.hosts)]
        self.space = dict(zip(self.hosts, others, strict=True))
        for each in (self.switch, *others):
            each.sysctl(FRESH, missing_ok=True)
        links = {each["link"] for host in hosts for each in host["interfaces"] if each["link"]}
        self.switch.ip("link set lo up", *(f"link add {link} type bridge mcast_snooping 0" for link in links))
        self.switch.ip(*(f"link set {link} up" for link in links))
        for host in hosts:
            self._cables(host)
        for host in hosts:
            self._addresses(host)
        for host in hosts:
            self._routes(host)

    def port(self, host, interface):
        """The name of the switch's end of the interface's cable: at most 15 characters."""
        names = [(name, each["name"]) for name, one in self.hosts.items() for each in one["interfaces"]]
        return f"port{names.index((host, interface))}"

    def _cables(self, host):
        lines, riding = [], []
        for each in host["interfaces"]:
            space = self.space[host["name"]]
            if each["macvlan_on"]:
                on, nic = each["macvlan_on"]
                riding.append((on, f"link add {each['name']} link {nic} netns {space.path} type macvlan mode bridge"))
            elif each["link"]:
                port = self.port(host["name"], each["name"])
                lines += [
                    f"link add {port} type veth peer name {each['name']} netns {space.path}",
                    f"link set {port} master {each['link']} up",
                ]
        self.switch.ip(*lines)
        for on, line in riding:  # on a NIC that is there, of this host or of one before it
            self.space[on].ip(line)

        for number, name in enumerate(vrfs(host), 10):
            space = self.space[host["name"]]
            space.ip(f"link add {name} type vrf table {number}")
            for family in ("-4", "-6"):  # as Documentation/networking/vrf.rst has it
                space.ip(f"route add table {number} unreachable default metric 4278198272", family=family)
            space.ip(*(f"link set {each['name']} master {name}" for each in host["interfaces"] if each["vrf"] == name))
        for family in ("-4", "-6") if vrfs(host) else ():
            rules = ("rule add pref 32765 table local", "rule del pref 0")
            self.space[host["name"]].ip(*rules, family=family)

    def _addresses(self, host):
        for each in host["interfaces"]:
            name, given = each["name"], each["addresses"]
            lines = [f"link set {name} up"] if each["link"] or each["up"] else []
            if name == "lo" and each["up"]:
                fresh = ("127.0.0.1/8", "::1/128")
                lines += [f"address del {one} dev lo" for one in fresh if one not in given]
                given = [one for one in given if one not in fresh]
            nodad = " nodad"
            lines += [f"address add {one} dev {name}{nodad if ':' in one else ''}" for one in given]
            lines += [f"address change {one} dev {name} preferred_lft 0" for one in each["deprecated"]]
            self.space[host["name"]].ip(*lines)

    def _routes(self, host):
        space, cards = self.space[host["name"]], [each["name"] for each in host["interfaces"]]
        space.sysctl(settings(host, cards), missing_ok=True)
        for each in host["routes"]:
            family = "-6 " if ":" in each["prefix"] else ""
            kind = "" if each["kind"] == "unicast" else f"{each['kind']} "
            via = f" via {each['via']}" if each["via"] else ""
            dev = f" dev {each['interface']}" if each["interface"] else ""
            inside = next((one["vrf"] for one in host["interfaces"] if one["name"] == each["interface"]), None)
            dev += f" vrf {inside}" if inside else ""
            metric = f" metric {each['metric']}" if each["metric"] else ""
            space.run("ip", *f"{family}route add {kind}{each['prefix']}{via}{dev}{metric}".split())
        if host["strong"]:
            for family in ("-4", "-6"):
                space.ip(*self._strong(host, family), family=family)

    def _strong(self, host, family):
        """Linux has no switch for it: what comes in is looked up in a table of that interface's addresses alone."""
        yield "rule add pref 0 iif lo lookup local"
        yield "rule del pref 0 from all lookup local"
        nics = [each for each in host["interfaces"] if each["name"] != "lo"]
        for number, each in enumerate(nics, 100):
            yield f"rule add pref 1 iif {each['name']} lookup {number}"
            if family == "-6":  # neighbour discovery asks a group
                yield f"route add multicast ff00::/8 dev {each['name']} table {number}"
            for address in each["addresses"]:
                if (":" in address) == (family == "-6"):
                    yield f"route add local {address.partition('/')[0]} dev {each['name']} table {number}"

    def change(self, host):
        """What is set down, or loses its cable, while everything runs."""
        for each in host["interfaces"]:
            before = next(one for one in self.hosts[host["name"]]["interfaces"] if one["name"] == each["name"])
            if before["up"] and not each["up"]:
                self.space[host["name"]].ip(f"link set {each['name']} down")
            if before["carrier"] and not each["carrier"]:
                self.switch.ip(f"link set {self.port(host['name'], each['name'])} down")

    def tables(self, host, destinations):
        """`ip route get` for each destination, and the local table, as `ip` prints them."""

        def run(*words):
            done = self.space[host].run("ip", *words, check=False)
            return done.stdout if done.returncode == 0 else done.stderr

        gets = {}
        for one in destinations:
            plain, _, zone = one.partition("%")
            gets[one] = run("-o", "route", "get", plain, *(["oif", zone] if zone else []))
        return {"gets": gets, "local4": run("-4", "route", "show", "table", "local")}


def vrfs(host):
    """The devices of the host's VRFs."""
    return sorted({each["vrf"] for each in host["interfaces"]} - {None})


def settings(host, cards):
    """What stands below /proc/sys/net of a host, for the fields that say how it treats packets."""
    for_each = {
        "ipv4/conf/{}/arp_ignore": int(host["arp_ignore"]),
        "ipv4/conf/{}/route_localnet": int(host["route_localnet"]),
        "ipv4/conf/{}/rp_filter": host["rp_filter"],
        "ipv4/conf/{}/ignore_routes_with_linkdown": int(host["ignores_linkdown"]),
        "ipv6/conf/{}/ignore_routes_with_linkdown": int(host["ignores_linkdown"]),
    }
    found = {f"ipv4/{protocol}_l3mdev_accept": int(host["l3mdev_accept"]) for protocol in KINDS}
    found |= {path.format(every): value for path, value in for_each.items() for every in ("all", "default", *cards)}
    for family, card in product(("ipv4", "ipv6"), cards):
        found[f"{family}/neigh/{card}/retrans_time_ms"] = 100  # so three questions take 0.3 s, not 3
        found[f"{family}/neigh/{card}/unres_qlen_bytes"] = 16_000_000  # who waits for the answer is not dropped
        found[f"{family}/ip_nonlocal_bind"] = int(host["nonlocal_bind" if family == "ipv4" else "nonlocal_bind6"])
    if host["forwards"]:
        found |= {"ipv4/ip_forward": 1, "ipv6/conf/all/forwarding": 1}
    return found


def endpoint(text, port):
    """What Python's sockets take: an address with its zone as a number."""
    plain, _, zone = text.partition("%")
    return (plain, port, 0, socket.if_nametoindex(zone) if zone else 0) if ":" in plain else (plain, port)


def opened(binding):
    """The socket of a binding in the namespace where we are; `OSError` as the kernel says it."""
    family = socket.AF_INET6 if ":" in binding["address"] else socket.AF_INET
    made = socket.socket(family, KINDS[binding["protocol"]] | socket.SOCK_NONBLOCK)
    try:
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, binding["v6only"])
        if binding["reuse_address"]:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if binding["reuse_port"]:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if binding["freebind"]:
            made.setsockopt(socket.IPPROTO_IP, IP_FREEBIND, 1)
        if binding["device"]:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, binding["device"].encode())
        made.bind(endpoint(binding["address"], binding["port"]))
        if binding["protocol"] == "tcp":
            made.listen(1024)
    except OSError:
        made.close()
        raise
    return made


def bound(binding, kept):
    """Bind and keep; the name of the error, or `None`."""
    try:
        kept.append(opened(binding))
    except OSError as refused:
        return errno.errorcode[refused.errno]
    return None


class Run:
    """One world with its servers and all dials under way."""

    def __init__(self, spaces, selector, scenario):
        self.selector, self.scenario = selector, scenario
        self.world = World(spaces, scenario["before"])
        self.sockets, self.waiting = [], 0
        self.results = [dict.fromkeys(("told", "answered", "received", "source")) for _ in scenario["dials"]]
        number = 0  # of the server, in the order of the hosts
        for host in scenario["before"]:
            for binding in host["bindings"]:
                with self.world.space[host["name"]].inside():
                    made = opened(binding)
                self._watch(made, self._accept if binding["protocol"] == "tcp" else self._serve, number)
                number += 1
        for host in scenario["after"]:
            self.world.change(host)

    def start(self, pump):
        for number, (client, to, port, protocol, source) in enumerate(self.scenario["dials"]):
            with self.world.space[client].inside():
                self._dial(number, to, port, protocol, source)
            if number % 32 == 0:
                pump()

    def _watch(self, made, handler, number, events=selectors.EVENT_READ):
        self.sockets.append(made)
        self.selector.register(made, events, (handler, number))

    def _dial(self, number, to, port, protocol, source):
        result = self.results[number]
        made = socket.socket(socket.AF_INET6 if ":" in to else socket.AF_INET, KINDS[protocol] | socket.SOCK_NONBLOCK)
        try:
            if source:
                made.bind(endpoint(source, 0))
            made.connect(endpoint(to, port))
        except BlockingIOError:
            pass
        except OSError as refused:
            result["told"] = errno.errorcode[refused.errno]
            made.close()
            return
        result["source"], result["port"] = made.getsockname()[:2]
        self.waiting += 1
        if protocol == "tcp":
            self._watch(made, self._connected, number, selectors.EVENT_WRITE)
            return
        self._watch(made, self._answered, number)
        try:
            made.send(str(number).encode())
        except OSError as refused:
            self._done(made, number, told=errno.errorcode[refused.errno])

    def _done(self, made, number, **what):
        self.results[number].update(what)
        self.selector.unregister(made)
        self.waiting -= 1

    def _connected(self, made, number):
        if error := made.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._done(made, number, told=errno.errorcode[error])
        else:
            self.selector.modify(made, selectors.EVENT_READ, (self._answered, number))

    def _answered(self, made, number):
        try:
            listener = int(made.recv(GREETING))
        except OSError as refused:
            self._done(made, number, told=errno.errorcode[refused.errno])
        else:
            self._done(made, number, answered=listener, received=listener)

    def _accept(self, server, listener):
        accepted, _ = server.accept()
        self.sockets.append(accepted)
        accepted.send(str(listener).encode())

    def _serve(self, server, listener):
        while True:
            try:
                data, peer = server.recvfrom(GREETING)
            except BlockingIOError:
                return
            self.results[int(data)]["received"] = listener
            with contextlib.suppress(OSError):
                server.sendto(str(listener).encode(), peer)

    def finish(self):
        """Who holds half a connection whose answer never arrived, and everything closed."""
        half = {}
        for host, file in product(self.world.hosts, ("tcp", "tcp6")):
            for line in read(self.world.space[host], file)[1:]:
                words = line.split()
                if words[3] == "03":  # SYN-RECV
                    half[end(words[2]), end(words[1])] = host
        for (_, to, port, protocol, _), result in zip(self.scenario["dials"], self.results, strict=True):
            if protocol == "tcp" and result["told"] is None and result["answered"] is None:
                # Both ends whole: two clients may have one port, and one client the same to several addresses.
                result["half"] = half.get(((plain(result["source"]), result["port"]), (plain(to), port)))
        tables = {name: self.world.tables(name, to) for name, to in self.scenario.get("tables", {}).items()}
        binds = []
        for name, binding in self.scenario.get("binds", ()):
            kept = []
            with self.world.space[name].inside():
                binds.append(bound(binding, kept))
            for made in kept:
                made.close()
        for made in self.sockets:
            with contextlib.suppress(KeyError, ValueError):
                self.selector.unregister(made)
            made.close()
        dropped = {name: self._dropped(name) for name in self.world.hosts}
        return {"dials": self.results, "tables": tables, "binds": binds, "dropped": dropped}

    def _dropped(self, host):
        """How many packets `rp_filter` dropped there. (The count of martians is of all namespaces.)"""
        lines = read(self.world.space[host], "netstat")
        names, counts = (line.split() for line in lines if line.startswith("TcpExt:"))
        return int(counts[names.index("IPReversePathFilter")])


def matrix(scenarios):
    """The results of all scenarios: as many at a time as there are files for, and one silence for them all."""
    answers, wave, most = [], [], resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 500
    for scenario in scenarios:
        files = [len(each["dials"]) * 3 // 2 + 100 for each in (*wave, scenario)]
        if wave and sum(files) > most:
            answers += together(wave)
            wave = []
        wave.append(scenario)
    return answers + together(wave)


def together(scenarios):
    with Namespaces() as spaces, selectors.DefaultSelector() as selector:
        last = time.monotonic()

        def pump(timeout=0.0):
            nonlocal last
            for key, _ in selector.select(timeout):
                handler, number = key.data
                if not isinstance(key.fileobj, int) and key.fileobj.fileno() >= 0:
                    handler(key.fileobj, number)
                    last = time.monotonic()

        runs = [Run(spaces, selector, scenario) for scenario in scenarios]
        for run in runs:
            run.start(pump)
        last = time.monotonic()
        while any(run.waiting for run in runs) and time.monotonic() < last + PATIENCE_S:
            pump(0.05)
        return [run.finish() for run in runs]


class Binder:
    """One host on which pairs of sockets are bound and closed again."""

    def __init__(self, host):
        self.world = World(Namespaces(), [host])
        self.space = self.world.space[host["name"]]

    def errors(self, bindings):
        kept = []
        with self.space.inside():
            told = [bound(each, kept) for each in bindings]
        for made in kept:
            made.close()
        return told


def open_many():
    """As many files as may be: each socket and each namespace is one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for most in (100_000, hard):  # only root may go beyond
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, max(most, hard)))
            return


def serve():
    binder = None
    for line in sys.stdin:
        question = json.loads(line)
        try:
            match question.pop("op"):
                case "matrix":
                    answer = matrix(question["scenarios"])
                case "host":
                    binder, answer = Binder(question["host"]), None
                case "bind":
                    answer = binder.errors(question["bindings"])
            told = {"answer": answer}
        except (OSError, NetlearnError) as reason:
            told = {"failed": f"{type(reason).__name__}: {reason}"}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    open_many()
    serve()
