"""A host of git repositories over HTTP, as far as git itself can be one, which may ask for a password."""

import base64
import os
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class GitHost:
    """Serves the bare repositories below a folder to who knows the login, if there is one."""

    def __init__(self, folder, login=None, certificate=None):
        self.folder = folder
        self.refused = 0
        self.served = 0
        self._login = login and "Basic " + base64.b64encode(":".join(login).encode()).decode()
        self._lost = 0
        self._backend = subprocess.check_output(["git", "--exec-path"], text=True).strip() + "/git-http-backend"
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate.chain, certificate.key)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.scheme = "https" if certificate else "http"
        self.host = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def address(self, repository, login=None):
        """The address of a repository below the folder, with a login in it or without."""
        path = repository.origin.relative_to(self.folder)
        return f"{self.scheme}://{':'.join(login) + '@' if login else ''}{self.host}/{path}"

    def lose(self, count):
        """Hangs up in the middle of the next `count` packs."""
        self._lost = count

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _handler(host):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self._serve(b"")

            def do_POST(self):
                self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))))

            def _serve(self, body):
                if host._login and self.headers.get("Authorization") != host._login:
                    host.refused += 1
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="git"')
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                host.served += 1
                headers, content = host._answer(self.command, self.path, self.headers, body)
                status = headers.pop("Status", "200").split()[0]
                self.send_response(int(status))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if host._lost > 0 and "git-upload-pack" in self.path and self.command == "POST":
                    host._lost -= 1
                    content = content[: len(content) // 2]
                self.wfile.write(content)

            def log_message(self, *arguments):
                pass

        return Handler

    def _answer(self, method, path, headers, body):
        path, _, query = path.partition("?")
        environment = os.environ | {
            "GIT_PROJECT_ROOT": str(self.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": method,
            "CONTENT_TYPE": headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": headers.get("Git-Protocol", ""),
            "GIT_CONFIG_COUNT": "2",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
            "GIT_CONFIG_KEY_1": "uploadpack.allowAnySHA1InWant",
            "GIT_CONFIG_VALUE_1": "true",
        }
        answer = subprocess.run([self._backend], input=body, env=environment, capture_output=True).stdout
        head, _, content = answer.partition(b"\r\n\r\n")
        return dict(line.split(": ", 1) for line in head.decode().splitlines()), content
