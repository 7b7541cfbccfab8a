"""A web server on loopback that answers as a test tells it."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """One request that came."""

    path: str
    query: dict
    headers: dict


@dataclass
class Answer:
    """One answer; `cut` sends only so many bytes of the body and hangs up."""

    body: bytes = b""
    status: int = 200
    headers: dict = field(default_factory=dict)
    cut: int | None = None


@dataclass
class Server:
    """Where it listens, what came, and what it says."""

    base: str = ""
    asked: list = field(default_factory=list)
    answer: object = None
    """`Asked -> Answer`."""
    roots: object = None

    def files(self, **files):
        """Answer with these bodies by path (`__` for a slash), 404 for others."""
        known = {f"/{name}": body for name, body in files.items()}
        self.answer = lambda asked: Answer(known[asked.path]) if asked.path in known else Answer(status=404)

    def script(self, *answers):
        """Answer with these in turn; the last for ever."""
        left = list(answers)
        self.answer = lambda asked: left.pop(0) if len(left) > 1 else left[0]


def serve(server, tls=None):
    """Start a server for `server`; returns what stops it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            asked = Asked(parts.path, query, {name.lower(): value for name, value in self.headers.items()})
            server.asked.append(asked)
            answer = server.answer(asked)
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                if value is not None:
                    self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(answer.body[: answer.cut])
            self.close_connection = True

        def log_message(self, *_):
            """Say nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    if tls is not None:
        listening.socket = tls.wrap_socket(listening.socket, server_side=True)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    server.base = f"{'http' if tls is None else 'https'}://127.0.0.1:{listening.server_port}"

    def stop():
        listening.shutdown()
        listening.server_close()
        thread.join()

    return stop
