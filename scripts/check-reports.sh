#!/usr/bin/env bash
# Reads the reports of a built krun with the programs of others: check-reports.sh [KRUN], in a virtual environment of its own under .build.
set -euo pipefail
cd "$(dirname "$0")/.."

requirements=Tests/Reports/requirements.txt
environment=.build/reports-$(cksum <"$requirements" | cut -d ' ' -f 1)

if [ ! -e "$environment/complete" ]; then
    rm -rf "$environment"
    mkdir -p .build
    if ! python3 -m venv "$environment" >/dev/null 2>&1; then
        # Debian keeps what venv needs in a package of its own.
        ! command -v apt-get >/dev/null 2>&1 || scripts/setup.sh python3-venv
        rm -rf "$environment"
        python3 -m venv "$environment"
    fi
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" </dev/null
    touch "$environment/complete"
fi
# It comes with Perl, of which Debian always has only a part.
if ! command -v prove >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
    scripts/setup.sh perl
fi
exec "$environment/bin/python" Tests/Reports/read.py "${1:-.build/release/krun}"
