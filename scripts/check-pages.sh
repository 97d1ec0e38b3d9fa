#!/usr/bin/env bash
# Looks at the pages of a built krun in a real browser: check-pages.sh [KRUN]. Chromium is installed where it is missing and apt can do it.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v chromium >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
    scripts/setup.sh chromium
fi
exec python3 Tests/Reports/pages.py "${1:-.build/release/krun}"
