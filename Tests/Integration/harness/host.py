"""A web server of a test's own, which may ask for a password, have a certificate of its own, or lose connections."""

import base64
import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict
    body: bytes


class Host:
    """Answers on the loopback whoever knows the login, if there is one. Kinds of hosts say what, by `answer`."""

    def __init__(self, login=None, certificate=None):
        self.requests = []
        self.refused = 0
        self._login = login and "Basic " + base64.b64encode(":".join(login).encode()).decode()
        self._lost = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate.chain, certificate.key)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.scheme = "https" if certificate else "http"
        self.host = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def served(self):
        return len(self.requests) - self.refused

    def answer(self, request):
        """The status, the headers and the content."""
        raise NotImplementedError

    def can_be_lost(self, request):
        """Whether `lose` is about the answer to this."""
        return True

    def address_of(self, path, login=None):
        """The address of a path, with a login in it or without."""
        return f"{self.scheme}://{':'.join(login) + '@' if login else ''}{self.host}/{path}"

    def lose(self, count):
        """Hangs up in the middle of the next `count` answers."""
        self._lost = count

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _answer_or_refuse(self, request):
        self.requests.append(request)
        if self._login and request.headers.get("Authorization") != self._login:
            self.refused += 1
            return 401, {"WWW-Authenticate": 'Basic realm="test"'}, b""
        return self.answer(request)

    def _handler(host):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = Request(self.command, self.path, self.headers, body)
                status, headers, content = host._answer_or_refuse(request)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if content and host._lost > 0 and host.can_be_lost(request):
                    host._lost -= 1
                    content = content[: len(content) // 2]
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_HEAD = do_POST = do_GET

            def log_message(self, *arguments):
                pass

        return Handler
