"""A host of git repositories over HTTP, as far as git itself can be one, and of the large files in them."""

import json
import os
import subprocess
from pathlib import Path

from harness.host import Host


class GitHost(Host):
    """Serves the bare repositories below a folder."""

    def __init__(self, folder, login=None, certificate=None):
        super().__init__(login, certificate)
        self.folder = folder
        self._backend = subprocess.check_output(["git", "--exec-path"], text=True).strip() + "/git-http-backend"

    def address(self, repository, login=None):
        """The address of a repository below the folder, with a login in it or without."""
        return self.address_of(repository.origin.relative_to(self.folder), login)

    def can_be_lost(self, request):
        """Packs are."""
        return "git-upload-pack" in request.path and request.method == "POST"

    def answer(self, request):
        path, _, query = request.path.partition("?")
        repository, is_large, rest = path.partition("/info/lfs/")
        if is_large:
            return self._large_files(repository, rest, request.body)
        environment = os.environ | {
            "GIT_PROJECT_ROOT": str(self.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": request.method,
            "CONTENT_TYPE": request.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(request.body)),
            "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
            "GIT_CONFIG_COUNT": "2",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
            "GIT_CONFIG_KEY_1": "uploadpack.allowAnySHA1InWant",
            "GIT_CONFIG_VALUE_1": "true",
        }
        answer = subprocess.run([self._backend], input=request.body, env=environment, capture_output=True).stdout
        head, _, content = answer.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
        return int(headers.pop("Status", "200").split()[0]), headers, content

    def _large_files(self, repository, rest, body):
        """The batch API of Git LFS, as far as downloads need it."""
        if rest == "objects/batch":
            objects = [
                {**wanted, "actions": {"download": {"href": self.address_of(f"{repository.strip('/')}/info/lfs/{wanted['oid']}")}}}
                for wanted in json.loads(body)["objects"]
            ]
            answer = json.dumps({"transfer": "basic", "objects": objects}).encode()
            return 200, {"Content-Type": "application/vnd.git-lfs+json"}, answer
        # Where a push to the repository's folder has put it.
        file = Path(f"{self.folder}{repository}/lfs/objects/{rest[:2]}/{rest[2:4]}/{rest}")
        return (200, {}, file.read_bytes()) if file.exists() else (404, {}, b"")
