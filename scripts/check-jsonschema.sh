#!/usr/bin/env bash
# check-jsonschema (from PyPI) with the given arguments, in a virtual environment of its own under .build.
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.39.0
environment=.build/check-jsonschema-$version

if [ ! -x "$environment/bin/check-jsonschema" ]; then
    rm -rf "$environment"
    mkdir -p .build
    if ! python3 -m venv "$environment" >/dev/null 2>&1; then
        # Debian keeps what venv needs in a package of its own.
        ! command -v apt-get >/dev/null 2>&1 || scripts/setup.sh python3-venv
        rm -rf "$environment"
        python3 -m venv "$environment"
    fi
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check "check-jsonschema==$version" </dev/null
fi
exec "$environment/bin/check-jsonschema" "$@"
