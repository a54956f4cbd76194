"""Real servers on loopback: what the network can say, and how it can fail."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

__all__ = ["Asked", "Reply", "as_json", "serve"]


class Reply(NamedTuple):
    """What a server answers: status, body, further headers."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}


class Asked(NamedTuple):
    """What a server was asked: the path without its query, and the headers in lower case."""

    path: str
    headers: Mapping[str, str]


def as_json(value: Any) -> Reply:  # noqa: ANN401  # any JSON
    return Reply(200, json.dumps(value).encode(), {"Content-Type": "application/json"})


@contextmanager
def serve(answer: Callable[[Asked], Reply]) -> Iterator[tuple[str, list[Asked]]]:
    """A server that answers each GET by a function; gives its address, and what it was asked so far."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            one = Asked(unquote(urlsplit(self.path).path), {key.lower(): value for key, value in self.headers.items()})
            asked.append(one)
            reply = answer(one)
            self.send_response(reply.status)
            for key, value in reply.headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401  # the base class's names
            """Nothing: pytest shows what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
