#!/bin/sh
# Make .venv with exactly the locked, hashed packages. Usage: sh install.sh run|develop
# Takes uv when it is on PATH, otherwise Python's own venv and pip.
set -eu
lock="requirements/$1.txt"
cd "$(dirname "$0")"

find_python() {
    for name in "${PYTHON:-}" python3.11 python3.12 python3.13 python3.14 python3; do
        if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    echo "Tending needs Python 3.11 or later, and none is on PATH." >&2
    echo "Debian 12 or later: apt install python3 python3-venv. macOS: install it from python.org." >&2
    exit 1
}

python=$(find_python)
if command -v uv >/dev/null 2>&1; then
    [ -x .venv/bin/python ] || uv venv -q --no-python-downloads -p "$python" .venv
    uv pip install -q -p .venv/bin/python --require-hashes -r "$lock"
    uv pip install -q -p .venv/bin/python --no-deps --no-build-isolation -e .
else
    if [ ! -x .venv/bin/python ]; then
        "$python" -m venv .venv || {
            echo "Python's venv module is missing. Debian: apt install python3-venv." >&2
            exit 1
        }
    fi
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
fi
touch ".venv/installed-$1"
