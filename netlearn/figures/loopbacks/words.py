"""What is said of the three loopbacks."""

from netlearn.drawing.prose import failures_in_words, listed
from netlearn.drawing.signs import Sign
from netlearn.figures.loopbacks.scene import LO, SIGNS, Found, Scene, find

NAMES = {"lo": "lo, the loopback interface", "plate": "A router’s loopback", "shared": "An anycast address"}
STEP_NAMES = {"lo": "lo", "plate": "Router loopback", "shared": "Anycast", "break": "Break it"}
COUNTED = (
    "None of the three answers",
    "One of the three still answers",
    "Two of the three still answer",
    "All three still answer",
)


def facts(scene: Scene, sign: Sign) -> tuple[tuple[str, str], ...]:
    """Who may hold the address, who sees it, what it survives: what stays true whatever fails."""
    routers, holders = scene.router, listed(scene.holders)
    return {
        "lo": (
            ("Address", f"{LO}, the same in every machine"),
            ("Who may hold it", "Every machine, each for itself; its own kernel makes it."),
            ("Who sees it", "Only programs in the same machine. Packets for it stay inside."),
            ("What it survives", "Every cable, as it has none. It ends with its machine, and leads nowhere else."),
        ),
        "plate": (
            ("Address", f"{scene.address}/32, and nobody else has it"),
            ("Who may hold it", f"{routers} alone. Each router has a name of its own."),
            ("Who sees it", "Everyone: it is announced to all routers, like any other address."),
            ("What it survives", f"Any cable, while some way to {routers} is left. It ends with {routers}."),
        ),
        "shared": (
            ("Address", f"{scene.shared.network_address}/{scene.shared.prefixlen}, the same on {holders}"),
            ("Who may hold it", "Several routers, on different links, all on purpose."),
            ("Who sees it", "Everyone; but each sender reaches only the nearest holder."),
            ("What it survives", f"Cables, and even holders, while one of {holders} can be reached."),
        ),
    }[sign]


def now(scene: Scene, found: Found, sign: str) -> str:
    """What becomes of a question to this address, as things are."""
    if not found.after.has_node(scene.asker):
        return f"{scene.asker} is down, so it asks nothing."
    if sign == "lo":
        return f"{scene.asker} asks, and {scene.asker} itself answers. No cable is used."
    reply = found.replies[sign]
    if not reply.answers:
        return _silence(scene, found, sign)
    assert reply.walk is not None
    if not reply.walk.hops:
        return f"{scene.asker} has this address itself, and answers itself."
    sentence = f"{reply.walk.end} answers, by {' → '.join(reply.walk.nodes)}."
    if len(reply.ends) > 1:
        parts = (f"{node} {share:.0%}" for node, share in sorted(reply.ends.items()))
        sentence += f" That is this one flow; as they are equally near, all flows are shared: {listed(parts)}."
    return sentence


def _silence(scene: Scene, found: Found, sign: str) -> str:
    """Why nobody answers."""
    holders = (scene.router,) if sign == "plate" else scene.holders
    if alive := [node for node in holders if found.after.has_node(node)]:
        verb = "is" if len(alive) == 1 else "are"
        return f"No answer: {listed(alive)} {verb} alive, but no way from {scene.asker} is left."
    if len(holders) == 1:
        return f"No answer: {holders[0]} is down, and nobody else has this address."
    return f"No answer: {listed(holders)} are {'both' if len(holders) == 2 else 'all'} down."


def claim(scene: Scene, found: Found) -> str:
    """The one sentence to take away from what is looked at."""
    failed = bool(scene.cut or scene.down)
    boxes = [node.name for node in found.after.nodes if node.kind != "lan"]
    reply = found.replies.get(scene.step, found.replies["lo"])
    if scene.step == "lo":
        if failed:
            return f"Whatever is cut, each of the {len(boxes)} boxes still reaches its own lo"
        return f"{len(boxes)} boxes, {len(boxes)} rings: what is sent to {LO} stays in its box"
    if scene.step == "plate":
        if reply.answers:
            return f"{scene.address} is a name for the box: any way to {scene.router} will do"
        down = not found.after.has_node(scene.router)
        return f"{scene.router} is {'down, and its name with it' if down else 'alive, but no way leads to it'}"
    if scene.step == "shared":
        if not reply.answers:
            return "No holder can be reached: no answer"
        ends, gone = sorted(reply.ends), [node for node in scene.holders if node not in reply.ends]
        if gone and failed:
            verb = "answers" if len(ends) == 1 else "answer"
            return f"{listed(ends)} {verb} for {scene.asker}, without {listed(gone)}"
        tied = listed(ends) if gone else "all" if len(ends) > 2 else "both"
        near = f"{tied} are equally near" if len(ends) > 1 else f"{ends[0]} is the nearest"
        return f"The same address on {listed(scene.holders)}: {near} to {scene.asker}"
    if not failed:
        return "Three loopbacks: break something, and see which still answer"
    return COUNTED[found.answers().count("1")]


def words(scene: Scene) -> str:
    """The picture in words: what has failed, who asks, and what becomes of each question that is looked at."""
    addresses = {"lo": LO, "plate": scene.address, "shared": scene.shared.network_address}
    signs = SIGNS if scene.step == "break" else (scene.step,)
    asked = (f"{addresses[sign]}: {now(scene, find(scene), sign)}" for sign in signs)
    return " ".join((*failures_in_words(scene.topology, scene.cut, scene.down), *asked))
