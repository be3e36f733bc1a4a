"""A network that loses answers."""

import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class LossyProxy:
    """Passes calls on to a server. Of every second one for `endpoint` it loses the answer, once the server has given it."""

    def __init__(self, address, endpoint):
        self.lost = 0
        self._calls = 0
        self._is_cut = False
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if proxy._is_cut:
                    self.close_connection = True
                    return
                connection = HTTPConnection(urlsplit(address).netloc, timeout=90)
                connection.request("POST", self.path, body, dict(self.headers))
                answer = connection.getresponse()
                content = answer.read()
                connection.close()
                if proxy._is_cut or proxy._loses(self.path.endswith(endpoint)):
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.headers["Content-Type"])
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _loses(self, is_endpoint):
        if not is_endpoint:
            return False
        self._calls += 1
        if self._calls % 2 == 0:
            return False
        self.lost += 1
        return True

    def cut(self):
        """From now on nothing comes through, in either direction."""
        self._is_cut = True

    def close(self):
        self.cut()
        self._server.shutdown()
        self._server.server_close()
