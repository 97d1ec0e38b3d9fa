#!/usr/bin/env bash
# Makes a virtual environment with other people's clients, below .build, unless it is there, and says where it is.
set -euo pipefail
cd "$(dirname "$0")/.."

requirements=(Tests/Clients/requirements.txt Tests/Clients/requirements-kafka-python-2.txt)
environment=.build/clients-$(cat "${requirements[@]}" | cksum | cut -d ' ' -f 1)

if [ ! -e "$environment/complete" ]; then
    rm -rf "$environment"
    mkdir -p .build
    if ! python3 -m venv "$environment" >/dev/null 2>&1; then
        # Debian keeps what venv needs in a package of its own.
        ! command -v apt-get >/dev/null 2>&1 || scripts/setup.sh python3-venv >&2
        rm -rf "$environment"
        python3 -m venv "$environment" >&2
    fi
    install=("$environment/bin/python" -m pip install --quiet --disable-pip-version-check)
    "${install[@]}" --requirement "${requirements[0]}" </dev/null >&2
    "${install[@]}" --no-deps --target "$environment/kafka-python-2" --requirement "${requirements[1]}" </dev/null >&2
    touch "$environment/complete"
fi
printf '%s\n' "$PWD/$environment"
