#!/usr/bin/env python3
"""Writes Sources/CWebPage/Files.h: the files of web/, embedded. Run it after adding, moving or removing one."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
OUTPUT = ROOT / "Sources" / "CWebPage" / "Files.h"
TYPES = {".html": "PAGE", ".js": "SCRIPT", ".css": "STYLE", ".svg": "IMAGE"}


def main():
    paths = sorted(path.relative_to(WEB).as_posix() for path in WEB.rglob("*") if path.is_file())
    lines = ["// Written by scripts/web_files.py.", "#pragma once", ""]
    for path in paths:
        lines += [f"static const unsigned char {name(path)}[] = {{", f'#embed "../../web/{path}"', "};"]
    lines += ["", "#define FILES \\"]
    lines += [f'  FILE("{path}", {TYPES[Path(path).suffix]}, {name(path)}) \\' for path in paths]
    OUTPUT.write_text("\n".join(lines).removesuffix(" \\") + "\n")


def name(path):
    return re.sub(r"\W", "_", path)


if __name__ == "__main__":
    main()
