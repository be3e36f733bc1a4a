"""A small git repository with a bare origin."""

import subprocess

IDENTITY = ("-c", "user.name=Integration", "-c", "user.email=integration@localhost")


class Repository:
    """A working copy whose first commit holds `files` and is pushed."""

    def __init__(self, folder, files):
        self.origin = folder / "origin.git"
        self.path = folder / "code"
        self.path.mkdir(parents=True)
        self._git("init", "--quiet", "--bare", str(self.origin))
        self._git("init", "--quiet")
        self._git("checkout", "--quiet", "-b", "main")
        self._git("remote", "add", "origin", str(self.origin))
        self.push(files)

    def push(self, files):
        """Commits these files, texts or bytes, and pushes them; the commit's hash."""
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        self._git("add", ".")
        self._git(*IDENTITY, "commit", "--quiet", "-m", "Change")
        self._git("push", "--quiet", "origin", "main")
        return self.commit

    def add_submodule(self, address, path, other):
        """Commits the newest commit of another repository as a submodule that is to be had at `address`."""
        self._git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "-b", "main", str(other.origin), path)
        self._git("config", "-f", ".gitmodules", f"submodule.{path}.url", address)
        return self.push({})

    @property
    def commit(self):
        return self._git("rev-parse", "HEAD").strip()

    @property
    def diff(self):
        """What is changed and not committed."""
        return self._git("diff", "--binary")

    def edit(self, name, before, after):
        text = (self.path / name).read_text()
        assert before in text, f"{name} has no {before!r}"
        (self.path / name).write_text(text.replace(before, after))

    def script(self, entry_point, **additions):
        """The task's `script` section for this repository as it stands."""
        return {
            "repository": str(self.origin),
            "branch": "main",
            "version_num": self.commit,
            "entry_point": entry_point,
            "working_dir": ".",
            "diff": self.diff,
            **additions,
        }

    def _git(self, *arguments):
        return subprocess.run(
            ["git", *arguments], cwd=self.path, check=True, stdout=subprocess.PIPE, text=True
        ).stdout
