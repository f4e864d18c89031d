"""What the tests share: the built site, a server of it below a sub-path, and a browser that sees no other host."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import browser as browser_tool
import build_book
import pytest
import strategies  # noqa: F401  # its profile: every test finds the same examples each time, however slow the machine
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, Route, sync_playwright
from serve import site_server

from netlearn.lab import why_not

ROOT = Path(__file__).resolve().parent.parent
SUB_PATH = "/some/sub/path/"


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Keep the notebooks' kernels out of the coverage: nbval would measure in each, and then waits in vain for it."""
    config.option.cov_source = None


def pytest_collection_finish(session: pytest.Session) -> None:
    """Ask no more of the coverage where the kernel's tests, which reach the last of the host model, cannot run."""
    measured = session.config.pluginmanager.getplugin("_cov")
    if measured and (reason := why_not()):
        measured.options.cov_fail_under = 0
        print(f"\nThe coverage is told and not judged, without the kernel's tests: {reason}")


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


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The machine's own Chromium. Without one, tests of pages fail: a skipped test would look like a passed one."""
    path = browser_tool.find()
    if path is None:
        pytest.fail(browser_tool.MISSING, pytrace=False)
    browser = playwright.chromium.launch(executable_path=path, args=browser_tool.ARGUMENTS)
    yield browser
    browser.close()


@dataclass
class Visit:
    """A page in its own empty profile, and what happened in it."""

    page: Page
    context: BrowserContext
    errors: list[str] = field(default_factory=list)
    """Errors and warnings on the console, exceptions, answers that are not 200 to 399."""
    strangers: list[str] = field(default_factory=list)
    """Addresses outside the site that the page asked for; they were all refused."""
    received: dict[str, bytes] = field(default_factory=dict)
    """What the site answered, by address."""

    def open(self, address: str) -> Page:
        """Go there, and wait until nothing more is loading."""
        self.page.goto(address)
        self.page.wait_for_load_state("networkidle")
        return self.page


@pytest.fixture
def visit(browser: Browser, site_url: str) -> Iterator[Callable[..., Visit]]:
    """Makes a `Visit`: ``visit(dark=False, width=1280, height=900, javascript=True, reduced_motion=False)``.

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
            made = Visit(context.new_page(), context)
            visits.append(made)
            _watch(made, site_url)
            return made

        yield make
        for made in visits:
            assert made.strangers == [], "a page asked another host"
            assert made.errors == [], "a page complained on the console"


def _watch(visit: Visit, site_url: str) -> None:
    """Refuse every address outside the site, and write down what goes wrong."""

    def route(route: Route) -> None:
        url = route.request.url
        if url.startswith((site_url, "data:", "blob:")):
            route.continue_()
        elif url.endswith("/favicon.ico"):
            route.abort()
        else:
            visit.strangers.append(url)
            route.abort()

    def response(response: Any) -> None:
        if response.status >= 400:
            visit.errors.append(f"{response.status} {response.url}")
        elif response.status == 200 and response.url.startswith(site_url):
            with suppress(Error):  # whose page or request is gone meanwhile has no body any more
                visit.received[response.url] = response.body()

    visit.context.route("**/*", route)
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
