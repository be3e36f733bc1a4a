"""The proxy by which a closed network lets its machines out."""

import base64
import socket
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Gateway:
    """An HTTP proxy, also for what is encrypted, that asks for a login and keeps in mind who was reached over it."""

    def __init__(self, login):
        self.reached = set()
        self.refused = 0
        self._login = "Basic " + base64.b64encode(":".join(login).encode()).decode()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        self.address = f"http://{':'.join(login)}@127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _handler(gateway):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                if not self._may_pass():
                    return
                target = urlsplit(self.path)
                gateway.reached.add(target.netloc)
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name: value for name, value in self.headers.items() if not name.startswith("Proxy-")}
                connection = HTTPConnection(target.netloc, timeout=90)
                connection.request(self.command, self.path.partition(target.netloc)[2] or "/", body, headers)
                answer = connection.getresponse()
                content = answer.read()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                        self.send_header(name, value)
                if self.command != "HEAD":
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
                connection.close()

            do_POST = do_HEAD = do_PUT = do_GET

            def do_CONNECT(self):
                self.close_connection = True
                if not self._may_pass():
                    return
                gateway.reached.add(self.path)
                host, _, port = self.path.rpartition(":")
                with socket.create_connection((host, int(port)), timeout=90) as there:
                    self.send_response(200)
                    self.end_headers()
                    back = threading.Thread(target=_pump, args=(there, self.connection), daemon=True)
                    back.start()
                    _pump(self.connection, there)
                    back.join()

            def _may_pass(self):
                if self.headers.get("Proxy-Authorization") == gateway._login:
                    return True
                gateway.refused += 1
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(407)
                self.send_header("Proxy-Authenticate", 'Basic realm="gateway"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return False

            def log_message(self, *arguments):
                pass

        return Handler


def _pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass
