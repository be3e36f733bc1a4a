"""A package index of our own."""

from harness.host import Host


class Index(Host):
    """Serves the wheels of a folder as PyPI would."""

    def __init__(self, wheels, login=None, certificate=None):
        super().__init__(login, certificate)
        self.wheels = wheels

    @property
    def address(self):
        return self.address_of("simple")

    def address_with(self, *login):
        return self.address_of("simple", login)

    def answer(self, request):
        parts = request.path.strip("/").split("/")
        if parts[0] == "files":
            file = self.wheels.folder / parts[1].split("#")[0]
            return (200, {"Content-Type": "application/octet-stream"}, file.read_bytes()) if file.exists() else (404, {}, b"")
        name = parts[1] if len(parts) > 1 else ""
        files = sorted(self.wheels.folder.glob(f"{name.replace('-', '_')}-*.whl"))
        links = "".join(f'<a href="/files/{file.name}">{file.name}</a><br>\n' for file in files)
        page = f"<!DOCTYPE html><html><body>{links}</body></html>".encode()
        return (200, {"Content-Type": "text/html"}, page) if files else (404, {}, b"")
