"""What becomes of an interface's address when its cable dies, measured on real routers:
``unshare -n -m -p --fork --mount-proc python tools/record/interface_address.py``.

It needs root, and Debian's frr and nftables. Three routers, each in a network namespace of its own, form a triangle;
OSPF sends a hello each second and gives up after four. First the cable between R1 and R2 is cut silently: at either
end an nft rule drops whatever comes in by it. Then, in a second round, its carrier is lost. Each time, once OSPF has
had time to notice, everybody asks for the addresses of R1 and R2, on that cable and on their loopbacks, with 10 pings.
All of it is gone when this ends. What it printed stands in netlearn/data/measured.json.
"""

import json
import subprocess
from pathlib import Path
from time import sleep

LINKS = {"12": ("R1", "R2"), "13": ("R1", "R3"), "23": ("R2", "R3")}
ROUTERS = ("R1", "R2", "R3")
RUN, ETC, PROGRAMS = Path("/var/run"), Path("/etc/frr"), Path("/usr/lib/frr")
ASKED, TO_SETTLE_S, TO_NOTICE_S = 10, 15, 12
DROP = "table inet cut {\n chain c {\n  type filter hook prerouting priority -300;\n  iifname link12 drop;\n }\n}\n"
SETTINGS = """
net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
net.ipv4.conf.all.ignore_routes_with_linkdown=1 net.ipv4.conf.default.ignore_routes_with_linkdown=1
"""


def command(*words: str, given: str | None = None) -> None:
    """Run a command that has to succeed."""
    subprocess.run(words, check=True, input=given, text=True, capture_output=True)


def inside(router: str, *words: str, given: str | None = None) -> None:
    """The same in a router's namespace."""
    command("ip", "netns", "exec", router, *words, given=given)


def start() -> None:
    """Three routers with their cables, addresses and daemons; what they write stays in this mount namespace."""
    for place in (RUN, ETC):
        command("mount", "-t", "tmpfs", "none", str(place))
    for router in ROUTERS:
        command("ip", "netns", "add", router)
        inside(router, "sysctl", "-qw", *SETTINGS.split())
        inside(router, "ip", "link", "set", "lo", "up")
        inside(router, "ip", "address", "add", f"{loopback(router)}/32", "dev", "lo")
    for name, ends in LINKS.items():
        card = f"link{name}"
        command("ip", "link", "add", card, "netns", ends[0], "type", "veth", "peer", "name", card, "netns", ends[1])
        for host, router in enumerate(ends, 1):
            inside(router, "ip", "address", "add", f"198.18.{name}.{host}/30", "dev", card)
            inside(router, "ip", "link", "set", card, "up")
    for router in ROUTERS:
        daemons(router)


def loopback(router: str) -> str:
    return f"192.0.2.{router[1]}"


def daemons(router: str) -> None:
    """zebra and ospfd of one router."""
    cards = [f"link{name}" for name, ends in LINKS.items() if router in ends]
    timers = " ip ospf network point-to-point\n ip ospf hello-interval 1\n ip ospf dead-interval 4\n"
    lines = "interface lo\n ip ospf area 0\n" + "".join(
        f"interface {card}\n ip ospf area 0\n{timers}" for card in cards
    )
    (ETC / router).write_text(f"{lines}router ospf\n ospf router-id {loopback(router)}\n")
    place = RUN / "frr" / router
    place.mkdir(parents=True)
    command("chown", "-R", "frr:frr", str(RUN / "frr"))
    for name, settings in (("zebra", Path("/dev/null")), ("ospfd", ETC / router)):
        paths = ("-z", f"{place}/zebra.sock", "-i", f"{place}/{name}.pid", "--vty_socket", str(place))
        inside(router, str(PROGRAMS / name), "-d", *paths, "-f", str(settings))


def stop() -> None:
    for file in (RUN / "frr").rglob("*.pid"):
        subprocess.run(["kill", file.read_text().strip()], check=False)


def answered(asker: str, address: str) -> int:
    """How many of the pings were answered."""
    words = ["ip", "netns", "exec", asker, "ping", "-q", "-c", str(ASKED), "-i", "0.05", "-W", "1", address]
    said = subprocess.run(words, check=False, text=True, capture_output=True).stdout
    return int(said.split(" received")[0].split()[-1]) if " received" in said else 0


def asked() -> dict[str, int]:
    """Everybody asks for everything that the cable's two ends have."""
    addresses = {loopback("R1"): "R1", loopback("R2"): "R2", "198.18.12.1": "R1", "198.18.12.2": "R2"}
    return {
        f"{asker} asks {address}": answered(asker, address)
        for address, owner in addresses.items()
        for asker in ROUTERS
        if asker != owner
    }


def main() -> None:
    start()
    try:
        sleep(TO_SETTLE_S)
        found = {"before": asked()}
        for router in ("R1", "R2"):
            inside(router, "nft", "-f", "-", given=DROP)
        sleep(TO_NOTICE_S)
        found["cut silently"] = asked()
        for router in ("R1", "R2"):
            inside(router, "nft", "delete", "table", "inet", "cut")
        sleep(TO_SETTLE_S)
        found["mended"] = asked()
        # The end that is set down takes the other's carrier along; a cable that is cut takes both.
        inside("R1", "ip", "link", "set", "link12", "down")
        sleep(TO_NOTICE_S)
        found["carrier lost"] = asked()
    finally:
        stop()
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
