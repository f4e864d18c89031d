"""What becomes of an interface's address when its cable dies, measured on real routers:
``python tools/record/interface_address.py``.

It needs Debian's frr and nftables, and root. Three routers, each in a network namespace of its own, form a triangle;
OSPF sends a hello each second and gives up after four. First the cable between R1 and R2 is cut silently: at either
end an nft rule drops whatever comes in by it. Then, in a second round, its carrier is lost. Each time, once OSPF has
had time to notice, everybody asks for the addresses of R1 and R2, on that cable and on their loopbacks, with 10 pings.
All of it is gone when this ends. What it printed stands in netlearn/data/measured.json.
"""

import json
from time import sleep

import frr

from netlearn.lab import Namespace, Namespaces, run_alone

LINKS = {"12": ("R1", "R2"), "13": ("R1", "R3"), "23": ("R2", "R3")}
ROUTERS = ("R1", "R2", "R3")
ASKED, TO_SETTLE_S, TO_NOTICE_S = 10, 15, 12
DROP = "table inet cut {\n chain c {\n  type filter hook prerouting priority -300;\n  iifname link12 drop;\n }\n}\n"


def start(spaces: Namespaces) -> dict[str, Namespace]:
    """Three routers with their cables, addresses and daemons; what they write stays in this mount namespace."""
    routers = {name: spaces.new(name) for name in ROUTERS}
    frr.apart()
    for name, router in routers.items():
        router.sysctl(frr.SETTINGS)
        router.up("lo", f"{loopback(name)}/32")
    for name, (one, other) in LINKS.items():
        card = f"link{name}"
        routers[one].cable(card, routers[other], card)
        for host, end in enumerate((one, other), 1):
            routers[end].up(card, f"198.18.{name}.{host}/30")
    for router in routers.values():
        daemons(router)
    return routers


def loopback(router: str) -> str:
    return f"192.0.2.{router[1]}"


def daemons(router: Namespace) -> None:
    """zebra and ospfd of one router; they end with its namespace."""
    cards = [f"link{name}" for name, ends in LINKS.items() if router.name in ends]
    timers = " ip ospf network point-to-point\n ip ospf hello-interval 1\n ip ospf dead-interval 4\n"
    lines = "interface lo\n ip ospf area 0\n" + "".join(
        f"interface {card}\n ip ospf area 0\n{timers}" for card in cards
    )
    frr.daemons(router, ospfd=f"{lines}router ospf\n ospf router-id {loopback(router.name)}\n")


def answered(asker: Namespace, address: str) -> int:
    """How many of the pings were answered."""
    said = asker.run("ping", "-q", "-c", str(ASKED), "-i", "0.05", "-W", "1", address, check=False).stdout
    return int(said.split(" received")[0].split()[-1]) if " received" in said else 0


def asked(routers: dict[str, Namespace]) -> dict[str, int]:
    """Everybody asks for everything that the cable's two ends have."""
    addresses = {loopback("R1"): "R1", loopback("R2"): "R2", "198.18.12.1": "R1", "198.18.12.2": "R2"}
    return {
        f"{name} asks {address}": answered(asker, address)
        for address, owner in addresses.items()
        for name, asker in routers.items()
        if name != owner
    }


def main() -> None:
    run_alone()
    with Namespaces() as spaces:
        routers = start(spaces)
        ends = (routers["R1"], routers["R2"])
        sleep(TO_SETTLE_S)
        found = {"before": asked(routers)}
        for router in ends:
            router.run("nft", "-f", "-", given=DROP)
        sleep(TO_NOTICE_S)
        found["cut silently"] = asked(routers)
        for router in ends:
            router.run("nft", "delete", "table", "inet", "cut")
        sleep(TO_SETTLE_S)
        found["mended"] = asked(routers)
        # The end that is set down takes the other's carrier along; a cable that is cut takes both.
        ends[0].ip("link set link12 down")
        sleep(TO_NOTICE_S)
        found["carrier lost"] = asked(routers)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
