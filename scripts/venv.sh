#!/usr/bin/env bash
# venv.sh FOLDER PIP-ARGUMENTS…: makes a private Python environment that has the named packages, unless it is there.
set -euo pipefail

folder=$1
shift

wanted=$(python3 --version; printf '%s\n' "$@"; for file in "$@"; do [ ! -f "$file" ] || cat "$file"; done)
if [ -f "$folder/.ready" ] && [ "$(cat "$folder/.ready")" = "$wanted" ]; then
  touch "$folder/.ready"
  exit 0
fi

echo "Making the Python environment $folder"
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
printf '%s' "$wanted" > "$folder/.ready"
