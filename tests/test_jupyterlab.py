"""The chapter in JupyterLab: before it is run, and alive with the notebook's own kernel."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import notebooks
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT
from jupyter_client.blocking.client import BlockingKernelClient
from playwright.sync_api import Browser, Locator, Page, expect

from netlearn.teaching.quizzes import bundled

WAIT_MS = 60_000
EXPLORER = "next(shown for shown in Out.values() if hasattr(shown, 'cut'))"  # the figure, in the kernel
TOKEN = "for-the-test"
# The figures of one machine in one notebook, which looks at this machine as `make jupyter` lets it.
CELLS = (
    "import os\nos.environ.pop('NETLEARN_RECORDED', None)\nfrom netlearn.widgets import Doors, PacketPath, Reach",
    "Doors()",
    "PacketPath()",
    "Reach(predict='test')",
)
# Every kind of figure, one in each cell.
KINDS = (
    "from netlearn.figures.common.prediction import Prediction\nfrom netlearn.network.bundled import forum",
    "from netlearn import widgets",
    "widgets.Explorer(forum(), 'Source', 'End', predict=Prediction.of('case-1'))",
    "widgets.Player(forum(), 'Source', 'End', cut=['R2-End'])",
    "widgets.Anycast()",
    "widgets.NameTheBox(router='R2')",
    "widgets.Loopbacks()",
    "widgets.SameAddress()",
    "widgets.WhatIf(forum())",
    "widgets.Sandbox()",
    "widgets.PacketPath()",
    "widgets.Reach(predict='listening')",
    "widgets.Doors()",
    "widgets.Quiz.of('case-1')",
)
CONTROLS = (
    "[data-link]",
    "[data-node]",
    "button:not([aria-disabled=true], :disabled)",
    "select",
    *(f"input[type={kind}]" for kind in ("checkbox", "radio", "number", "range", "search")),
    "li button",
    "summary",
)


def notebook_of(cells: Sequence[str]) -> str:
    """A notebook of these cells, not run."""
    made: dict[str, Any] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return notebooks.normal({"cells": [{**made, "id": f"c{n}", "source": each} for n, each in enumerate(cells)]})


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which JupyterLab's kernels say how to reach them."""
    return tmp_path_factory.mktemp("runtime")


@pytest.fixture(scope="module")
def jupyterlab(tmp_path_factory: pytest.TempPathFactory, runtime: Path) -> Iterator[str]:
    """JupyterLab on a copy of the chapters, with settings of its own; its address."""
    folder = tmp_path_factory.mktemp("lab")
    book = folder / "book"
    book.mkdir()
    for notebook in (ROOT / "book").glob("*.ipynb"):
        (book / notebook.name).write_bytes(notebook.read_bytes())
    (book / "one-machine.ipynb").write_text(notebook_of(CELLS))
    (book / "kinds.ipynb").write_text(notebook_of(KINDS))
    environment = os.environ | {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "DATA")}
    environment["JUPYTER_RUNTIME_DIR"] = str(runtime)
    settings = {
        "ServerApp": {"root_dir": str(book), "port": 0, "ip": "127.0.0.1", "open_browser": False, "allow_root": True},
        "IdentityProvider": {"token": TOKEN},
        "LabApp": {
            "news_url": None,
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "expose_app_in_browser": True,
        },
    }
    config = folder / "CONFIG" / "jupyter_config.json"
    config.parent.mkdir()
    config.write_text(json.dumps(settings))
    log = folder / "log.txt"
    command = [sys.executable, "-m", "jupyterlab", f"--config={ROOT / 'tools' / 'jupyter_config.py'}"]
    with log.open("w") as out:
        server = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT, cwd=book)
    try:
        yield _address(server, log)
    finally:
        server.terminate()
        server.wait(30)


def _address(server: "subprocess.Popen[bytes]", log: Path) -> str:
    """The address that the server prints once it listens, when it answers there."""
    for _ in range(600):
        assert server.poll() is None, log.read_text()
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text())
        if found:
            try:
                urllib.request.urlopen(f"{found[0]}/api/status?token={TOKEN}", timeout=5)
                return f"{found[0]}/lab?token={TOKEN}"
            except urllib.error.URLError:
                pass
        time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture
def notebook(browser: Browser, jupyterlab: str) -> Iterator[Callable[[str], Page]]:
    """Opens a chapter in JupyterLab; pages that complain on the console fail the test."""
    context = browser.new_context(viewport={"width": 1300, "height": 1100})
    complaints: list[str] = []

    def open_notebook(name: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if "netlearn" in message.text else None)
        page.goto(jupyterlab.replace("/lab?", f"/lab/workspaces/{name}/tree/{name}.ipynb?"))
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=WAIT_MS)
        return page

    yield open_notebook
    context.close()
    assert complaints == []


@pytest.fixture
def lab(notebook: Callable[[str], Page]) -> Page:
    """The first case, open in JupyterLab."""
    return notebook("case-1")


def ask_kernel(runtime: Path, expression: str) -> str:
    """What an expression is in the kernel that JupyterLab started last, asked beside JupyterLab."""
    newest = max(runtime.glob("kernel-*.json"), key=lambda file: file.stat().st_mtime)
    client = BlockingKernelClient(connection_file=str(newest))
    client.load_connection_file()
    client.start_channels()
    try:
        reply = client.execute_interactive("", silent=True, user_expressions={"it": expression}, timeout=30)
        return str(reply["content"]["user_expressions"]["it"]["data"]["text/plain"])
    finally:
        client.stop_channels()


def run_cells(page: Page) -> None:
    """Runs the notebook; what is asked of a kernel that is not there yet would be lost."""
    expect(page.locator("#jp-main-statusbar")).to_contain_text("Python 3 (ipykernel) | Idle", timeout=WAIT_MS)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    expect(page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute("data-status", "idle", timeout=WAIT_MS)


def run_all(page: Page) -> None:
    """Runs the notebook and goes to its first figure."""
    run_cells(page)
    expect(page.locator(".jp-Cell").last).to_be_in_viewport(timeout=WAIT_MS)
    go_to(page, ".nl-explorer", "0")


def to_the_quiz(page: Page, part: str = ".nl-quiz") -> Locator:
    """The quiz near the notebook's end, alive or still, by its part."""
    return go_to(page, part, "panel.scrollHeight")


def go_to(page: Page, part: str, height: str) -> Locator:
    """A part of the notebook near that height.

    JupyterLab keeps only those cells in the page that are near the screen, and goes to the last one whenever it has
    run them, so the way there may have to be gone more than once.
    """
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=WAIT_MS)
    found = page.locator(part).first
    latest = time.monotonic() + WAIT_MS / 1000
    while not found.is_visible() and time.monotonic() < latest:
        page.evaluate(
            f"""() => new Promise((next) => {{
              const panel = document.querySelector(".jp-WindowedPanel-outer");
              panel.scrollTo(0, {height});
              requestAnimationFrame(next);
            }})"""
        )
    expect(found).to_be_visible()
    found.evaluate("(part) => part.scrollIntoView({ block: 'center' })")  # at once: the notebook may draw it anew
    return found


def test_before_it_is_run_an_untrusted_notebook_shows_the_figure_as_a_picture_with_its_words(lab: Page) -> None:
    picture = lab.locator("figure.netlearn-figure img").first
    expect(picture).to_be_visible(timeout=WAIT_MS)
    assert (picture.get_attribute("alt") or "").startswith("1 shortest path, metric 3: Source → R1 → R2 → End.")
    assert picture.evaluate("image => image.naturalWidth") > 0
    assert lab.locator("figure.netlearn-figure svg").count() == 0


def test_cutting_a_link_changes_the_trait_in_the_kernel_and_then_the_picture(lab: Page, runtime: Path) -> None:
    run_all(lab)
    link = lab.locator(".nl-explorer").get_by_role("button", name="link R2–End, metric 1")
    link.scroll_into_view_if_needed()
    link.click()
    expect(link).to_have_attribute("aria-pressed", "true")
    expect(lab.locator(".nl-explorer [data-key=title]")).to_have_text("R1 is tied, and so is R2", timeout=WAIT_MS)
    expect(lab.locator(".nl-explorer [data-key='band:R2-R7']")).to_have_attribute(
        "stroke-width", re.compile(r"^9\.\d$|^9$")
    )
    assert ask_kernel(runtime, f"{EXPLORER}.cut") == "['R2-End']"


def test_metrics_flows_and_reset_work_by_keyboard_and_leave_jupyters_shortcuts_alone(lab: Page) -> None:
    run_all(lab)
    link = lab.locator(".nl-explorer").get_by_role("button", name="link R2–End, metric 1")
    link.focus()
    chosen = lab.locator(".jp-Cell.jp-mod-active").get_attribute("data-windowed-list-index")
    for key in ("ArrowUp", "ArrowDown", "ArrowDown", "ArrowUp", "End", "Home"):
        lab.keyboard.press(key)
        assert lab.evaluate("() => document.activeElement.closest('.nl-net [role=button]') !== null"), key
    assert lab.locator(".jp-Cell.jp-mod-active").get_attribute("data-windowed-list-index") == chosen
    link.focus()
    lab.keyboard.press("Enter")
    expect(lab.locator(".nl-explorer [data-key=title]")).to_have_text("R1 is tied, and so is R2", timeout=WAIT_MS)
    lab.locator(".nl-explorer summary", has_text="Metrics").click()
    metric = lab.locator(".nl-explorer").get_by_role("spinbutton", name="metric R2 to R7")
    metric.fill("2")
    metric.press("Tab")
    expect(lab.locator(".nl-explorer [data-key=title]")).to_have_text("R1 is tied", timeout=WAIT_MS)
    lab.locator(".nl-explorer").get_by_role("button", name="Reset").click()
    expect(lab.locator(".nl-explorer [data-key=title]")).to_have_text(
        "One shortest path: via R1 and R2", timeout=WAIT_MS
    )


def test_before_it_is_run_an_untrusted_notebook_shows_the_questions_and_answers_to_unfold(lab: Page) -> None:
    asked = to_the_quiz(lab, "figure.netlearn-figure .nl-item")
    item = bundled("case-1").items[0]
    expect(asked).to_contain_text(item.question)
    answer = asked.locator("details li").nth(1)
    expect(answer).to_be_hidden()
    asked.get_by_text("Show the answers").click()
    expect(answer).to_be_visible()
    expect(answer).to_contain_text(f"✓ Yes. {item.options[1].text} {item.options[1].feedback}")
    assert lab.locator(".nl-quiz").count() == 0


def test_a_quiz_is_answered_by_keyboard_leaves_jupyters_shortcuts_alone_and_is_kept(lab: Page) -> None:
    run_cells(lab)
    quiz = to_the_quiz(lab)
    verdict = quiz.get_by_role("status").first
    chosen = quiz.get_by_role("radio").first
    chosen.click()
    cells = "() => document.querySelector('.jp-Notebook').querySelectorAll('.jp-Cell.jp-mod-selected').length"
    active = lab.locator(".jp-Cell.jp-mod-active").get_attribute("data-windowed-list-index")
    for key in (
        "a",
        "b",
        "x",
        "d",
        "d",
        "m",
        "j",
        "ArrowDown",
        "ArrowUp",
        "ArrowDown",
        "Shift+ArrowDown",
        "Shift+ArrowUp",
    ):
        lab.keyboard.press(key)
        assert lab.evaluate("() => document.activeElement.closest('.nl-quiz') !== null"), key
        assert lab.evaluate(cells) == 1, key
    assert lab.locator(".jp-Cell.jp-mod-active").get_attribute("data-windowed-list-index") == active
    chosen.focus()
    lab.keyboard.press("ArrowDown")
    lab.keyboard.press("Enter")
    expect(verdict).to_contain_text("✓ Yes.")
    assert lab.evaluate("() => document.activeElement.closest('.nl-quiz') !== null")
    results = Axe().run(lab, context=".nl-quiz")
    assert results.violations_count == 0, results.generate_report()
    quiz.evaluate("quiz => quiz.dataset.before = ''")
    run_cells(lab)
    again = to_the_quiz(lab, ".nl-quiz:not([data-before])")
    expect(again.get_by_role("status").first).to_contain_text("✓ Yes.")


def test_axe_finds_nothing_in_the_live_figure(lab: Page) -> None:
    run_all(lab)
    results = Axe().run(lab, context=".nl-explorer")
    assert results.violations_count == 0, results.generate_report()


def test_the_player_of_a_run_plays_in_jupyterlab_and_a_change_is_simulated_by_the_kernel(lab: Page) -> None:
    run_cells(lab)
    player = go_to(lab, ".nl-player", "panel.scrollHeight / 2")
    when = player.locator("[data-key=when]")
    expect(when).to_have_text("before", timeout=WAIT_MS)
    player.get_by_role("button", name="Step forward", exact=True).click()
    expect(when).to_have_text("0 ms")
    player.locator("[data-node=R2]").click()
    expect(player.locator("[data-key='belief-title']")).to_have_text("What R2 believes now")
    player.get_by_text("Change what fails, the timers and the metrics").click()
    wait = player.get_by_role("spinbutton", name="SPF delay of R2 in ms")
    wait.fill("700")
    wait.press("Tab")
    expect(player.locator("[data-key=title]")).to_have_text(re.compile("^After 706"), timeout=WAIT_MS)


def test_the_figures_of_one_machine_live_with_the_kernel_which_looks_at_this_machine_again(
    notebook: Callable[[str], Page],
) -> None:
    lab = notebook("one-machine")
    run_cells(lab)
    doors = go_to(lab, ".nl-doors", "0")
    search = doors.get_by_label("Contains")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        search.fill(f"127.0.0.1:{port} ")
        expect(doors.locator("[data-part=count]")).to_contain_text("None of ")
        doors.get_by_role("button", name="Look again").click()
        expect(lab.locator(".nl-news")).to_contain_text(re.compile("opened"), timeout=WAIT_MS)
        # What the reader asked for outlives the other look.
        expect(lab.locator(".nl-doors .nl-door:visible")).to_have_count(1)
    expect(doors.get_by_role("button", name="Look again")).to_be_focused()
    lab.keyboard.press("Enter")
    expect(lab.locator(".nl-doors .nl-door:visible")).to_have_count(0, timeout=WAIT_MS)
    active = lab.locator(".jp-Cell.jp-mod-active").get_attribute("data-windowed-list-index")
    search.fill("")
    lab.locator(".nl-door > button[tabindex='0']").focus()
    for key in ("ArrowDown", "ArrowUp", "a", "b", "d", "d"):
        lab.keyboard.press(key)
        assert lab.evaluate("() => document.activeElement.closest('.nl-doors') !== null"), key
    assert lab.locator(".jp-Cell.jp-mod-active").get_attribute("data-windowed-list-index") == active
    way = go_to(lab, ".nl-packet-path", "panel.scrollHeight / 2")
    way.get_by_label("The laptop’s lo is").select_option("down")
    expect(way.locator("[data-key=title]")).to_have_text("192.0.2.10 is not reached: lo is down", timeout=WAIT_MS)
    reaching = go_to(lab, ".nl-reaching", "panel.scrollHeight")
    reaching.get_by_role("radio", name=re.compile("^0.0.0.0")).check()
    reaching.get_by_role("button", name="Show who gets in").click()
    expect(reaching.locator("[data-part=verdict]")).to_have_text("Choose an answer first.")
    expect(reaching.locator("[data-key=title]")).to_be_hidden()
    reaching.get_by_role("button", name="Inside this machine").click()
    reaching.get_by_role("button", name="Show who gets in").click()
    expect(reaching.locator("[data-key=title]")).to_have_text(
        "Bound to 0.0.0.0, the door opens to everyone: inside, the LAN and beyond", timeout=WAIT_MS
    )
    expect(reaching.locator("[data-key=title]")).to_be_visible()
    expect(reaching.locator("[data-part=verdict]")).to_have_text(
        "One of the three is as you said. Look again at: on the same LAN and beyond the router."
    )
    results = Axe().run(lab, context=".nl-reaching")
    assert results.violations_count == 0, results.generate_report()


def test_an_address_is_moved_and_a_run_is_watched_in_jupyterlab_by_the_kernel(
    notebook: Callable[[str], Page],
) -> None:
    page = notebook("anycast")
    run_cells(page)
    figure = go_to(page, ".nl-anycast", "0")
    title = figure.locator("[data-key=title]")
    expect(title).to_have_text("What Source sends is divided: 75% to R4 and 25% to R7", timeout=WAIT_MS)
    figure.locator("[data-node=R7]").focus()
    page.keyboard.press("Enter")  # Jupyter would insert or run something
    expect(title).to_have_text("R4 alone announces it, and everybody goes there", timeout=WAIT_MS)
    figure.get_by_role("button", name="Add it as a change").click()
    figure.locator("[data-node=R6]").click()
    figure.get_by_role("button", name="▶ Watch how it comes about").click()
    expect(title).to_have_text("64 connections are open: what becomes of them?", timeout=WAIT_MS)
    figure.get_by_role("button", name="Step forward").click()
    expect(figure.locator("[data-key=say]")).to_contain_text("R6 has the address from now on")
    expect(title).to_have_text("64 connections are open: what becomes of them?")  # told once the end has been seen
    figure.get_by_role("slider", name="Time").press("End")
    expect(title).to_contain_text("are reset by an instance that does not know them")
    assert Axe().run(page, context=".nl-anycast").violations_count == 0


def test_a_routers_cables_are_cut_in_jupyterlab_and_the_kernel_says_which_address_answers(
    notebook: Callable[[str], Page],
) -> None:
    page = notebook("router-loopback")
    run_cells(page)
    figure = go_to(page, ".nl-box", "0")
    title = figure.locator("[data-key=title]")
    expect(title).to_have_text("All 6 addresses of R2 answer Source", timeout=WAIT_MS)
    figure.get_by_role("button", name="Cut it silently").click()
    figure.locator("[data-link=R1-R2]").focus()
    page.keyboard.press("Enter")
    expect(title).to_have_text("R2 answers to its own name; 1 of its 5 cables' addresses does not", timeout=WAIT_MS)
    figure.get_by_role("combobox", name="Who asks").select_option("End")
    expect(title).to_have_text("All 6 addresses of R2 answer End", timeout=WAIT_MS)
    assert Axe().run(page, context=".nl-box").violations_count == 0


def test_the_three_loopbacks_and_a_shared_address_are_gone_through_in_jupyterlab(
    notebook: Callable[[str], Page],
) -> None:
    page = notebook("three-loopbacks")
    run_cells(page)
    figure = go_to(page, ".nl-loopbacks", "0")
    title = figure.locator("[data-key=title]")
    figure.get_by_role("button", name="2. Router loopback").click()
    expect(title).to_have_text("192.0.2.2 is a name for the box: any way to R2 will do", timeout=WAIT_MS)
    page.keyboard.press("m")  # Jupyter would turn the cell into text
    figure.locator("[data-node=R2]").focus()
    page.keyboard.press("Enter")
    expect(title).to_have_text("R2 is down, and its name with it", timeout=WAIT_MS)
    figure.get_by_role("button", name="4. Break it").click()
    expect(title).to_have_text("Two of the three still answer", timeout=WAIT_MS)
    figure.get_by_role("combobox", name="Suppose").select_option(label="R4 goes down")
    expect(title).to_contain_text("break something", timeout=WAIT_MS)
    figure.get_by_role("button", name="Break it and see").click()
    asked = figure.get_by_role("group", name="Your prediction")
    expect(asked.get_by_role("listitem")).to_have_text(["Choose an answer first."])
    expect(title).to_contain_text("break something")
    asked.get_by_role("checkbox", name="Router loopback").check()
    figure.get_by_role("button", name="Break it and see").click()
    expect(asked.get_by_text("✗ Look again.")).to_have_count(2, timeout=WAIT_MS)
    expect(asked.get_by_text("✓ As you said.")).to_have_count(1)
    assert Axe().run(page, context=".nl-loopbacks").violations_count == 0
    page = notebook("same-address")
    run_cells(page)
    figure = go_to(page, ".nl-same", "0")
    ahead = figure.get_by_role("button", name="Next ▶")
    ahead.focus()
    for number in range(2, 9):
        page.keyboard.press("Enter")  # Jupyter would edit the cell
        expect(figure.locator("[data-key=count]")).to_have_text(f"{number} of 8", timeout=WAIT_MS)
    expect(figure.get_by_role("button", name="◀ Back")).to_be_focused()
    assert Axe().run(page, context=".nl-same").violations_count == 0


# What the notebook is, and what of it is chosen.
NOTEBOOK = """() => {
  const { model, mode, activeCellIndex, selectedCells } = jupyterapp.shell.currentWidget.content;
  const cells = model.toJSON().cells.map(({ id, cell_type, source }) => [id, cell_type, source]);
  return JSON.stringify([cells, mode, activeCellIndex, selectedCells.length]);
}"""
# Whether JupyterLab would store it anew, once it knows its kernel.
IS_CHANGED = """async () => {
  const { context } = jupyterapp.shell.currentWidget;
  await context.sessionContext.session.kernel.info;
  await context.sessionContext.session.kernel.spec;
  await new Promise((next) => setTimeout(next));
  return context.model.dirty;
}"""


def test_a_network_is_drawn_in_jupyterlab_and_the_kernel_reads_any_file_and_checks_an_exercise(
    notebook: Callable[[str], Page],
) -> None:
    page = notebook("your-network")
    run_cells(page)
    figure = go_to(page, ".nl-sandbox", "0")
    expect(figure.locator("[data-node=R7]")).to_be_visible(timeout=WAIT_MS)
    figure.get_by_role("button", name="+ Router").click()
    expect(figure.locator("[data-node=R8]")).to_be_visible(timeout=WAIT_MS)
    text = 'topology:\n  nodes:\n    a: {}\n    b: {}\n  links:\n    - endpoints: ["a:eth1", "b:eth1"]\n'
    file = figure.locator("[data-part=file]")
    file.set_input_files({"name": "lab.clab.yml", "mimeType": "text/yaml", "buffer": text.encode()})
    expect(figure.locator("[data-key=title]")).to_have_text("a to b: they are neighbours, one hop", timeout=WAIT_MS)
    figure.get_by_role("combobox", name="An exercise").select_option("exercise:by-r7")
    expect(figure.locator("[data-piece=exercise]")).to_contain_text("come by R7", timeout=WAIT_MS)
    figure.get_by_role("button", name="Check my network").click()
    expect(figure.locator("[data-part=verdict]")).to_contain_text("Not yet.", timeout=WAIT_MS)


def test_single_keys_reach_no_notebook_whatever_control_of_whatever_figure_has_the_focus(
    notebook: Callable[[str], Page],
) -> None:
    page = notebook("kinds")
    run_cells(page)
    met = set()
    for place in range(2, len(KINDS)):
        page.evaluate(
            """async (place) => {
              const { content } = jupyterapp.shell.currentWidget;
              content.activeCellIndex = place;
              await content.scrollToItem(place);
            }""",
            place,
        )
        figure = page.locator(f".jp-Cell[data-windowed-list-index='{place}'] [data-lm-suppress-shortcuts]")
        expect(figure).to_be_visible(timeout=WAIT_MS)
        figure.evaluate("figure => figure.querySelectorAll('details').forEach((fold) => (fold.open = true))")
        for kind in CONTROLS:
            part = figure.locator(kind).first
            if not part.count() or not part.is_visible():
                continue
            if kind == "[data-link]":
                part.click(force=True)
            part.focus()
            met.add(kind)
            before = page.evaluate(NOTEBOOK)
            for key in ("d", "d", "x", "a", "m", "z", "b", "y", "Escape"):
                page.keyboard.press(key)
            assert page.evaluate(NOTEBOOK) == before, (KINDS[place], kind)
    assert met == {*CONTROLS}


@pytest.mark.parametrize("chapter", ["case-1", "listening"])
def test_a_chapter_that_is_opened_and_not_run_is_not_marked_as_changed(
    notebook: Callable[[str], Page], chapter: str
) -> None:
    page = notebook(chapter)
    expect(page.locator("#jp-main-statusbar")).to_contain_text("Python 3 (ipykernel) | Idle", timeout=WAIT_MS)
    assert page.evaluate(IS_CHANGED) is False
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)


def test_what_a_reader_did_is_taken_back_in_jupyterlab_where_no_address_leads_to_a_figure(lab: Page) -> None:
    run_cells(lab)
    figure = go_to(lab, ".nl-explorer", "0")
    figure.get_by_role("button", name="link R2–End, metric 1").click()
    title = figure.locator("[data-key=title]")
    expect(title).to_have_text("R1 is tied, and so is R2", timeout=WAIT_MS)
    expect(figure.get_by_role("button", name="Copy link")).to_have_count(0)
    lab.keyboard.press("Control+z")
    expect(title).to_have_text("One shortest path: via R1 and R2", timeout=WAIT_MS)
    figure.get_by_role("button", name="Redo").click()
    expect(title).to_have_text("R1 is tied, and so is R2", timeout=WAIT_MS)


# The last one: the workspace keeps open what it opens.
def test_the_next_chapter_opens_beside_the_one_that_leads_there(lab: Page) -> None:
    lab.get_by_role("link", name="Case 2: the router R2 is down", exact=True).first.click()
    expect(lab.locator(".lm-TabBar-tab", has_text="case-2.ipynb")).to_be_visible(timeout=WAIT_MS)
