"""Networks that misbehave: they lose answers, delay calls, or are cut."""

import random
import select
import socket
import threading
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Proxy:
    """Passes calls on to a server, as long as nobody tells it otherwise."""

    def __init__(self, address, seed=0):
        self.lost = 0
        self._target = urlsplit(address).netloc
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._open = set()
        self._mended = threading.Event()
        self._closed = threading.Event()
        self.mend()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def mend(self):
        """From now on everything comes through; what hung goes on, late as it is."""
        self._is_cut, self._delay, self._share_lost = False, 0, 0
        self._mended.set()

    def cut(self):
        """From now on nothing comes through, in either direction, and both sides are told."""
        self._is_cut = True
        with self._lock:
            for connection in self._open:
                _hang_up(connection)

    def hang(self):
        """From now on nothing comes through, and nobody is told."""
        self._mended.clear()

    def delay(self, seconds):
        """From now on each call takes up to so much longer."""
        self._delay = seconds

    def lose(self, share):
        """From now on this share of the calls is lost: half of them on their way, half with the server's answer."""
        self._share_lost = share

    def close(self):
        self._closed.set()
        self.cut()
        self._mended.set()
        self._server.shutdown()
        self._server.server_close()

    def loses_answer(self, path):
        """Whether the answer to this call is to be lost, decided once it is there."""
        return self._is_lost()

    def _is_lost(self):
        with self._lock:
            is_lost = self._random.random() < self._share_lost / 2
            self.lost += is_lost
        return is_lost

    def _lets_through(self):
        self._mended.wait()
        if self._delay:
            self._closed.wait(self._random.random() * self._delay)
        return not self._is_cut

    def _handler(proxy):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                # Whatever goes wrong, the caller sees a connection that ends.
                self.close_connection = True
                if not proxy._lets_through() or proxy._is_lost():
                    return
                try:
                    answer, content = proxy._ask(self.connection, self.path, body, dict(self.headers))
                except (OSError, HTTPException):
                    return
                if not proxy._lets_through() or proxy.loses_answer(self.path):
                    return
                self.close_connection = False
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.headers["Content-Type"])
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments):
                pass

        return Handler

    def _ask(self, caller, path, body, headers):
        connection = HTTPConnection(self._target, timeout=90)
        connection.connect()
        ends = {caller, connection.sock}
        with self._lock:
            self._open |= ends
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            with self._lock:
                self._open -= ends
            connection.close()


class LossyProxy(Proxy):
    """Of every second call for `endpoint` it loses the answer, once the server has given it."""

    def __init__(self, address, endpoint):
        self._endpoint = endpoint
        self._calls = 0
        super().__init__(address)

    def loses_answer(self, path):
        if not path.endswith(self._endpoint):
            return False
        with self._lock:
            self._calls += 1
            is_lost = self._calls % 2 == 1
            self.lost += is_lost
        return is_lost


class RepeatingProxy(Proxy):
    """Keeps the last call for `endpoint`, to let it arrive once more."""

    def __init__(self, address, endpoint):
        self._endpoint = endpoint
        self._kept = None
        super().__init__(address)

    def repeat(self):
        path, body, headers = self._kept
        connection = HTTPConnection(self._target, timeout=90)
        connection.request("POST", path, body, headers)
        assert connection.getresponse().status == 200
        connection.close()

    def _ask(self, caller, path, body, headers):
        if path.endswith(self._endpoint):
            self._kept = (path, body, headers)
        return super()._ask(caller, path, body, headers)


class HoldingProxy(Proxy):
    """Holds calls back whose body has `mark` in it, until it is told to go on."""

    def __init__(self, address, mark):
        self._mark = mark
        self.held = threading.Event()
        self.go_on = threading.Event()
        super().__init__(address)

    def close(self):
        self.go_on.set()
        super().close()

    def _ask(self, caller, path, body, headers):
        if self._mark in body:
            self.held.set()
            self.go_on.wait()
            if select.select([caller], [], [], 0)[0]:
                raise ConnectionError("the caller has hung up meanwhile")
        return super()._ask(caller, path, body, headers)


def _hang_up(connection):
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
