"""Real other sides on this machine: an HTTP server that fails as told and then works, and an SMTP server."""

import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller

OK = b'{"errcode": 0, "errmsg": "ok", "code": 0}'


class Hook:
    """`plan`: what the next requests meet: a status, 'reset', 'hang' or bytes of a 200; then all are taken."""

    def __init__(self, *plan, answer: bytes = OK):
        self.plan, self.answer, self.seen = list(plan), answer, []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.seen.append((self.path, dict(self.headers), body))
                now = hook.plan.pop(0) if hook.plan else hook.answer
                if now == "reset":
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    self.connection.close()
                    return
                if now == "hang":
                    time.sleep(1.5)
                    return
                if now == "drip":
                    self.connection.sendall(b"HTTP/1.1 200 OK\r\n")
                    for _ in range(40):
                        time.sleep(0.1)
                        self.connection.sendall(b"X-Slow: 1\r\n")
                    return
                status, said = (now, b"{}") if isinstance(now, int) else (200, now)
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                if 300 <= status < 400:
                    self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *words):
                """Silent."""

            def handle(self):
                try:
                    super().handle()
                except OSError:
                    self.close_connection = True

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/robot?key=k1"

    @property
    def keys(self) -> list[str]:
        return [headers["Idempotency-Key"] for _, headers, _ in self.seen]

    @property
    def bodies(self) -> list[str]:
        return [body.decode() for _, _, body in self.seen]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *trouble):
        self.server.shutdown()
        self.server.server_close()


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Post:
    """Keeps the mails it takes; `plan` holds SMTP answers for the next ones."""

    def __init__(self, *plan):
        self.plan, self.mails = list(plan), []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.plan:
            return self.plan.pop(0)
        self.mails.append(envelope)
        return "250 taken"


@contextmanager
def post_office(*plan):
    """(the handler with `.mails`, settings.MAIL for it)."""
    handler = Post(*plan)
    controller = Controller(handler, hostname="127.0.0.1", port=closed_port())
    controller.start()
    try:
        yield handler, server_at(controller.port)
    finally:
        controller.stop()


def server_at(port: int) -> dict:
    return {
        "host": "127.0.0.1",
        "port": port,
        "user": "",
        "password": "",
        "tls": "no",
        "from": "huiyin@street.example",
    }
