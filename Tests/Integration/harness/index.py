"""A package index of our own, which may ask for a password, have a certificate of its own, or lose connections."""

import base64
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Index:
    """Serves the wheels of a folder as PyPI would."""

    def __init__(self, wheels, login=None, certificate=None):
        self.wheels = wheels
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
        self.address = f"{self.scheme}://{self.host}/simple"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def address_with(self, user, password):
        return f"{self.scheme}://{user}:{password}@{self.host}/simple"

    def lose(self, count):
        """Hangs up in the middle of the next `count` answers."""
        self._lost = count

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _handler(index):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                index.requests.append(self.path)
                if index._login and self.headers.get("Authorization") != index._login:
                    index.refused += 1
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="packages"')
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                content = index._content(self.path)
                self.send_response(404 if content is None else 200)
                self.send_header("Content-Type", "text/html" if "/simple" in self.path else "application/octet-stream")
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                if content and index._lost > 0:
                    index._lost -= 1
                    content = content[: len(content) // 2]
                self.wfile.write(content or b"")

            do_HEAD = do_GET

            def log_message(self, *arguments):
                pass

        return Handler

    def _content(self, path):
        parts = path.strip("/").split("/")
        if parts[0] == "files":
            file = self.wheels.folder / parts[1].split("#")[0]
            return file.read_bytes() if file.exists() else None
        name = parts[1] if len(parts) > 1 else ""
        files = sorted(self.wheels.folder.glob(f"{name.replace('-', '_')}-*.whl"))
        links = "".join(f'<a href="/files/{file.name}">{file.name}</a><br>\n' for file in files)
        return f"<!DOCTYPE html><html><body>{links}</body></html>".encode() if files else None
