"""Serve the built site on this machine only: ``python tools/serve.py [--port N]``.

Without a port the first free one from 8000 on is taken.
"""

import argparse
import errno
import functools
import signal
import sys
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FIRST_PORT, LAST_PORT = 8000, 8099
OWN_NAMES = {"127.0.0.1", "localhost"}  # a page of elsewhere whose name was turned to this machine asks by that name


class SiteHandler(SimpleHTTPRequestHandler):
    """A folder as any static host serves it, if wanted below a sub-path, without a line per request.

    It answers who calls this machine by its own name, gives files of the folder alone, and lists none.
    """

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
    }
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds without a byte, after which a connection and its thread end
    disable_nagle_algorithm = True  # or a body waits 40 ms for the browser to acknowledge its headers

    def __init__(self, *args: object, below: str = "/", **options: object) -> None:
        self.below = below
        super().__init__(*args, **options)  # type: ignore[arg-type]

    def parse_request(self) -> bool:
        """Whether the request is one to be answered: it calls this machine by its own name."""
        if not super().parse_request():
            return False
        if self.headers.get("Host", "").partition(":")[0].lower() not in OWN_NAMES:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return False
        return True

    def translate_path(self, path: str) -> str:
        """The file for a request; what lies outside the sub-path or the folder, or is hidden, does not exist."""
        none = str(Path(self.directory) / "no such file")
        if not path.startswith(self.below):
            return none
        found = super().translate_path("/" + path[len(self.below) :])
        top = Path(self.directory).resolve()
        try:
            real = Path(found).resolve()
        except (ValueError, OSError, RuntimeError):  # a name with a zero byte in it; one too long; links in a circle
            return none
        hidden = any(part.startswith(".") for part in Path(found).relative_to(self.directory).parts)
        return none if hidden or not real.is_relative_to(top) else found

    def list_directory(self, path: object) -> None:
        """A folder without an `index.html` is not there."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """For what is not there the site's own page, as static hosts show it."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code, message)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")  # a page that was built again shows at once
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


class SiteServer(ThreadingHTTPServer):
    """A server whose address no other server shares, and which a closed browser tab does not upset."""

    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def site_server(folder: Path, port: int = 0, below: str = "/", handler: type[SiteHandler] = SiteHandler) -> SiteServer:
    """A server of `folder` on the loopback address; port 0 stands for any free one. OSError when the port is taken."""
    return SiteServer(("127.0.0.1", port), functools.partial(handler, directory=str(folder), below=below))


def first_free(folder: Path) -> SiteServer:
    """A server on the first free port."""
    for port in range(FIRST_PORT, LAST_PORT + 1):
        try:
            return site_server(folder, port)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    sys.exit(f"No port from {FIRST_PORT} to {LAST_PORT} is free; name another: make serve PORT=...")


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="Serve the built site on this machine only.")
    parser.add_argument("--port", type=int, help="this port and no other")
    port = parser.parse_args().port
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(__file__).resolve().parent.parent / "_build" / "html"
    try:
        server = first_free(folder) if port is None else site_server(folder, port)
    except (OSError, OverflowError) as error:
        sys.exit(f"Port {port} cannot be used ({error}); choose another: make serve PORT=...")
    try:
        print(f"The book is at http://127.0.0.1:{server.server_port}/  (Ctrl-C ends)", flush=True)
        server.serve_forever()
    except KeyboardInterrupt:
        print(flush=True)
    finally:
        server.server_close()


if __name__ == "__main__":
    main()
