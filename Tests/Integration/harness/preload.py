"""Libraries that show a process another world than the machine's: each is a C file beside this one."""

import shutil
import subprocess
import sys
from pathlib import Path


def build(name, folder):
    """Compiles NAME.c; the library in `folder`, or None and why there is none."""
    compiler = shutil.which("cc") or shutil.which("clang") or shutil.which("gcc")
    if not compiler or not sys.platform.startswith("linux"):
        return None, f"{name}.c is of use on Linux only, and takes a C compiler"
    library = folder / f"{name}.so"
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", library, Path(__file__).with_name(f"{name}.c")]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    if built.returncode:
        return None, f"{name}.c cannot be compiled: {built.stderr.strip().splitlines()[-1]}"
    return library, None
