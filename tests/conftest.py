"""What the tests share: the built site, a server of it below a sub-path, and a browser that sees no other host."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import browser as browser_tool
import build_book
import hostile
import pytest
import strategies  # noqa: F401  # its profile: every test finds the same examples each time, however slow the machine
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, Response, expect, sync_playwright
from serve import site_server

from netlearn.lab import why_not

ROOT = Path(__file__).resolve().parent.parent
SUB_PATH = "/some/sub/path/"
# Where data is dear, Python starts when it is needed, and not already when something has changed.
DEAR = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
# Python in a page is started often here and computes little: to make its code faster takes longer than that saves.
SIMPLY = "--js-flags=--liftoff-only"
# What takes minutes is begun first: begun last, it would leave one processor with nothing to do.
LONGEST = (
    *("live", "jupyterlab", "site", "screens", "upright", "names", "names_page", "setup", "address_pages"),
    *("player_page", "benchmarks", "refused", "kernel", "simulation", "share_page", "machine_page", "connections"),
    "widgets",
)
# How large the letters of each text in a drawing are on the screen, however the drawing is turned.
TYPE = """all => all.filter((one) => one.checkVisibility()).map((one) => {
  const { a, b, c, d } = one.getScreenCTM();
  return parseFloat(getComputedStyle(one).fontSize) * Math.sqrt(Math.abs(a * d - b * c));
})"""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Half as many processes again as there are processors: who asks a page or a kernel waits for its answer."""
    return (3 * (os.cpu_count() or 1) + 1) // 2


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Keep the notebooks' kernels out of the coverage: nbval would measure in each, and then waits in vain for it."""
    config.option.cov_source = None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; and no coverage where it would only cost.

    None of it is in a page, and a property runs the same lines hundreds of times: to write each down takes long.
    """
    place = {f"test_{name}": number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))
    for item in items:
        is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if is_property or "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("no_cover")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Ask no more of the coverage where the kernel's tests, which reach the last of the host model, cannot run."""
    measured = session.config.pluginmanager.getplugin("_cov")
    if measured and (reason := why_not()):
        measured.options.cov_fail_under = 0
        print(f"\nThe coverage is told and not judged, without the kernel's tests: {reason}")


@pytest.fixture(scope="session")
def hostile_html(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The HTML of a figure of the hostile network, by name: it takes long to make, so all processes share it."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def html(name: str) -> str:
        file = folder / f"hostile-{name}.html"
        with file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not file.exists():
                file.write_bytes(hostile.FIGURES[name]().html().encode())
        return file.read_bytes().decode()

    return html


@pytest.fixture(scope="session")
def built_site() -> Path:
    """The folder of the built site; it is built first when it is missing or out of date."""
    assert build_book.build(ROOT) == 0, "the book does not build; see what stands above"
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def site_url(built_site: Path) -> Iterator[str]:
    """The address of the site, served below a sub-path as a project's pages often are; it ends in a slash."""
    server = site_server(built_site, below=SUB_PATH)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{SUB_PATH}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver, one for all tests."""
    with sync_playwright() as driver:
        yield driver


def launched(playwright: Playwright, *more: str) -> Browser:
    """The machine's own Chromium. Without one, tests of pages fail: a skipped test would look like a passed one."""
    path = browser_tool.find()
    if path is None:
        pytest.fail(browser_tool.MISSING, pytrace=False)
    return playwright.chromium.launch(executable_path=path, args=[*browser_tool.ARGUMENTS, *more])


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all tests of a process."""
    with closing(launched(playwright, SIMPLY)) as browser:
        yield browser


@dataclass
class Visit:
    """A page in its own empty profile, and what happened in it."""

    page: Page
    context: BrowserContext
    errors: list[str] = field(default_factory=list)
    """Errors and warnings on the console, exceptions, answers that are not 200 to 399."""
    strangers: list[str] = field(default_factory=list)
    """Addresses outside the site that the page asked for; the browser knows the way to none of them."""
    received: dict[str, Response] = field(default_factory=dict)
    """What the site answered, by address."""
    javascript: bool = True

    def open(self, address: str) -> Page:
        """Go there, and wait until the page is loaded and its figures are alive, or have said that they cannot be."""
        self.page.goto(address)
        if self.javascript:
            expect(self.page.locator("figure[data-figure]:not([data-live])")).to_have_count(0, timeout=30_000)
        return self.page

    def idle(self) -> None:
        """Wait until nothing has been loading for half a second, where it is asked what was loaded in all."""
        self.page.wait_for_load_state("networkidle")


@pytest.fixture
def visit(browser: Browser, site_url: str) -> Iterator[Callable[..., Visit]]:
    """Makes a `Visit`: ``visit(dark=False, width=1280, height=900, javascript=True, reduced_motion=False, dear=True)``.

    At the end of the test, no page may have asked another host or complained on the console.
    """
    visits: list[Visit] = []
    with ExitStack() as contexts:

        def make(
            *,
            dark: bool = False,
            width: int = 1280,
            height: int = 900,
            javascript: bool = True,
            reduced_motion: bool = False,
            dear: bool = True,
            **options: Any,
        ) -> Visit:
            context = browser.new_context(
                color_scheme="dark" if dark else "light",
                viewport={"width": width, "height": height},
                java_script_enabled=javascript,
                reduced_motion="reduce" if reduced_motion else "no-preference",
                **options,
            )
            contexts.callback(context.close)
            if dear:
                context.add_init_script(DEAR)
            made = Visit(context.new_page(), context, javascript=javascript)
            visits.append(made)
            _watch(made, site_url)
            return made

        yield make
        for made in visits:
            assert made.strangers == [], "a page asked another host"
            assert made.errors == [], "a page complained on the console"


def _watch(visit: Visit, site_url: str) -> None:
    """Write down what is asked for, what comes and what goes wrong.

    Nothing stands between page and site: what a test wants to hold back or to spoil, it does itself.
    """

    def request(request: Request) -> None:
        if not request.url.startswith((site_url, "data:", "blob:")):
            visit.strangers.append(request.url)

    def response(response: Response) -> None:
        if response.status >= 400:
            visit.errors.append(f"{response.status} {response.url}")
        elif response.url.startswith(site_url):
            visit.received[response.url] = response

    visit.context.on("request", request)
    visit.page.on("response", response)
    visit.page.on(
        "console",
        lambda message: visit.errors.append(message.text) if message.type in ("error", "warning") else None,
    )
    visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))


@pytest.fixture
def page(visit: Callable[..., Visit], site_url: str) -> Callable[..., Page]:
    """Opens one page of the site: ``page("book/case-1.html", dark=True, width=360)``, options as for `visit`."""

    def open_page(name: str = "", **options: Any) -> Page:
        return visit(**options).open(site_url + name)

    return open_page
