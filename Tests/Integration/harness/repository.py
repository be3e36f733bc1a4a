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
        for name, text in files.items():
            (self.path / name).write_text(text)
        self._git("add", ".")
        self._git(*IDENTITY, "commit", "--quiet", "-m", "First")
        self._git("push", "--quiet", "origin", "main")

    @property
    def commit(self):
        return self._git("rev-parse", "HEAD").strip()

    @property
    def diff(self):
        """What is changed and not committed."""
        return self._git("diff")

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
