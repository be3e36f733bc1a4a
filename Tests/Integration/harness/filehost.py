"""A host of files over HTTP: it counts what it is asked for, hangs up in the middle, and makes uploads wait."""

import hashlib
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


class FileHost:
    """Gives files and ranges of them, and takes uploads as ClearML's file server does."""

    def __init__(self):
        self.files = {}
        self.downloads = []
        self.redirects = {}
        self.askers = []
        self.uploads = []
        self._cut_after = []
        self._free_uploads = None
        self._open = threading.Event()
        self._open.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def add(self, name, content):
        """Offers a file; returns its address and its SHA-256."""
        self.files[name] = content
        return f"{self.address}/{name}", hashlib.sha256(content).hexdigest()

    def cut(self, *counts):
        """Hangs up in the next downloads after so many bytes each."""
        self._cut_after = list(counts)

    def hold(self, uploads=None):
        """From now on nothing is answered; or, the first `uploads` are, and only those after them wait."""
        self._free_uploads = uploads
        self._open.clear()

    def let_go(self):
        """Answers what waits, and from now on at once."""
        self._open.set()

    def close(self):
        self.let_go()
        self._server.shutdown()
        self._server.server_close()

    def _handler(host):
        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self):
                self.send_response(404)
                self.end_headers()

            def do_GET(self):
                content = host.files.get(unquote(self.path[1:].partition("?")[0]))
                wanted = self.headers.get("Range", "")
                host.downloads.append((self.path[1:], wanted))
                host.askers.append(self.headers.get("Authorization"))
                if target := host.redirects.get(self.path[1:]):
                    self.send_response(302)
                    self.send_header("Location", target)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                if host._free_uploads is None:
                    host._open.wait()
                if content is None:
                    self.send_error(404)
                    return
                start = int(re.match(r"bytes=(\d+)-", wanted)[1]) if wanted else 0
                self.send_response(206 if wanted else 200)
                if wanted:
                    self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
                self.send_header("Content-Length", str(len(content) - start))
                self.end_headers()
                end = start + host._cut_after.pop(0) if host._cut_after else len(content)
                self.wfile.write(content[start:end])

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                head, _, rest = body.partition(b"\r\n\r\n")
                name = re.search(r'name="([^"]*)"', head.decode())[1]
                host.uploads.append(name)
                if host._free_uploads is None or len(host.uploads) > host._free_uploads:
                    host._open.wait()
                host.files[name] = rest[: rest.rindex(b"\r\n--")]
                self.send_response(200)
                self.end_headers()
                try:
                    self.wfile.write(b"ok")
                except OSError:
                    pass

            def log_message(self, *arguments):
                pass

        return Handler
