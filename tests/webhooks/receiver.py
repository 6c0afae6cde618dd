"""A partner's program: a web server on this machine that answers as it is told and keeps what it was sent."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answering = Callable[[BaseHTTPRequestHandler], None]


class Got:
    def __init__(self, path: str, headers: dict[str, str], body: bytes) -> None:
        self.path, self.headers, self.body = path, headers, body


class Receiver:
    """`answers` serve once each, in order; then 204. An answer is a status, or a function that writes it itself."""

    def __init__(self, address: str) -> None:
        self.url = f"{address}/recevoir?de=portail"
        self.got: list[Got] = []
        self.answers: list[int | Answering] = []


@contextmanager
def receiver(wrap: Callable[[Any], Any] | None = None) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.got.append(Got(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            answer = heard.answers.pop(0) if heard.answers else 204
            if callable(answer):
                answer(self)
            else:
                say(self, answer)

        do_GET = do_POST  # what a followed redirection would ask

        def log_message(self, *_said: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if wrap is not None:
        server.socket = wrap(server.socket)
    heard = Receiver(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        server.shutdown()
        server.server_close()


def say(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
