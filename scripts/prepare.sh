#!/usr/bin/env bash
# prepare.sh [FOLDER] [tests]: installs the system packages that the build needs and this machine lacks; with `tests`, those
# that only the tests need, too. Links the static libraries into the folder, for the release build to find before the
# shared ones.
set -euo pipefail

static_libs=${1:-}
purpose=${2:-}

missing_packages() {
  [ -e /usr/include/sqlite3.h ] || echo libsqlite3-dev
  [ -e /usr/include/zlib.h ] || echo zlib1g-dev
  command -v strip >/dev/null || echo binutils
  command -v git >/dev/null || echo git
  python3 -c 'import venv, ensurepip' 2>/dev/null || echo python3-venv
  [ "$purpose" != tests ] || command -v git-lfs >/dev/null || echo git-lfs
  [ "$purpose" != tests ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
    command -v google-chrome >/dev/null || echo chromium
}

install_packages() {
  if ! command -v apt-get >/dev/null; then
    echo "This machine lacks: $*. There is no apt-get here to install them; install what your system calls them." >&2
    exit 1
  fi
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "This machine lacks: $*. As root, run: apt-get install $*" >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  echo "Installing $*"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

link_static_libraries() {
  mkdir -p "$1"
  local name path
  for name in libsqlite3.a libz.a libstdc++.a; do
    path=$(cc -print-file-name="$name" 2>/dev/null || clang -print-file-name="$name")
    # A compiler that does not know the library answers with the bare name.
    [ "$path" = "$name" ] && continue
    ln -sf "$path" "$1/$name"
  done
  # The linker takes the first folder that has a library, and pkg-config names its folders first.
  printf 'Name: zlib\nDescription: zlib, static\nVersion: 1\nLibs: -L%s -lz\n' "$1" >"$1/zlib.pc"
}

if [ "$(uname -s)" = Linux ]; then
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" -eq 0 ] || install_packages "${missing[@]}"
  [ -z "$static_libs" ] || link_static_libraries "$static_libs"
fi
