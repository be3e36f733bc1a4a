"""Python packages made on the spot, in a folder that installers take them from."""

import zipfile


class Wheels:
    """A folder of wheels; requirements find them with `options` before them."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def options(self):
        return f"--no-index\n--find-links {self.folder}\n"

    def add(self, name, version, requires=(), extras=()):
        """A wheel whose module `name` knows its `version`; the path of the file."""
        info = f"{name}-{version}.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        metadata += "".join(f"Provides-Extra: {extra}\n" for extra in extras)
        metadata += "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
        files = {
            f"{name}.py": f"version = {version!r}\n",
            f"{info}/METADATA": metadata,
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        record = f"{info}/RECORD"
        files[record] = "".join(f"{path},,\n" for path in [*files, record])
        path = self.folder / f"{name}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as wheel:
            for member, text in files.items():
                wheel.writestr(member, text)
        return path
