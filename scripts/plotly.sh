#!/usr/bin/env bash
# plotly.sh FOLDER: puts plotly.min.js.gz into a folder, out of the `plotly` package, unless it is there. The next
# build embeds it: the page draws its charts with it.
set -euo pipefail

folder=$1
package='plotly==7.1.0 --hash=sha256:dbb7fa18afce40d0a8e80d1bf162eceb3faa0ce5a77fe741ad09a74cf78f53f3'
source=$(cd "$(dirname "$0")/.." && pwd)/Sources/CWebPage/CWebPage.c

if [ -f "$folder/.ready" ] && [ "$(cat "$folder/.ready")" = "$package" ]; then
  exit 0
fi

echo "Fetching Plotly for the page's charts"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo "$package" >"$scratch/requirements.txt"
python=python3
if ! python3 -m pip --version >/dev/null 2>&1; then
  python3 -m venv "$scratch/venv"
  python="$scratch/venv/bin/python"
fi
if ! "$python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
  --require-hashes --dest "$scratch" -r "$scratch/requirements.txt"; then
  echo "The package index does not give ${package%% *}. \`swift build\` works without it: the page then has no charts." >&2
  exit 1
fi

mkdir -p "$folder"
python3 - "$scratch"/plotly-*.whl "$folder/plotly.min.js.gz" <<'PYTHON'
import gzip
import sys
import zipfile

wheel, target = sys.argv[1:]
with zipfile.ZipFile(wheel) as files:
    script = files.read("plotly/package_data/plotly.min.js")
with open(target, "wb") as file:
    file.write(gzip.compress(script, 9, mtime=0))
PYTHON
# A build that ran without the file did not note that it depends on it.
touch "$source"
echo "$package" >"$folder/.ready"
